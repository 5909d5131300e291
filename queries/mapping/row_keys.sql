-- One row per delivered row: the key that makes it itself, its number among rows of the same key, and that of the first equal one.
-- The key is the record number and the drug where there is a number, else all cells. Narrow, because the numbering sorts.
-- What holds a tracking number makes a keyed hash, as a plain one could be tried until the number is found; without a key it does
-- not enter, and rows that differ in nothing else are numbered as they come. A row without such cells has the same key either way.
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
            row(*columns(lambda name: name not in ('row_number', 'row_mark')))::varchar as cells,
            row(*columns(lambda name: name not in ('row_number', 'row_mark', 'tracking_number')))::varchar as other_cells
        from delivered_file
    )
    cross join constant_row
),

trimmed as (
    select * replace (
        nullif(case when has_odd_space(record_id) then one_space(record_id) else trim(record_id) end, '') as record_id,
        nullif(trim(tracking_number), '') as tracking_number
    )
    from told
),

numbered as (
    select
        *,
        record_id is not null as has_record_number,
        coalesce(holds_number(record_id), false) or tells_number(record_id, tracking_number) as is_tracking_number,
        '|' || coalesce(fold(number_hidden(drug, tracking_number)), '') as and_drug
    from trimmed
),

keyed as (
    select
        row_number,
        cells,
        has_record_number and not (is_tracking_number and $inner_pad::blob is null) as is_numbered,
        is_tracking_number,
        case
            when has_record_number and not is_tracking_number then md5('#' || record_id || and_drug)
            when has_record_number and $inner_pad::blob is not null
                then keyed_hash('#' || bare_number(record_id) || and_drug, $inner_pad::blob, $outer_pad::blob)
            when tracking_number is null and not holds_number(other_cells) then md5(other_cells)
            when $inner_pad::blob is null then md5(number_hidden(other_cells, tracking_number))
            else keyed_hash(cells, $inner_pad::blob, $outer_pad::blob)
        end as row_key
    from numbered
),

placed as (
    select
        row_number,
        is_numbered,
        is_tracking_number,
        row_key,
        case when not is_numbered then hash(cells) end as cells_hash,
        row_number() over (partition by row_key order by row_number) as nth
    from keyed
),

repeated as (
    select
        row_key,
        cells_hash,
        min(nth) as first_nth
    from placed
    where not is_numbered
    group by row_key, cells_hash
    having count(*) > 1
)

select
    placed.row_number,
    placed.row_key,
    placed.nth,
    placed.is_numbered,
    placed.is_tracking_number,
    repeated.first_nth
from placed
left join repeated on placed.row_key = repeated.row_key and placed.cells_hash = repeated.cells_hash;
