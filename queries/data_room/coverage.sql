-- One row per reporter and year: the best evidence that the pool holds on MDMA and ketamine, and how many seizures, months or figures of it.
-- A cell shows the best grain only: coarser files for the same year are kept as reference and never added.
with charted as (
    select drug from drug where is_charted
),

graded as (
    select
        seizure.seizure_country_code as reporter_country_code,
        seizure.seized_year as year,
        seizure.seized_month,
        seizure.seizures,
        case
            when seizure.drug not in (select charted.drug from charted) then 'other'
            when source.coverage_unit = 'month' and source.grain like '%counting events' then 'month'
            when seizure.departure_country_code <> 'ZZ' then 'route'
            else 'seizure'
        end as grain
    from seizure
    inner join source on seizure.source_id = source.source_id
),

held as (
    select
        reporter_country_code,
        year,
        grain,
        if(grain = 'month', count(distinct seized_month), sum(seizures)::bigint) as rows
    from graded
    group by reporter_country_code, year, grain
),

stated as (
    select
        figure.reporter_country_code,
        unnest(generate_series(year(figure.period_from), year(figure.period_to)))::integer as year,
        case when source.source_id like 'unodc_annual%' then 'annual' else 'published' end as grain,
        figure.drug
    from figure
    inner join source on figure.source_id = source.source_id
    where figure.period_from is not null and figure.period_to is not null
        and (
            figure.drug in (select charted.drug from charted)
            or lower(figure.drug_reported) similar to '.*(ecstasy|mdma|ketamine|synthetic).*'
        )
),

every_grain as (
    select reporter_country_code, year, grain, rows from held
    union all
    select reporter_country_code, year, grain, count(*) as rows from stated group by all
),

ranked as (
    select
        *,
        list_position(['route', 'seizure', 'month', 'annual', 'published', 'other'], grain) as rank
    from every_grain
)

select
    reporter_country_code,
    year::integer as year,
    arg_min(grain, rank) as grain,
    arg_min(rows, rank)::bigint as rows
from ranked
group by reporter_country_code, year
order by reporter_country_code, year;
