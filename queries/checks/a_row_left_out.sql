-- Rule: rows that the source leaves out are counted as left out.
select
    row_number,
    'row' as field,
    row_mark as value
from incoming
where row_mark = 'left out';
