-- One row per service and month between its first and its last: did it report?
-- A service has reported a unit (month or year, as its source declares) in which it has a row of its own that counts as
-- a sign of reporting, and every month that it declares to cover. Rows that others tell of its country are no sign.
-- A row that leaves its count blank and has no quantity tells nothing, and shows nothing.
-- Reads the tables seizure, source, service, coverage_part and drug.
with delivered as (
    select
        seizure.service_id,
        coalesce(seizure.seized_month, make_date(seizure.seized_year::bigint, 1, 1)) as told_month,
        -- A row of which only the year is known does not show which month was reported.
        case source.coverage_unit
            when 'year' then make_date(seizure.seized_year::bigint, 1, 1)
            else seizure.seized_month
        end as unit_from,
        source.coverage_unit = 'year' as is_year,
        (source.is_shown_by_every_drug or drug.is_charted)
        and (seizure.seizures > 0 or seizure.quantity is not null) as is_sign,
        seizure.departure_country_code <> 'ZZ' as names_departure
    from seizure
    inner join source on seizure.source_id = source.source_id
    inner join service on seizure.service_id = service.service_id and seizure.series_id = service.series_id
    inner join drug on seizure.drug = drug.drug
),

told as (
    select
        service_id,
        told_month,
        unit_from,
        is_year,
        count(*) as records,
        bool_or(is_sign) as is_sign,
        bool_or(is_sign and names_departure) as names_departure
    from delivered
    group by all
),

-- The countries of a compilation share its span: one that has nothing in the first year was silent in it.
span as (
    select
        service.service_id,
        min(told.told_month) over shared as month_from,
        max(told.told_month) over shared as month_to
    from told
    inner join service on told.service_id = service.service_id
    inner join (
        select
            series_id,
            bool_or(reporter = 'seizing_country') as is_compiled
        from source
        group by series_id
    ) as compiled on service.series_id = compiled.series_id
    window shared as (partition by if(compiled.is_compiled, service.series_id, service.service_id))
    qualify row_number() over (partition by service.service_id) = 1
),

declared as (
    select
        service.service_id,
        coverage_part.month_from,
        coverage_part.month_to,
        coverage_part.silent_months
    from service
    inner join source on service.series_id = source.series_id
    inner join coverage_part
        on source.source_id = coverage_part.source_id
        and ends_with(service.service_id, '/' || coverage_part.name)
    qualify row_number() over (partition by service.service_id order by source.source_id) = 1
),

calendar as (
    select
        service_id,
        unnest(generate_series(month_from, month_to, interval 1 month))::date as seized_month
    from span
    union
    select
        service_id,
        unnest(generate_series(month_from, month_to, interval 1 month))::date
    from declared
    where month_from is not null
),

sign as (
    select
        service_id,
        unit_from,
        bool_or(is_sign) as is_sign,
        bool_or(names_departure) as names_departure,
        bool_or(is_year) as is_year
    from told
    group by all
),

counted as (
    select
        service_id,
        told_month,
        sum(records)::bigint as records
    from told
    group by all
),

shown as (
    select
        calendar.service_id,
        calendar.seized_month,
        coalesce(bool_or(sign.is_sign), false) as is_shown,
        coalesce(bool_or(sign.names_departure), false) as names_departure
    from calendar
    left join sign
        on calendar.service_id = sign.service_id
        and (
            sign.unit_from = calendar.seized_month
            or (sign.is_year and sign.unit_from = date_trunc('year', calendar.seized_month))
        )
    group by all
)

select
    shown.service_id,
    shown.seized_month,
    case
        when list_contains(declared.silent_months, shown.seized_month) then false
        when declared.month_from is not null
            then shown.seized_month between declared.month_from and declared.month_to
        else shown.is_shown
    end as is_reported,
    coalesce(
        declared.month_from is not null or list_contains(declared.silent_months, shown.seized_month), false
    ) as is_declared,
    shown.names_departure
    or (
        declared.month_from is not null
        and not shown.is_shown
        and bool_or(shown.names_departure) over (partition by shown.service_id)
    ) as names_departures,
    coalesce(counted.records, 0) as records
from shown
left join declared on shown.service_id = declared.service_id
left join counted on shown.service_id = counted.service_id and shown.seized_month = counted.told_month
order by shown.service_id, shown.seized_month;
