-- One row per period and reporter: did the service that makes these seizures report then? Periods run without holes.
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
        bool_or(coverage.is_reported) as is_reported
    from coverage
    semi join reporter
        on coverage.reporter_country_code = reporter.seizure_country_code
        and coverage.series_id = reporter.series_id
    group by all
)

select
    period_label(known.seized_month, $period) as period,
    period_start(known.seized_month, $period) as period_start,
    known.reporter_country_code,
    count(*) filter (known.is_reported) as months_reported,
    case $period when 'month' then 1 when 'quarter' then 3 else 12 end as months_in_period,
    coalesce(any_value(counted.seizures), 0)::bigint as seizures
from known
left join counted
    on known.reporter_country_code = counted.seizure_country_code
    and counted.period_start = period_start(known.seized_month, $period)
where known.seized_month >= coalesce(($scope).month_from, date '0001-01-01')
    and known.seized_month <= coalesce(($scope).month_to, date '9999-12-01')
group by all
order by period_start, known.reporter_country_code;
