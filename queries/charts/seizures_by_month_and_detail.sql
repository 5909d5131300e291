-- One row per month, detail of the parcel and category of it; `parcel_weight` are classes of the parcel's gross weight.
-- Disclosure: for methods only.
-- Params: $scope.
with told as (
    select
        seized_month,
        seizures,
        unnest([
            {'dimension': 'concealment', 'category': concealment},
            {'dimension': 'form', 'category': form},
            {'dimension': 'declared_contents', 'category': declared_contents},
            {'dimension': 'detection_method', 'category': detection_method},
            {'dimension': 'advance_data', 'category': advance_data},
            {'dimension': 'parcel_weight', 'category': case
                when item_weight_kg is null then 'unknown'
                when item_weight_kg < 0.1 then 'under 100 g'
                when item_weight_kg < 0.5 then '100 to 500 g'
                when item_weight_kg < 2 then '500 g to 2 kg'
                when item_weight_kg < 10 then '2 to 10 kg'
                else '10 kg and more'
            end}
        ], recursive := true)
    from in_scope('seizure', $scope)
)

select
    seized_month as period_start,
    dimension,
    category,
    sum(seizures)::bigint as seizures
from told
group by all
order by period_start nulls last, dimension, category;
