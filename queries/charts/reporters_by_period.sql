-- One row per period and reporter: did the service that makes these seizures report then? Periods run without holes.
-- Where departures are filtered, a year whose rows name no departure at all tells nothing of them, and is a gap.
-- Params: $scope, $period (month, quarter, year, us_fy, au_fy, uk_fy).
with reporter as (
    select distinct
        seizure_country_code,
        series_id
    from in_scope('cube', struct_update($scope, month_from := null::date, month_to := null::date))
),

counted as (
    select
        seizure_country_code,
        period_start(seized_month, $period) as period_start,
        sum(seizures)::bigint as seizures
    from in_scope('cube', $scope)
    where seized_month is not null
    group by all
),

known as (
    select
        coverage.seized_month,
        coverage.reporter_country_code,
        bool_or(
            coverage.is_reported
            and (
                ($scope).departures is null
                or list_contains(($scope).departures::varchar[], 'ZZ')
                or coverage.names_departures
            )
        ) as is_told
    from coverage
    semi join reporter
        on coverage.reporter_country_code = reporter.seizure_country_code
        and coverage.series_id = reporter.series_id
    group by all
),

span as (
    select
        coalesce(($scope).month_from::date, min(seized_month) filter (is_told), min(seized_month)) as month_from,
        coalesce(($scope).month_to::date, max(seized_month) filter (is_told), max(seized_month)) as month_to
    from known
)

select
    period_label(known.seized_month, $period) as period,
    period_start(known.seized_month, $period) as period_start,
    known.reporter_country_code,
    count(*) filter (known.is_told) as months_reported,
    case $period when 'month' then 1 when 'quarter' then 3 else 12 end as months_in_period,
    coalesce(any_value(counted.seizures), 0)::bigint as seizures
from known
inner join span on known.seized_month between span.month_from and span.month_to
left join counted
    on known.reporter_country_code = counted.seizure_country_code
    and counted.period_start = period_start(known.seized_month, $period)
group by all
order by period_start, known.reporter_country_code;
