-- One row per rule and field by which rows of a delivery are held, most rows first, with the first of them.
-- Disclosure: for methods only.
-- Params: $delivery_id.
select
    rule,
    any_value(reason) as reason,
    field,
    count(*) as rows,
    min(row_number) as first_row,
    arg_min(coalesce(value, ''), row_number) as first_value
from quarantine
where delivery_id = $delivery_id
group by rule, field
order by rows desc, rule, field;
