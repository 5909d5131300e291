-- One row per year and weight (parcel: gross weight of the item; drug: kilogram equivalent of a single seizure) with its quantiles.
-- Sources that count several seizures in a row are left out: what they hold one of is no fair sample.
-- Params: $scope.
with weighed as (
    select
        seized_year,
        unnest([
            {'weight': 'parcel', 'kg': item_weight_kg::double},
            {'weight': 'drug', 'kg': quantity_kg::double}
        ], recursive := true)
    from in_scope('seizure', $scope)
    where source_id not in (select source_id from seizure where seizures > 1)
)

select
    seized_year,
    weight,
    count(*) as records,
    count(kg) filter (kg > 0) as weighed,
    quantile_cont(kg, 0.05) filter (kg > 0) as p5,
    quantile_cont(kg, 0.25) filter (kg > 0) as p25,
    quantile_cont(kg, 0.5) filter (kg > 0) as median,
    quantile_cont(kg, 0.75) filter (kg > 0) as p75,
    quantile_cont(kg, 0.95) filter (kg > 0) as p95
from weighed
group by seized_year, weight
order by weight, seized_year;
