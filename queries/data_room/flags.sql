-- One row per mark on the records of the scope; a record may carry several. A mark that says that something sensitive was told
-- (docs/method.md) has a protected number of seizures and no number of records; it has no row where that comes out as zero.
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
        seizures,
        record_key
    from in_scope('seizure', $scope)
),

whole as (
    select
        sum(seizures)::bigint as seizures,
        sum(record_key)::bigint as record_keys
    from in_scope('seizure', $scope)
),

counted as (
    select
        flag,
        is_sensitive(flag) as is_moved,
        count(*) as records,
        sum(seizures)::bigint as seizures,
        sum(record_key)::bigint as record_keys
    from marked
    group by flag
),

shown as (
    select
        counted.flag,
        counted.is_moved,
        case when not counted.is_moved then counted.records end as records,
        case
            when counted.is_moved
                then protected(counted.flag, counted.seizures, counted.record_keys, whole.seizures, whole.record_keys)
            else counted.seizures
        end as seizures
    from counted
    cross join whole
)

select *
from shown
where not is_moved or seizures > 0
order by seizures desc, flag;
