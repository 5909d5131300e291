-- One row per delivered row, with its place in the file, and the number and unit that the service writes; words still canonical.
-- Reads the tables telling, dirt and style. The table telling is in the order of the files, so its row ids are places.
with first_row as (
    select
        source_id,
        min(rowid) as first_rowid
    from telling
    group by source_id
),

spoiled as (
    select
        telling.*,
        telling.rowid - first_row.first_rowid + 1 as row_number,
        dirt.dirt,
        dirt.rule,
        style.unit as base_unit,
        style.decimals,
        style.unit_kg,
        style.kind_of_item
    from telling
    inner join first_row on telling.source_id = first_row.source_id
    inner join style on telling.source_id = style.source_id::code
    left join dirt on telling.record_number = dirt.record_number
)

select
    spoiled.* exclude (base_unit, unit_kg, is_kind_told),
    -- Who has no column for the kind of item tells it by the word for the transport, and there are but two of those.
    case
        when not is_kind_told then 'post'
        when item in ('letter', 'parcel') and kind_of_item = 'transport' then item::varchar
        else item_kind::varchar
    end::code as told_kind,
    case
        when dirt = 'blank_quantity' then null
        when dirt = 'zero_quantity' then 0
        when dirt = 'absurd_weight' then 23291.692 / unit_kg
        when is_counted then tablets
        -- New Zealand rounds what is small to ten grams.
        when source_id = 'ex_nz_customs' and told_again is null and told_kg < 0.05 then greatest(10, 10 * round(told_kg * 100))
        else greatest(pow(10, -decimals), round(told_kg / unit_kg, decimals))
    end * case when dirt = 'negative_quantity' then -1 else 1 end as quantity,
    case
        when is_counted and dirt is distinct from 'absurd_weight' then 'tablet'
        when is_unit_error then 'kilogram'
        else base_unit
    end::code as unit
from spoiled;
