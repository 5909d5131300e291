-- One row per record that is spoiled on the way, and how. At least one of each kind per service.
-- Reads the tables telling and dirt_kind. Only records of which nobody else tells are spoiled.
with counted as (
    select
        source_id,
        count(*) as records
    from telling
    group by source_id
),

candidate as (
    select
        telling.source_id,
        telling.record_number,
        counted.records,
        row_number() over (
            partition by telling.source_id order by draw(telling.record_number, 'dirt'), telling.record_number
        ) - 1 as place
    from telling
    inner join counted on telling.source_id = counted.source_id
    where draw(telling.record_number, 'dirt') < greatest(0.02, 400 / counted.records)
        and telling.telling = 1
        and telling.told_again is null
        and telling.series_number is null
        and not telling.is_unit_error
        and not telling.is_reused
        and not telling.is_mistyped
        and telling.item <> 'freight'
),

numbered as (
    select
        * replace (source_id::code as source_id),
        row_number() over (partition by source_id order by kind) - 1 as kind_number,
        count(*) over (partition by source_id) as kinds
    from dirt_kind
)

select
    candidate.record_number,
    numbered.kind as dirt,
    numbered.rule
from candidate
inner join numbered
    on candidate.source_id = numbered.source_id
    and candidate.place % numbered.kinds = numbered.kind_number
where candidate.place < numbered.kinds * greatest(1, round(rate('dirt_share') * candidate.records));
