-- One row per record of the file, numbered as a spreadsheet shows it, cells as delivered; a row of nothing but blanks is none.
-- Params: $header_row. Reads the view delivered_cells.
with numbered as (
    select
        row_number() over () + $header_row as row_number,
        coalesce(*columns(*)) as first_cell,
        *
    from delivered_cells
)

select * exclude (first_cell)
from numbered
where first_cell is not null;
