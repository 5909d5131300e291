-- One row per delivered row: the key that makes it itself, and its number among rows of the same key.
-- The key is the record number and the drug where there is a number, else all cells. Narrow, because the numbering sorts.
-- Reads the views delivered_file and constant_row and the empty table record_template.
with told as (
    select row_number, record_id, drug, null::varchar as row_hash from record_template
    union all by name
    select *
    from (
        select
            *,
            md5(row(*columns(* exclude (row_number)))::varchar) as row_hash
        from delivered_file
    )
    cross join constant_row
),

keyed as (
    select
        row_number,
        coalesce(trim(record_id), '') = '' as is_without_number,
        case
            when coalesce(trim(record_id), '') = '' then row_hash
            else md5('#' || trim(record_id) || '|' || coalesce(fold(drug), ''))
        end as row_key
    from told
)

select
    row_number,
    is_without_number,
    row_key,
    row_number() over (partition by row_key order by row_number) as nth
from keyed;
