-- One row per record of the file, numbered as a spreadsheet shows it, cells as delivered.
-- Params: $header_row. Reads the view delivered_cells.
select
    row_number() over () + $header_row as row_number,
    *
from delivered_cells;
