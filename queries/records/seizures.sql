-- One row per record of the scope, newest first: the table behind every number.
-- What is sensitive of a single seizure (docs/method.md) is not among the columns, nor a flag that says that it was told.
-- Params: $scope, $row_limit, $row_offset.
select
    seizure.seizure_id,
    seizure.seized_on,
    seizure.date_precision,
    seizure.drug,
    seizure.seizures,
    seizure.quantity_kg,
    seizure.quantity_reported,
    seizure.unit_reported,
    seizure.departure_country_code,
    seizure.destination_country_code,
    seizure.destination_basis,
    seizure.seizure_country_code,
    seizure.seizure_place,
    seizure.interception_side,
    seizure.channel,
    seizure.channel_detail,
    seizure.channel_reported,
    seizure.operator,
    seizure.form,
    seizure.drug_reported,
    list_filter(seizure.flags, lambda flag: not is_sensitive(flag)) as flags,
    seizure.is_possible_duplicate,
    seizure.is_outlier,
    seizure.source_id,
    delivery.file_name,
    seizure.row_number
from in_scope('seizure', $scope) as seizure
inner join delivery using (delivery_id)
order by seizure.seized_on desc, seizure.seizure_id
limit $row_limit
offset $row_offset;
