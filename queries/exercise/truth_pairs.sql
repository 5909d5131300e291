-- One row per pair of delivered rows that tell of one seizure: the pairs that linkage has to find.
-- Reads the tables record and event.
select
    own.number as event_id,
    own.told_again as told_again_as,
    own.source_id,
    own.row_number,
    other.source_id as other_source_id,
    other.row_number as other_row_number,
    abs(date_diff('day', own.told_on, other.told_on)) as days_apart,
    own.tracking_number is not null and other.tracking_number is not null as has_number_in_both,
    own.tracking_number is not null or other.tracking_number is not null as has_number_in_one,
    event.is_blind,
    other.is_coarse
from record as own
inner join record as other on own.number = other.number and own.telling = 1 and other.telling = 2
inner join event on own.number = event.number
order by own.source_id, own.row_number;
