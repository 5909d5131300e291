-- One row per month, place and drug whose figure differs between one edition of a series and the next that covers it.
-- Compared as numbers: a difference of rounding (under 1 g and half a per mille) is none.
with told as (
    select source_id, series_id, delivery_id, seized_month, seizure_place, drug, seizures, quantity_kg from seizure
    union all
    select source_id, series_id, delivery_id, seized_month, seizure_place, drug, seizures, quantity_kg from superseded
),

cell as (
    select
        told.series_id,
        told.source_id,
        told.delivery_id,
        edition.edition,
        told.seized_month,
        told.seizure_place,
        told.drug,
        sum(told.seizures)::bigint as seizures,
        coalesce(sum(told.quantity_kg), 0) as quantity_kg
    from told
    inner join edition on told.delivery_id = edition.delivery_id
    where edition.supersedes = 'month'
    group by all
),

held as (
    select distinct
        series_id,
        delivery_id,
        edition,
        seized_month
    from cell
),

drug_held as (
    select distinct
        delivery_id,
        drug
    from cell
),

pair as (
    select
        older.series_id,
        older.seized_month,
        older.delivery_id as older_delivery_id,
        newer.delivery_id as newer_delivery_id
    from held as older
    inner join held as newer
        on older.series_id = newer.series_id
        and older.seized_month = newer.seized_month
        and older.edition < newer.edition
    qualify row_number() over (
        partition by older.delivery_id, older.seized_month order by newer.edition
    ) = 1
),

place as (
    select distinct
        pair.*,
        cell.seizure_place,
        cell.drug
    from pair
    inner join cell
        on cell.seized_month = pair.seized_month
        and cell.delivery_id in (pair.older_delivery_id, pair.newer_delivery_id)
    semi join drug_held as in_older
        on in_older.delivery_id = pair.older_delivery_id and in_older.drug = cell.drug
    semi join drug_held as in_newer
        on in_newer.delivery_id = pair.newer_delivery_id and in_newer.drug = cell.drug
)

select
    place.series_id as source_id,
    place.seized_month,
    place.seizure_place,
    place.drug,
    place.older_delivery_id,
    place.newer_delivery_id,
    older.seizures as older_seizures,
    newer.seizures as newer_seizures,
    older.quantity_kg as older_kg,
    newer.quantity_kg as newer_kg
from place
left join cell as older
    on older.delivery_id = place.older_delivery_id
    and older.seized_month = place.seized_month
    and older.seizure_place is not distinct from place.seizure_place
    and older.drug = place.drug
left join cell as newer
    on newer.delivery_id = place.newer_delivery_id
    and newer.seized_month = place.seized_month
    and newer.seizure_place is not distinct from place.seizure_place
    and newer.drug = place.drug
where coalesce(older.seizures, 0) <> coalesce(newer.seizures, 0)
    or abs(coalesce(older.quantity_kg, 0) - coalesce(newer.quantity_kg, 0))
    > greatest(0.001, 0.0005 * coalesce(older.quantity_kg, 0))
order by abs(coalesce(older.quantity_kg, 0) - coalesce(newer.quantity_kg, 0)) desc,
    place.seized_month, place.seizure_place, place.drug, place.older_delivery_id;
