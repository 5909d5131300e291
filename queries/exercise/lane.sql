-- One row per service, departure, destination and drug: the share that the lane has in what the service stops.
-- Reads the table mix.
with combined as (
    select
        departure.source_id,
        departure.code as departure,
        destination.code as destination,
        drug.code as drug,
        departure.share * destination.share * drug.share as share
    from mix as departure
    inner join mix as destination on departure.source_id = destination.source_id and destination.field = 'destination'
    inner join mix as drug on departure.source_id = drug.source_id and drug.field = 'drug'
    where departure.field = 'departure'
        and departure.code <> destination.code
)

select
    source_id,
    departure,
    destination,
    drug,
    share / sum(share) over (partition by source_id) as share
from combined;
