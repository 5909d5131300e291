-- One row per single record of a service, with what may tell whether another service has told of the same seizure.
-- Sources of counted rows stay out: a count cannot be one event. Reads the tables seizure, source and number_before.
with counted as (
    select
        source_id,
        max(seizures) > 1 as is_counted
    from seizure
    group by source_id
),

told as (
    select
        seizure.*,
        case when source.contributor_country_code = 'ZZ' then seizure.seizure_country_code else source.contributor_country_code end
            as service_code,
        number_before.tracking_hash_before
    from seizure
    left join number_before
        on seizure.seizure_id = number_before.seizure_id
        and seizure.delivery_id = number_before.delivery_id
    inner join source on seizure.source_id = source.source_id
    inner join counted on seizure.source_id = counted.source_id
    where not counted.is_counted
        and not seizure.is_possible_duplicate
        and seizure.seized_month is not null
        and seizure.seizures = 1
)

select
    seizure_id,
    series_id,
    service_code,
    seized_on,
    date_precision = 'day' as is_day_known,
    seized_on as day_from,
    case when date_precision = 'day' then seized_on else last_day(seized_on) end as day_to,
    seized_month as month,
    case when date_precision = 'day' then date_trunc('month', seized_on + 3)::date else seized_month end as month_ahead,
    case when date_precision = 'day' then date_trunc('month', seized_on - 3)::date else seized_month end as month_back,
    nullif(drug, 'unknown') as drug,
    nullif(form, 'unknown') as form,
    nullif(departure_country_code, 'ZZ') as departure_code,
    nullif(destination_country_code, 'ZZ') as destination_code,
    case when destination_basis = 'reported' then nullif(destination_country_code, 'ZZ') end as destination_told_code,
    nullif(channel, 'unknown') as channel,
    nullif(concealment, 'unknown') as concealment,
    nullif(declared_contents, 'unknown') as declared_contents,
    nullif(departure_country_code, 'ZZ') = service_code as is_sender,
    seizure_country_code,
    unit = 'tablet' as is_counted,
    quantity_kg::double as kg,
    floor(ln(quantity_kg::double) / 0.12)::integer as kg_bin,
    floor(ln(quantity_kg::double) / 0.12 + 0.5)::integer as kg_bin_between,
    round(item_weight_kg * 1000)::integer as gross_gram,
    information_country_code as information_code,
    coalesce(is_controlled_delivery, false) as is_controlled,
    seized_year as year,
    tracking_hash,
    tracking_hash_before
from told
where quantity_kg is null or quantity_kg > 0
order by seizure_id;
