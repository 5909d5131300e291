-- One row per pair of records of two services with the same tracking number, and whether both were told within a month.
-- Numbers come round again, so the year belongs to the hash; December meets January by the hash under the year before.
-- Reads the table linkable.
with hashed as (
    select
        *,
        tracking_hash as compared_hash
    from linkable
    where tracking_hash is not null
    union all
    select
        *,
        tracking_hash_before
    from linkable
    where tracking_hash_before is not null
)

select distinct
    least(one.seizure_id, other.seizure_id) as seizure_id,
    greatest(one.seizure_id, other.seizure_id) as duplicate_of,
    within_a_month(one.day_from, one.day_to, other.day_from, other.day_to) as is_near
from linkable as one
inner join hashed as other
    on one.tracking_hash = other.compared_hash
    and one.series_id <> other.series_id
    and coalesce(one.drug = other.drug, true);
