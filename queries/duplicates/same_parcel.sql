-- One row per pair of records of two services of one parcel: drug, form, corridor, hiding place, gross weight to the gram, net
-- weight within 2 %, within three days, and nothing of nearly that weight beside them. One of the two is the sender's.
-- Where many parcels are alike, two of one weight are soon there by chance: what has a third within 20 % is left to the model.
-- Reads the table linkable.
with alike as (
    select
        one.seizure_id,
        other.seizure_id as duplicate_of,
        one.gross_gram = other.gross_gram
        and abs(ln(one.kg / other.kg)) <= 0.02
        and coalesce(
            same_number(one.tracking_hash, one.tracking_hash_before, one.year, other.tracking_hash, other.tracking_hash_before, other.year),
            true
        ) as is_same
    from linkable as one
    inner join linkable as other
        on one.drug = other.drug
        and one.form = other.form
        and one.departure_code = other.departure_code
        and one.destination_code = other.destination_code
        and one.concealment = other.concealment
        and one.month_ahead = other.month_ahead
        and one.series_id <> other.series_id
        and one.is_sender
        and not other.is_sender
        and one.is_day_known
        and other.is_day_known
        and abs(date_diff('day', one.seized_on, other.seized_on)) <= 3
        and abs(ln(one.gross_gram / other.gross_gram)) <= 0.2
        and one.declared_contents = other.declared_contents
        and coalesce(one.channel = other.channel, true)
),

alone as (
    select *
    from alike
    qualify count(*) over (partition by seizure_id) = 1
        and count(*) over (partition by duplicate_of) = 1
)

select
    seizure_id,
    duplicate_of,
    'same corridor, drug, hiding place and gross weight within three days' as reason
from alone
where is_same;
