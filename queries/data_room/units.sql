-- One row per drug, unit as reported and factor: how quantities became kilograms, and how many could not.
-- Params: $scope.
select
    seizure.drug,
    coalesce(seizure.unit_reported, 'not stated') as unit_reported,
    seizure.unit,
    seizure.factor_id,
    unit_factor.kg_low,
    unit_factor.kg_mid,
    unit_factor.kg_high,
    unit_factor.citation,
    sum(seizure.seizures)::bigint as seizures,
    sum(seizure.quantity)::double as quantity,
    sum(seizure.quantity_kg) as quantity_kg,
    coalesce(sum(seizure.seizures) filter (seizure.quantity_kg is null), 0)::bigint as seizures_without_kg
from in_scope('seizure', $scope) as seizure
left join unit_factor on seizure.factor_id = unit_factor.factor_id
group by all
order by seizures desc, seizure.drug, unit_reported, seizure.factor_id;
