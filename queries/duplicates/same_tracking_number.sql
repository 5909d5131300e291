-- One row per pair of records of two services with the same tracking number, told within a month of each other, that agree in
-- what else both say.
-- Reads the table equal_number.
select
    seizure_id,
    duplicate_of,
    'same tracking number' as reason
from equal_number
where is_near
    and is_agreed;
