-- One row per service, corridor, drug and month: how many seizures were expected, and the planted effect alone.
-- Reads the table cell.
select
    source_id,
    departure,
    destination,
    drug,
    month as seized_month,
    effect_factor,
    season_factor,
    events_expected
from cell
order by cell_number;
