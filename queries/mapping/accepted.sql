-- One row per record that no check held back, as the table seizure keeps it.
-- Params: $row_step. Reads the tables incoming, held, source, coverage_part, drug_limit and tracking (empty without a key).
with declared as (
    select
        source.source_id,
        source.reporter,
        (
            select coalesce(list(coverage_part order by coverage_part.place), [])
            from coverage_part
            where coverage_part.source_id = source.source_id
        ) as parts
    from source
)

select
    incoming.seizure_id,
    incoming.source_id,
    incoming.series_id,
    incoming.series_id
    || case when declared.reporter = 'seizing_country' then '/' || incoming.seizure_country_code else '' end
    || coalesce(
        '/' || list_filter(
            declared.parts,
            lambda part:
                (part.drugs = [] or list_contains(part.drugs, incoming.drug))
                and (part.sides = [] or list_contains(part.sides, incoming.interception_side))
                and (part.channels = [] or list_contains(part.channels, incoming.channel))
        )[1].name,
        ''
    ) as service_id,
    incoming.delivery_id,
    shown_row(incoming.row_number, $row_step) as row_number,
    incoming.record_id,
    incoming.seizures_number::integer as seizures,
    incoming.seizures_high::integer as seizures_high,
    incoming.seized_on,
    incoming.seized_month,
    incoming.seized_year,
    incoming.date_precision,
    incoming.reported_on,
    incoming.seizure_country_code,
    incoming.seizure_place,
    incoming.departure_country_code,
    incoming.departure_place,
    incoming.transit_country_codes,
    incoming.destination_country_code,
    incoming.destination_basis,
    incoming.production_country_code,
    incoming.interception_side,
    incoming.channel,
    incoming.channel_detail,
    incoming.operator,
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
    incoming.channel_reported,
    incoming.operator_reported,
    incoming.transport_reported,
    incoming.hiding_place_reported,
    incoming.place_type_reported,
    incoming.routing_reported,
    case
        when tracking.is_no_number then list_append(incoming.flags, 'no_tracking_number')
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
    true as is_event_lead,
    0 as record_key
from incoming
left join declared on incoming.source_id = declared.source_id
left join drug_limit on incoming.drug = drug_limit.drug
left join tracking
    on incoming.tracking_number = tracking.tracking_number
    and incoming.seized_year = tracking.seized_year
anti join held on incoming.row_number = held.row_number;
