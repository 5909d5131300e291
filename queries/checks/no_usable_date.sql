-- Rule: the date of seizure is a real date in one of the formats that the source declares, from 1950 on.
select
    row_number,
    'seized_on' as field,
    seized_on_reported as value
from incoming
where seized_on is null
    or seized_year < 1950;
