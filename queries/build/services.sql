-- One row per service: a contributor and what it tells, or one country of a compilation.
-- Reads the tables seizure (after build/told_abroad), source and coverage_part.
select
    seizure.service_id,
    seizure.series_id,
    if(
        source.reporter = 'seizing_country', seizure.seizure_country_code, source.contributor_country_code
    ) as country_code,
    arg_max(source.contributor, source.source_id) as contributor,
    -- Sources of one series have titles of their own; the shipped one may be the narrower.
    arg_max(source.title, source.source_id) || coalesce(', ' || any_value(coverage_part.name), '') as title
from seizure
inner join source on seizure.source_id = source.source_id
left join coverage_part
    on seizure.source_id = coverage_part.source_id
    and ends_with(seizure.service_id, '/' || coverage_part.name)
-- A seizure told from abroad stands with another contributor's service, which has rows of its own.
where seizure.service_id = seizure.series_id or starts_with(seizure.service_id, seizure.series_id || '/')
group by all
order by seizure.service_id;
