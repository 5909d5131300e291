-- One row per tracking number and year met in the delivery. Read into memory and hashed there; the pool keeps the hash only.
-- Reads the table incoming.
select distinct
    tracking_number,
    seized_year
from incoming
where tracking_number is not null
    and seized_year is not null
order by seized_year, tracking_number;
