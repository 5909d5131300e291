-- One row per delivered row as JSON text for the quarantine: without tracking numbers, and without the columns that the source ignores,
-- as those may hold names, and without what is sensitive of a seizure, which holds no row back. Reads the view delivered_file.
select
    row_number,
    without_numbers(to_json(mapped)) as raw_row
from (
    select columns(lambda name: not starts_with(name, 'ignored_') and name <> 'row_mark' and not is_sensitive(name))
    from delivered_file
) as mapped;
