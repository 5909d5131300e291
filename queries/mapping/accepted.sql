-- One row per record that no check held back, as the table seizure keeps it.
-- Reads the tables incoming, held, drug_limit and tracking (empty without a key).
select
    incoming.seizure_id,
    incoming.source_id,
    incoming.series_id,
    incoming.delivery_id,
    incoming.row_number,
    incoming.record_id,
    incoming.seizures_number::integer as seizures,
    incoming.seized_on,
    incoming.seized_month,
    incoming.seized_year,
    incoming.date_precision,
    incoming.reported_on,
    incoming.seizure_country_code,
    incoming.seizure_place,
    incoming.departure_country_code,
    incoming.transit_country_codes,
    incoming.destination_country_code,
    incoming.destination_basis,
    incoming.production_country_code,
    incoming.interception_side,
    incoming.channel,
    incoming.drug,
    incoming.form,
    incoming.concealment,
    try_cast(incoming.quantity_number as decimal(24, 9)) as quantity,
    incoming.unit,
    round(incoming.kg_low, 6)::decimal(18, 6) as quantity_kg_low,
    round(incoming.kg_mid, 6)::decimal(18, 6) as quantity_kg,
    round(incoming.kg_high, 6)::decimal(18, 6) as quantity_kg_high,
    incoming.factor_id,
    try_cast(incoming.item_weight_kg as decimal(18, 6)) as item_weight_kg,
    try_cast(incoming.purity_pct as decimal(5, 2)) as purity_pct,
    incoming.detection_method,
    incoming.declared_contents,
    incoming.advance_data,
    incoming.barrier_step,
    incoming.agency,
    incoming.is_controlled_delivery,
    incoming.information_country_code,
    incoming.linked_series,
    tracking.tracking_hash,
    incoming.case_opened_on,
    incoming.suspects,
    incoming.arrests,
    incoming.prosecuted_on,
    incoming.verdict_on,
    incoming.verdict,
    incoming.seizure_country_reported,
    incoming.departure_country_reported,
    incoming.destination_country_reported,
    incoming.drug_reported,
    incoming.quantity_reported,
    incoming.unit_reported,
    incoming.transport_reported,
    incoming.hiding_place_reported,
    incoming.place_type_reported,
    incoming.routing_reported,
    case
        when tracking.is_mistyped then list_append(incoming.flags, 'invalid_tracking_number')
        else incoming.flags
    end as flags,
    incoming.is_possible_duplicate,
    incoming.duplicate_of,
    case when incoming.is_possible_duplicate then 'all cells equal, no record number' end as duplicate_reason,
    coalesce(
        incoming.seizures_number = 1 and incoming.kg_mid > drug_limit.largest_credible_kg,
        false
    ) as is_outlier,
    incoming.seizure_id as event_id,
    true as is_event_lead
from incoming
left join drug_limit on incoming.drug = drug_limit.drug
left join tracking
    on incoming.tracking_number = tracking.tracking_number
    and incoming.seized_year = tracking.seized_year
anti join held on incoming.row_number = held.row_number;
