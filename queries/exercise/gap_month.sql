-- One row per service and month of which it never told anything.
-- Reads the table gap.
select
    source_id::code as source_id,
    kind::code as kind,
    range::date as month
from gap, range(gap.month_from::timestamp, gap.month_to::timestamp + interval 1 day, interval 1 month);
