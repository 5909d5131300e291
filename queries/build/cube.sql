-- One row per month and combination of the filterable dimensions: what every chart reads.
select
    seized_month,
    date_precision,
    drug,
    departure_country_code,
    destination_country_code,
    destination_basis,
    channel,
    interception_side,
    seizure_country_code,
    source_id,
    series_id,
    service_id,
    is_possible_duplicate,
    is_outlier,
    is_event_lead,
    count(*) as records,
    sum(seizures)::bigint as seizures,
    sum(record_key)::bigint as record_keys,
    sum(quantity_kg_low) as quantity_kg_low,
    sum(quantity_kg) as quantity_kg,
    sum(quantity_kg_high) as quantity_kg_high,
    coalesce(sum(seizures) filter (quantity_kg is null), 0)::bigint as seizures_without_kg,
    max(quantity_kg, 5) as largest_kg
from seizure
group by all
order by all;
