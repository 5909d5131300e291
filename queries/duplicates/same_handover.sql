-- One row per pair of records of two services that both say they worked together (information, or a controlled delivery):
-- same drug and departure, weight within 5 %, within three days, and no third record like them. Reads the table linkable.
with alike as (
    select
        one.seizure_id,
        other.seizure_id as duplicate_of,
        one.information_code is not null as is_informed
    from linkable as one
    inner join linkable as other
        on one.drug = other.drug
        and one.departure_code = other.departure_code
        and one.month_ahead = other.month_ahead
        and one.series_id <> other.series_id
        and one.is_sender
        and not other.is_sender
        and one.is_day_known
        and other.is_day_known
        and (one.information_code = other.information_code or (one.is_controlled and other.is_controlled))
        and abs(date_diff('day', one.seized_on, other.seized_on)) <= 3
        and abs(ln(one.kg / other.kg)) <= 0.05
        and coalesce(one.gross_gram = other.gross_gram, true)
        and coalesce(
            same_number(one.tracking_hash, one.tracking_hash_before, one.year, other.tracking_hash, other.tracking_hash_before, other.year),
            true
        )
        and coalesce(one.destination_code = other.destination_code, true)
)

select
    seizure_id,
    duplicate_of,
    case when is_informed then 'both name the information, same drug, departure and weight' else 'both say controlled delivery, same drug, departure and weight' end
        as reason
from alike
qualify count(*) over (partition by seizure_id) = 1
    and count(*) over (partition by duplicate_of) = 1;
