-- One row per pair of records of two services with the same tracking number, whether both were told within a month, and whether
-- they agree in what else both say: drug, form, channel, departure, destination (never an inferred one) and weights.
-- A net weight is not three times another one, nor a gross weight 1.5 times; a tablet's weight lies between 90 and 395 mg
-- (data/reference/unit_factors.csv), so what one counted and the other weighed may be 4.5 times apart.
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
),

met as (
    select distinct
        least(one.seizure_id, other.seizure_id) as seizure_id,
        greatest(one.seizure_id, other.seizure_id) as duplicate_of,
        within_a_month(one.day_from, one.day_to, other.day_from, other.day_to) as is_near,
        coalesce(one.drug = other.drug, true) as is_same_drug,
        coalesce(one.form = other.form, true)
        and coalesce(one.channel = other.channel, true)
        and coalesce(one.departure_code = other.departure_code, true)
        and coalesce(one.destination_told_code = other.destination_told_code, true)
        and coalesce(abs(ln(one.kg / other.kg)) <= ln(case when one.is_counted <> other.is_counted then 4.5 else 3 end), true)
        and coalesce(abs(ln(one.gross_gram / other.gross_gram)) <= ln(1.5), true) as is_same_else
    from linkable as one
    inner join hashed as other
        on one.tracking_hash = other.compared_hash
        and one.series_id <> other.series_id
),

-- A parcel of two drugs is two records of each service: its MDMA is not held against its ketamine.
matched as (
    select seizure_id from met where is_same_drug
    union
    select duplicate_of from met where is_same_drug
)

select
    seizure_id,
    duplicate_of,
    is_near,
    is_same_drug and is_same_else as is_agreed
from met
where is_same_drug
    or not (seizure_id in (from matched) or duplicate_of in (from matched));
