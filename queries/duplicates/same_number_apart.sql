-- One row per pair of records of two services with the same tracking number, told more than a month apart.
-- A number may come round again, and a parcel may be written up late: a person should look. Reads the table equal_number.
select
    seizure_id,
    duplicate_of,
    'same tracking number, more than a month apart' as reason
from equal_number
where not is_near;
