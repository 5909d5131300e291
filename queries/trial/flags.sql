-- One row per flag that rows of a delivery carry, most rows first.
-- Disclosure: for methods only.
-- Params: $delivery_id.
with flagged as (
    select unnest(flags) as flag
    from seizure
    where delivery_id = $delivery_id
)

select
    flag,
    count(*) as rows
from flagged
group by flag
order by rows desc, flag;
