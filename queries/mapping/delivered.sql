-- One row per delivered row, with every canonical column as text.
-- Reads the views delivered_file and constant_row and the empty table record_template.
select * from record_template
union all by name
select *
from delivered_file
cross join constant_row;
