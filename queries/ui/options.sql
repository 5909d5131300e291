-- One row per filterable dimension and value that has data, most seizures first: what the filters offer.
-- Params: $drugs (null = all; the drugs themselves are always all listed).
with wanted as (
    select *
    from cube
    where $drugs is null or list_contains($drugs, drug)
),

listed as (
    select 'drug' as dimension, drug as value, sum(seizures) as seizures from cube group by all
    union all
    select 'departure', departure_country_code, sum(seizures) from wanted group by all
    union all
    select 'destination', destination_country_code, sum(seizures) from wanted group by all
    union all
    select 'channel', channel, sum(seizures) from wanted group by all
    union all
    select 'side', interception_side, sum(seizures) from wanted group by all
    union all
    select 'source', series_id, sum(seizures) from wanted group by all
    union all
    select 'month', strftime(seized_month, '%Y-%m'), sum(seizures) from wanted where seized_month is not null group by all
)

select
    listed.dimension,
    listed.value,
    coalesce(any_value(source.title), listed.value) as label,
    any_value(listed.seizures)::bigint as seizures
from listed
left join source
    on listed.dimension = 'source'
    and listed.value = source.series_id
group by listed.dimension, listed.value
order by listed.dimension, seizures desc, listed.value;
