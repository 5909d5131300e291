-- One row per record whose weight is beyond the largest credible single record of its drug.
-- Params: $scope.
select
    seizure.seizure_id,
    seizure.source_id,
    delivery.file_name,
    seizure.row_number,
    seizure.seizure_country_code,
    seizure.seized_on,
    seizure.drug,
    seizure.quantity_reported,
    seizure.unit_reported,
    seizure.quantity_kg,
    drug_limit.largest_credible_kg
from in_scope('seizure', $scope) as seizure
inner join delivery on seizure.delivery_id = delivery.delivery_id
inner join drug_limit on seizure.drug = drug_limit.drug
where seizure.is_outlier
order by seizure.quantity_kg desc, seizure.seizure_id;
