-- One row per period and service of the scope: in how many of its months did the service report? No period is left out.
-- A service is a contributor and what it tells, or one country of a compilation; `reporter` tells it from the others: its
-- country's code, and where two services of the scope stand in one country, its name as well.
-- Where departures are filtered, a year whose rows name no departure at all tells nothing of them, and is a gap; a month
-- with a counted row of the service's own never is. Rows that others tell of its country count and prove nothing.
-- Params: $scope, $period (month, quarter, year, us_fy, au_fy, uk_fy).
with standing as (
    select distinct service_id
    from in_scope('cube', struct_update($scope, month_from := null::date, month_to := null::date))
),

named as (
    select
        service.*,
        case service.country_code when 'ZZ' then service.contributor else service.country_code end || case
            when count(*) over (partition by service.country_code) = 1 then ''
            when count(*) over (partition by service.country_code, service.contributor) = 1
                then ' (' || service.contributor || ')'
            else ' (' || service.title || ')'
        end as reporter
    from service
    semi join standing on service.service_id = standing.service_id
),

counted as (
    select
        cube.service_id,
        cube.seized_month,
        sum(cube.seizures)::bigint as seizures,
        bool_or(cube.series_id = named.series_id and (cube.seizures > 0 or cube.quantity_kg is not null)) as is_own
    from in_scope('cube', $scope) as cube
    inner join named on cube.service_id = named.service_id
    where cube.seized_month is not null
    group by all
),

covered as (
    select
        coverage.service_id,
        coverage.seized_month,
        coverage.is_reported
        and (
            ($scope).departures is null
            or list_contains(($scope).departures::varchar[], 'ZZ')
            or coverage.names_departures
        ) as is_told,
        coverage.is_declared
    from coverage
    semi join standing on coverage.service_id = standing.service_id
),

known as (
    select
        coalesce(covered.seized_month, counted.seized_month) as seized_month,
        coalesce(covered.service_id, counted.service_id) as service_id,
        coalesce(covered.is_told, false)
        or (coalesce(counted.is_own, false) and not coalesce(covered.is_declared, false)) as is_told,
        coalesce(counted.seizures, 0) as seizures
    from covered
    full join counted
        on covered.service_id = counted.service_id
        and covered.seized_month = counted.seized_month
),

span as (
    select
        coalesce(
            ($scope).month_from::date, min(seized_month) filter (is_told or seizures > 0), min(seized_month)
        ) as month_from,
        coalesce(
            ($scope).month_to::date, max(seized_month) filter (is_told or seizures > 0), max(seized_month)
        ) as month_to
    from known
),

calendar as (
    select
        unnest(generate_series(span.month_from, span.month_to, interval 1 month))::date as seized_month,
        named.*
    from span
    cross join named
)

select
    period_label(calendar.seized_month, $period) as period,
    period_start(calendar.seized_month, $period) as period_start,
    calendar.service_id,
    calendar.country_code as reporter_country_code,
    calendar.reporter,
    count(*) filter (known.is_told) as months_reported,
    case $period when 'month' then 1 when 'quarter' then 3 else 12 end as months_in_period,
    coalesce(sum(known.seizures), 0)::bigint as seizures
from calendar
left join known
    on calendar.service_id = known.service_id
    and calendar.seized_month = known.seized_month
group by all
order by period_start, calendar.reporter, calendar.service_id;
