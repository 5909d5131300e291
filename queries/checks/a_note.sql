-- Rule: a note, a title or a source line beside the table is no row of it.
-- Nothing but one cell of several words, in a table of three columns and more: the same by its look as by the reader's mark.
with looked_at as (
    select
        incoming.row_number,
        incoming.row_mark,
        json_extract_string(json_merge_patch(raw_row.raw_row, '{"row_number": null}'), '$.*') as cells
    from incoming
    inner join raw_row on incoming.row_number = raw_row.row_number
    where incoming.seized_on is null
        or incoming.row_mark = 'note'
),

filled as (
    select
        row_number,
        row_mark,
        len(cells) as width,
        list_filter(cells, lambda cell: trim(cell) <> '') as told
    from looked_at
)

select
    row_number,
    'row' as field,
    left(array_to_string(told, ' '), 200) as value
from filled
where row_mark = 'note'
    or (width >= 3 and len(told) = 1 and regexp_matches(told[1], '[A-Za-z\x{c0}-\x{24f}]') and regexp_matches(trim(told[1]), '[ :*]'));
