-- One row per departure, side of interception, destination as recorded and destination as read: the links of the Sankey.
-- Params: $scope.
select
    departure_country_code,
    interception_side,
    destination_basis,
    case when destination_basis = 'reported' then destination_country_code else 'ZZ' end as destination_recorded_code,
    destination_country_code,
    seizure_country_code,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg) as quantity_kg,
    sum(seizures_without_kg)::bigint as seizures_without_kg
from in_scope('cube', $scope)
group by all
order by
    seizures desc, departure_country_code, interception_side, destination_basis, destination_recorded_code,
    destination_country_code, seizure_country_code;
