-- One row per delivered row: the key that makes it itself, and its number among rows of the same key.
-- The key is the record number and the drug where there is a number, else all cells. Narrow, because the numbering sorts.
-- Cells that hold a tracking number make a keyed hash, as a plain one could be tried until the number is found; without a key
-- they do not enter. A row without such cells has the same key either way.
-- Params: $inner_pad, $outer_pad (of the home's key; null without one).
-- Reads the views delivered_file and constant_row and the empty table record_template.
with told as (
    select row_number, record_id, drug, tracking_number, null::varchar as cells, null::varchar as other_cells
    from record_template
    union all by name
    select *
    from (
        select
            *,
            row(*columns(lambda name: name <> 'row_number'))::varchar as cells,
            row(*columns(lambda name: name not in ('row_number', 'tracking_number')))::varchar as other_cells
        from delivered_file
    )
    cross join constant_row
),

keyed as (
    select
        row_number,
        coalesce(trim(record_id), '') = '' as is_without_number,
        case
            when coalesce(trim(record_id), '') <> '' then md5('#' || trim(record_id) || '|' || coalesce(fold(drug), ''))
            when coalesce(trim(tracking_number), '') = '' and not holds_number(other_cells) then md5(other_cells)
            when $inner_pad::blob is null then md5(number_hidden(other_cells))
            else keyed_hash(cells, $inner_pad::blob, $outer_pad::blob)
        end as row_key
    from told
)

select
    row_number,
    is_without_number,
    row_key,
    row_number() over (partition by row_key order by row_number) as nth
from keyed;
