-- Rule: a row of a wide table tells at least one figure.
select
    row_number,
    'row' as field,
    row_mark as value
from incoming
where row_mark = 'nothing told';
