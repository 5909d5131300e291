-- Rule: a row stands for a whole number of seizures, at least one.
select
    row_number,
    'seizures' as field,
    seizures_reported as value
from incoming
where not is_further_exhibit
    and seizures_reported is not null
    and (
        seizures_number is null
        or not isfinite(seizures_number)
        or seizures_number < 1
        or seizures_number > 1e9
        or seizures_number <> floor(seizures_number)
        or seizures_high < seizures_number
        or seizures_high > 1e9
    );
