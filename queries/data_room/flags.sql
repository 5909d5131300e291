-- One row per mark on the records of the scope; a record may carry several.
-- Params: $scope.
with marked as (
    select
        unnest(
            flags
            || case when is_possible_duplicate then ['possible_duplicate'] else [] end
            || case when is_outlier then ['outlier'] else [] end
            || case when departure_country_code = 'ZZ' then ['departure_not_stated'] else [] end
            || case when destination_basis <> 'reported' then ['destination_not_stated'] else [] end
            || case when quantity_kg is null then ['no_kilograms'] else [] end
            || case when date_precision <> 'day' then ['no_day'] else [] end
        ) as flag,
        seizures
    from in_scope('seizure', $scope)
)

select
    flag,
    count(*) as records,
    sum(seizures)::bigint as seizures
from marked
group by flag
order by seizures desc, flag;
