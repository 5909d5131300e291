-- One row per delivery that could not be read when the pool was made; none of its rows is counted.
select
    left_out.source_id,
    left_out.file_name,
    left_out.received_on,
    left_out.reason,
    left_out.next_step
from left_out
order by left_out.source_id, left_out.file_name, left_out.sha256;
