-- One row per delivered row: which event it tells of, in which role, what is true, and whether it should be accepted.
-- Reads the view record.
select
    record.source_id,
    record.row_number,
    case when record.source_id <> 'ex_nz_customs'
        then upper(split_part(record.source_id, '_', 2)) || lpad(record.row_number::varchar, 8, '0')
    end as record_id,
    record.number as event_id,
    record.telling,
    record.role,
    record.happened_on as true_date,
    record.kg as true_kg,
    record.drug,
    record.departure,
    record.destination,
    record.seizure_country as true_seizure_country,
    record.told_on as told_date,
    record.told_reported_on as told_reported_on,
    record.told_country,
    record.told_kind as told_channel_detail,
    record.told_operator,
    record.told_town as told_departure_place,
    record.quantity as told_quantity,
    record.unit as told_unit,
    record.told_again as told_again_as,
    record.tracking_number is not null as has_tracking_number,
    record.series_number as linked_series,
    record.dirt,
    record.rule is null as is_accepted,
    record.rule as quarantine_rule,
    record.is_unit_error,
    record.is_coarse,
    record.item = 'freight' as is_bulk
from record
order by record.source_id, record.row_number;
