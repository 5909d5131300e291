-- One row per delivered row, with every canonical column as trimmed text with single spaces; an empty cell is null.
-- Tracking numbers stay in their own column, which is hashed before anything is written, and are taken out of every other.
-- Reads the views delivered_file and constant_row and the empty table record_template.
with complete as (
    select * from record_template
    union all by name
    select *
    from delivered_file
    cross join constant_row
),

whole as (
    select
        *,
        concat_ws('|', *columns(* exclude (row_number))) as whole_row
    from complete
),

-- One look at the whole row is cheap; only a row that may hold a number or odd spaces is gone through cell by cell.
watched as (
    select
        * exclude (whole_row),
        coalesce(trim(tracking_number) <> '', false) or holds_number(whole_row) as may_hold_number,
        has_odd_space(whole_row) as may_hold_spaces
    from whole
),

spaced as (
    select
        row_number,
        may_hold_number,
        nullif(
            trim(
                case
                    when may_hold_spaces then one_space(columns(* exclude (row_number, may_hold_number, may_hold_spaces)))
                    else columns(* exclude (row_number, may_hold_number, may_hold_spaces))
                end
            ),
            ''
        )
    from watched
)

select
    row_number,
    tracking_number,
    case
        when may_hold_number then number_hidden(columns(* exclude (row_number, tracking_number, may_hold_number)), tracking_number)
        else columns(* exclude (row_number, tracking_number, may_hold_number))
    end
from spaced;
