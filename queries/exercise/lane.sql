-- One row per service, departure, destination and drug: the share that the lane has in what the service stops.
-- Reads the tables mix and habit. The sender is the service of the country of departure, where it is another one.
with combined as (
    select
        departure.source_id::code as service,
        departure.code::code as departure,
        destination.code::code as destination,
        drug.code::code as drug,
        departure.share * destination.share * drug.share as share
    from mix as departure
    inner join mix as destination on departure.source_id = destination.source_id and destination.field = 'destination'
    inner join mix as drug on departure.source_id = drug.source_id and drug.field = 'drug'
    where departure.field = 'departure'
        and departure.code <> destination.code
)

select
    service as source_id,
    own.country_code as country,
    sender.source_id as sender_id,
    departure,
    destination,
    drug,
    share / sum(share) over (partition by service) as share
from combined
inner join habit as own on combined.service = own.source_id
left join habit as sender on combined.departure = sender.country_code and combined.service <> sender.source_id;
