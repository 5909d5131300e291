-- One row per pair of records of two services with the same tracking number in the same year, found within a month of each other.
-- Reads the table linkable.
select
    one.seizure_id,
    other.seizure_id as duplicate_of,
    'same tracking number' as reason
from linkable as one
inner join linkable as other
    on one.tracking_hash = other.tracking_hash
    and one.series_id < other.series_id
    and coalesce(one.drug = other.drug, true)
    and one.day_from <= other.day_to + 31
    and other.day_from <= one.day_to + 31;
