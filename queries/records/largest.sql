-- One row per record, the heaviest of the scope first.
-- Params: $scope, $row_limit.
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
    seizure.seizure_country_code,
    seizure.seizure_place,
    seizure.is_outlier,
    seizure.source_id
from in_scope('seizure', $scope) as seizure
where seizure.quantity_kg is not null
order by seizure.quantity_kg desc, seizure.seizure_id
limit $row_limit;
