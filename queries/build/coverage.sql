-- One row per source, reporter and month between the source's first and last: did that service report?
-- A service has reported a unit (month or year, as the source declares) in which it has a row that counts as a sign of reporting.
with told as (
    select
        seizure.source_id,
        seizure.series_id,
        seizure.seizure_country_code as reporter_country_code,
        coalesce(seizure.seized_month, make_date(seizure.seized_year::bigint, 1, 1)) as told_month,
        seizure.seized_month is null as is_whole_year,
        count(*) as records,
        bool_or(coverage_rule.every_drug or drug.is_charted) as is_sign,
        bool_or((coverage_rule.every_drug or drug.is_charted) and seizure.departure_country_code <> 'ZZ') as names_departure
    from seizure
    inner join coverage_rule on seizure.source_id = coverage_rule.source_id
    inner join drug on seizure.drug = drug.drug
    group by all
),

span as (
    select
        source_id,
        min(told_month) as month_from,
        max(told_month) as month_to
    from told
    group by source_id
),

reporter as (
    select distinct
        told.source_id,
        told.series_id,
        told.reporter_country_code,
        unnest(generate_series(span.month_from, span.month_to, interval 1 month))::date as seized_month
    from told
    inner join span on told.source_id = span.source_id
),

sign as (
    select
        told.source_id,
        told.reporter_country_code,
        case
            when coverage_rule.unit = 'year' or told.is_whole_year then date_trunc('year', told.told_month)
            else told.told_month
        end::date as unit_from,
        bool_or(told.is_sign) as is_sign,
        bool_or(told.names_departure) as names_departure
    from told
    inner join coverage_rule on told.source_id = coverage_rule.source_id
    group by all
)

select
    reporter.source_id,
    reporter.series_id,
    reporter.reporter_country_code,
    reporter.seized_month,
    coalesce(bool_or(sign.is_sign), false) as is_reported,
    coalesce(bool_or(sign.names_departure), false) as names_departures,
    coalesce(any_value(told.records), 0) as records
from reporter
inner join coverage_rule on reporter.source_id = coverage_rule.source_id
left join sign
    on reporter.source_id = sign.source_id
    and reporter.reporter_country_code = sign.reporter_country_code
    and sign.unit_from in (reporter.seized_month, date_trunc('year', reporter.seized_month))
    and (coverage_rule.unit = 'year' or sign.unit_from = reporter.seized_month)
left join told
    on reporter.source_id = told.source_id
    and reporter.reporter_country_code = told.reporter_country_code
    and reporter.seized_month = told.told_month
group by all
order by all;
