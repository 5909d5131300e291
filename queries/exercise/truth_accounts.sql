-- One row per service, kind of dirt and rule: delivered rows. No dirt and no rule is an honest row.
-- Reads the table record.
select
    source_id,
    dirt,
    rule,
    count(*) as rows,
    count(*) filter (telling = 2) as second_tellings,
    count(*) filter (is_unit_error) as unit_errors,
    count(*) filter (tracking_number is not null) as tracking_numbers,
    count(*) filter (told_destination is null) as blank_destinations
from record
group by all
order by source_id, dirt nulls first;
