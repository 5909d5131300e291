-- Rule: a stated quantity is a number from zero up to a million million.
select
    row_number,
    'quantity' as field,
    quantity_reported as value
from incoming
where quantity_reported is not null
    and (
        quantity_number is null
        or not isfinite(quantity_number)
        or quantity_number < 0
        or quantity_number > 1e12
        or kg_high > 1e11
    );
