-- One row per month and drug of a delivery; rows that tell only a year have no month.
-- Disclosure: for methods only.
-- Params: $delivery_id.
select
    seized_month,
    drug,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg)::double as quantity_kg,
    count(*) as records
from seizure
where delivery_id = $delivery_id
group by seized_month, drug
order by seized_month nulls last, drug;
