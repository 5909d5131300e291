-- One row per record of an event and role: seized by, detected by, on information from, controlled delivery.
-- Reads the table told_role.
select
    event_id,
    seizure_id,
    service_code as service_country_code,
    role
from told_role
union all
select
    event_id,
    seizure_id,
    service_code,
    'controlled delivery'
from told_role
where is_controlled_event
order by event_id, seizure_id, role;
