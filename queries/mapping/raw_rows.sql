-- One row per delivered row as JSON text for the quarantine: without tracking numbers, and without the columns that the source ignores,
-- as those may hold names. Reads the view delivered_file.
select
    row_number,
    without_numbers(to_json(mapped)) as raw_row
from (
    select columns(lambda name: not starts_with(name, 'ignored_') and name <> 'row_mark')
    from delivered_file
) as mapped;
