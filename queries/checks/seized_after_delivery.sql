-- Rule: nothing is seized after the file was received.
select
    incoming.row_number,
    'seized_on' as field,
    coalesce(incoming.seized_on_reported, incoming.seized_on::varchar) as value
from incoming, receipt
where incoming.seized_on > receipt.received_on;
