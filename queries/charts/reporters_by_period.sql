-- One row per period and reporter: did the service that makes these seizures report then? Periods run without holes.
-- Where departures are filtered, a year whose rows name no departure at all tells nothing of them, and is a gap; a month
-- with a counted row of the scope never is.
-- Params: $scope, $period (month, quarter, year, us_fy, au_fy, uk_fy).
with reporter as (
    select distinct
        seizure_country_code,
        series_id
    from in_scope('cube', struct_update($scope, month_from := null::date, month_to := null::date))
),

counted as (
    select
        seizure_country_code as reporter_country_code,
        seized_month,
        sum(seizures)::bigint as seizures
    from in_scope('cube', $scope)
    where seized_month is not null
    group by all
),

covered as (
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

known as (
    select
        coalesce(covered.seized_month, counted.seized_month) as seized_month,
        coalesce(covered.reporter_country_code, counted.reporter_country_code) as reporter_country_code,
        coalesce(covered.is_told, false) or counted.seizures is not null as is_told,
        coalesce(counted.seizures, 0) as seizures
    from covered
    full join counted
        on covered.reporter_country_code = counted.reporter_country_code
        and covered.seized_month = counted.seized_month
),

span as (
    select
        coalesce(($scope).month_from::date, min(seized_month) filter (is_told), min(seized_month)) as month_from,
        coalesce(($scope).month_to::date, max(seized_month) filter (is_told), max(seized_month)) as month_to
    from known
),

calendar as (
    select
        unnest(generate_series(span.month_from, span.month_to, interval 1 month))::date as seized_month,
        who.reporter_country_code
    from span
    cross join (select distinct reporter_country_code from known) as who
)

select
    period_label(calendar.seized_month, $period) as period,
    period_start(calendar.seized_month, $period) as period_start,
    calendar.reporter_country_code,
    count(*) filter (known.is_told) as months_reported,
    case $period when 'month' then 1 when 'quarter' then 3 else 12 end as months_in_period,
    coalesce(sum(known.seizures), 0)::bigint as seizures
from calendar
left join known
    on calendar.reporter_country_code = known.reporter_country_code
    and calendar.seized_month = known.seized_month
group by all
order by period_start, calendar.reporter_country_code;
