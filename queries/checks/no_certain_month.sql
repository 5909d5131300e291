-- Rule: a period (a quarter, a week, days from and to) lies in one month.
select
    row_number,
    'seized_on' as field,
    seized_on_reported as value
from incoming
where seized_on is null
    and is_longer_than_a_month;
