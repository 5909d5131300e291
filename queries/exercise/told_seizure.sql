-- One row per record of the made-up world that an importer would accept, as a pool holds it: read without error, linked without error.
-- Reads the view record.
select
    record_number::varchar as seizure_id,
    source_id::varchar as source_id,
    source_id::varchar as series_id,
    source_id::varchar as service_id,
    source_id::varchar as delivery_id,
    row_number,
    1 as seizures,
    told_on as seized_on,
    date_trunc('month', told_on)::date as seized_month,
    year(told_on)::smallint as seized_year,
    case when is_day_known then 'day' else 'month' end as date_precision,
    told_reported_on as reported_on,
    told_country::varchar as seizure_country_code,
    coalesce(told_departure::varchar, 'ZZ') as departure_country_code,
    []::varchar[] as transit_country_codes,
    -- As the mapping infers it: a blank destination of an import is the country that seized.
    coalesce(told_destination::varchar, case when side = 'import' and told_departure is not null then told_country::varchar end, 'ZZ')
        as destination_country_code,
    case
        when told_destination is not null then 'reported'
        when side = 'import' and told_departure is not null then 'inferred'
        else 'unknown'
    end as destination_basis,
    'ZZ' as production_country_code,
    side::varchar as interception_side,
    case when item = 'freight' then 'air_freight' else 'post' end as channel,
    told_kind::varchar as channel_detail,
    coalesce(told_operator::varchar, 'unknown') as operator,
    told_town::varchar as departure_place,
    drug::varchar as drug,
    form::varchar as form,
    'unknown' as concealment,
    'gram' as unit,
    'unknown' as detection_method,
    'unknown' as declared_contents,
    'unknown' as advance_data,
    []::varchar[] as flags,
    false as is_possible_duplicate,
    false as is_outlier,
    number::varchar as event_id,
    row_number() over (partition by number order by telling) = 1 as is_event_lead
from record
where rule is null
order by source_id, row_number;
