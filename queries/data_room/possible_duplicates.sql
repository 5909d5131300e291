-- One row per group of records whose cells are all equal and that carry no record number, largest group first.
-- Params: $scope.
select
    seizure.source_id,
    delivery.file_name,
    seizure.seizure_country_code,
    seizure.seized_on,
    seizure.drug,
    seizure.quantity_reported,
    seizure.unit_reported,
    seizure.departure_country_code,
    count(*) as further_rows,
    any_value(seizure.duplicate_reason) as reason
from in_scope('seizure', $scope) as seizure
inner join delivery on seizure.delivery_id = delivery.delivery_id
where seizure.is_possible_duplicate
group by all
order by
    further_rows desc, seizure.source_id, seizure.seizure_country_code, seizure.seized_on, seizure.drug,
    seizure.quantity_reported, seizure.unit_reported, seizure.departure_country_code;
