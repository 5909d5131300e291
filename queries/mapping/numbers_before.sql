-- One row per record of January with a tracking number: its hash under the year before, which the linkage compares with December.
-- Reads the tables incoming and tracking (empty without a key).
select
    incoming.seizure_id,
    incoming.delivery_id,
    tracking.hash_before
from incoming
inner join tracking
    on incoming.tracking_number = tracking.tracking_number
    and incoming.seized_year = tracking.seized_year
where month(incoming.seized_month) = 1
    and tracking.hash_before is not null;
