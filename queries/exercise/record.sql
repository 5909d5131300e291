-- One row per delivered row, in the order of the file, with the number and unit that the service writes; words still canonical.
-- Reads the tables telling, dirt and style.
with spoiled as (
    select
        telling.*,
        dirt.dirt,
        dirt.rule,
        style.unit as base_unit,
        style.decimals,
        style.unit_kg
    from telling
    inner join style on telling.told_by = style.source_id
    left join dirt on telling.record_number = dirt.record_number
),

measured as (
    select
        *,
        case
            when dirt = 'blank_quantity' then null
            when dirt = 'zero_quantity' then 0
            when dirt = 'absurd_weight' then 23291.692 / unit_kg
            when is_counted then tablets
            -- New Zealand rounds what is small to ten grams.
            when told_by = 'ex_nz_customs' and told_again is null and told_kg < 0.05 then greatest(10, 10 * round(told_kg * 100))
            else greatest(pow(10, -decimals), round(told_kg / unit_kg, decimals))
        end * case when dirt = 'negative_quantity' then -1 else 1 end as quantity,
        case
            when is_counted and dirt is distinct from 'absurd_weight' then 'tablet'
            when is_unit_error then 'kilogram'
            else base_unit
        end as unit
    from spoiled
)

select
    record_number,
    number,
    event_id,
    telling,
    role,
    told_by as source_id,
    row_number() over (partition by told_by order by told_reported_on, record_number) as row_number,
    dirt,
    rule,
    told_again,
    told_on,
    told_reported_on,
    told_country,
    told_departure,
    told_destination,
    told_information,
    told_controlled,
    drug,
    form,
    item,
    side,
    quantity,
    unit,
    decimals,
    round(kg * 1.3 + 0.04, 3) as item_weight,
    is_unit_error,
    is_coarse,
    is_by_team and telling = 1 as is_by_team,
    has_number,
    case when has_number then tracking_number end as tracking_number,
    detection_method,
    advance_data,
    barrier_step,
    concealment,
    declared_contents,
    series_number,
    case when telling = 1 then case_opened_on end as case_opened_on,
    case when telling = 1 then suspects end as suspects,
    case when telling = 1 then arrests end as arrests,
    case when telling = 1 then prosecuted_on end as prosecuted_on,
    case when telling = 1 then verdict_on end as verdict_on,
    case when telling = 1 then verdict end as verdict,
    draw(record_number, 'day known') < share_day_known as is_day_known
from measured;
