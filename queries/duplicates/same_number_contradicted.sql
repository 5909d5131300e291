-- One row per pair of records of two services with the same tracking number, told within a month, that contradict each other.
-- A number may be mistyped, or stand for a bag of parcels: a person should look. Reads the table equal_number.
select
    seizure_id,
    duplicate_of,
    'same tracking number, but the records contradict each other' as reason
from equal_number
where is_near
    and not is_agreed;
