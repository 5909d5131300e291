-- One row per record of an event that several services told, with the record's place in the event.
-- The record that counts is the one of the service that took the drug; the sending side's record tells of it.
-- Reads the tables linkable and event_member.
with member as (
    select
        event_member.member_of,
        linkable.*,
        departure.departure_code as event_departure_code,
        departure.destination_code as event_destination_code,
        bool_or(linkable.is_controlled) over (partition by member_of) as is_controlled_event
    from event_member
    inner join linkable using (seizure_id)
    left join (
        select
            member_of,
            min(departure_code) as departure_code,
            min(destination_code) as destination_code
        from event_member
        inner join linkable using (seizure_id)
        group by member_of
    ) as departure using (member_of)
),

ranked as (
    select
        *,
        row_number() over (
            partition by member_of
            order by
                coalesce(service_code = event_departure_code, false),
                coalesce(information_code = service_code, false),
                coalesce(service_code <> event_destination_code, false),
                seizure_country_code <> service_code,
                not is_day_known,
                seizure_id
        ) as place
    from member
)

select
    first_value(seizure_id) over (partition by member_of order by place) as event_id,
    seizure_id,
    service_code,
    place = 1 as is_event_lead,
    case
        when place = 1 then 'seized by'
        when information_code is not null or not is_controlled_event then 'on information from'
        else 'detected by'
    end as role,
    is_controlled_event
from ranked
order by event_id, place;
