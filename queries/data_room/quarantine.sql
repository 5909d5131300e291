-- One row per delivered row that is held back, with the rule it breaks and its raw cells.
select
    quarantine.source_id,
    delivery.file_name,
    quarantine.row_number,
    quarantine.rule,
    quarantine.field,
    quarantine.value,
    quarantine.reason,
    quarantine.raw_row
from quarantine
left join delivery on quarantine.delivery_id = delivery.delivery_id
order by quarantine.source_id, delivery.file_name, quarantine.row_number;
