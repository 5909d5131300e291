-- One row per delivered row, with every canonical column as trimmed text; an empty cell is null.
-- Tracking numbers stay in their own column, which is hashed before anything is written, and are taken out of every other.
-- Reads the views delivered_file and constant_row and the empty table record_template.
with complete as (
    select * from record_template
    union all by name
    select *
    from delivered_file
    cross join constant_row
),

-- One look at the whole row is cheap; only a row that may hold a number is gone through cell by cell.
watched as (
    select
        *,
        coalesce(trim(tracking_number) <> '', false) or holds_number(concat_ws('|', *columns(* exclude (row_number)))) as may_hold_number
    from complete
)

select
    row_number,
    nullif(trim(tracking_number), '') as tracking_number,
    nullif(
        trim(
            case
                when may_hold_number then number_hidden(columns(* exclude (row_number, tracking_number, may_hold_number)), trim(tracking_number))
                else columns(* exclude (row_number, tracking_number, may_hold_number))
            end
        ),
        ''
    )
from watched;
