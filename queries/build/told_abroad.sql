-- One row per seizure that a contributor tells of a country where another one is at home, with the service that is.
-- Of several at home the one with most rows; a compilation is nobody's home, as it ends where its compilers stop.
-- Reads the tables seizure and source.
with at_home as (
    select
        seizure.seizure_country_code,
        seizure.service_id
    from seizure
    inner join source on seizure.source_id = source.source_id
    where source.reporter = 'contributor'
        and seizure.seizure_country_code = source.contributor_country_code
    group by
        seizure.seizure_country_code,
        seizure.service_id
    qualify
        row_number() over (partition by seizure.seizure_country_code order by count(*) desc, seizure.service_id) = 1
)

select
    seizure.rowid as seizure_rowid,
    at_home.service_id
from seizure
inner join source on seizure.source_id = source.source_id
inner join at_home on seizure.seizure_country_code = at_home.seizure_country_code
where source.reporter = 'contributor'
    and seizure.seizure_country_code <> source.contributor_country_code;
