-- One row per delivered row, with every canonical column as trimmed text; an empty cell is null.
-- Tracking numbers stay in their own column, which is hashed before anything is written, and are taken out of every other.
-- Reads the views delivered_file and constant_row and the empty table record_template.
with complete as (
    select * from record_template
    union all by name
    select *
    from delivered_file
    cross join constant_row
)

select
    row_number,
    nullif(trim(tracking_number), '') as tracking_number,
    number_hidden(nullif(trim(columns(* exclude (row_number, tracking_number))), ''), trim(tracking_number))
from complete;
