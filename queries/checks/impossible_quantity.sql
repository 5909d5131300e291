-- Rule: a stated quantity is a number from zero up to a million million, in the marks that the source declares.
select
    row_number,
    'quantity' as field,
    quantity_reported as value
from incoming
where quantity_reported is not null
    and row_mark is distinct from 'shared'
    and (
        (quantity_number is null and (quantity_least <= quantity_most) is not true)
        or not isfinite(quantity_number)
        or quantity_number < 0
        or quantity_number > 1e12
        or quantity_most > 1e12
        or kg_high > 1e11
    );
