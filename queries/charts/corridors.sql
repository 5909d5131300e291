-- One row per departure-destination pair and drug, most seizures first.
-- Params: $scope.
select
    departure_country_code,
    destination_country_code,
    drug,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg) as quantity_kg,
    sum(quantity_kg_low) as quantity_kg_low,
    sum(quantity_kg_high) as quantity_kg_high,
    sum(seizures_without_kg)::bigint as seizures_without_kg,
    coalesce(sum(seizures) filter (destination_basis = 'inferred'), 0)::bigint as seizures_inferred_destination,
    sum(records)::bigint as records
from in_scope('cube', $scope)
group by departure_country_code, destination_country_code, drug
order by seizures desc, departure_country_code, destination_country_code, drug;
