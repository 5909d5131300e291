-- One row per service, corridor, drug and month that it reports: how many rows that name the departure were to be expected.
-- Reads the tables cell, habit and gap_month.
select
    cell.source_id::varchar as source_id,
    cell.departure::varchar as departure,
    cell.destination::varchar as destination,
    cell.drug::varchar as drug,
    cell.month,
    sum(cell.events_expected * (1 - habit.share_blank_departure)
        * case when cell.source_id = 'ex_nl_customs' and cell.month < date '2020-01-01' then rate('registered_before_2020') else 1 end) as told
from cell
inner join habit on cell.source_id = habit.source_id
where not exists (
    from gap_month
    where gap_month.source_id = cell.source_id and gap_month.month = cell.month
)
group by all
order by all;
