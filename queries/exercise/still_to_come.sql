-- One row per month: seizures whose first report came after the delivery, so that no row tells of them yet.
-- Reads the tables event and telling.
select
    event.seized_month::date as seized_month,
    count(*) as seizures
from event
where event.why_untold = 'not_yet_reported'
    and event.number not in (select telling.number from telling)
group by all
order by all;
