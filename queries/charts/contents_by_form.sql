-- One row per detail (declared_contents, concealment), category of it and known form of the drug; without category: all that tell it.
-- Protected counts; null where the form has fewer than ten seizures: then by category none is told. Without form: all known forms.
-- Params: $scope.
with summed as (
    select
        declared_contents,
        concealment,
        form,
        sum(seizures)::bigint as seizures,
        sum(record_key)::bigint as record_keys
    from in_scope('seizure', $scope)
    where form <> 'unknown'
    group by all
),

told as (
    select
        'declared_contents' as dimension,
        declared_contents as category,
        form,
        seizures,
        record_keys
    from summed
    union all
    select
        'concealment',
        concealment,
        form,
        seizures,
        record_keys
    from summed
),

whole as (
    select
        dimension,
        form,
        sum(seizures)::bigint as seizures,
        sum(record_keys)::bigint as record_keys
    from told
    group by grouping sets ((dimension, form), (dimension))
),

cell as (
    select
        dimension,
        category,
        form,
        sum(seizures)::bigint as seizures,
        sum(record_keys)::bigint as record_keys
    from told
    where category <> 'unknown'
    group by grouping sets ((dimension, category, form), (dimension, form), (dimension))
),

shown as (
    select
        cell.dimension,
        cell.category,
        cell.form,
        protected(cell.dimension, cell.seizures, cell.record_keys, whole.seizures, whole.record_keys) as seizures
    from cell
    inner join whole on cell.dimension = whole.dimension and cell.form is not distinct from whole.form
)

select
    dimension,
    category,
    form,
    seizures
from shown
where category is null or seizures > 0
order by dimension, form nulls first, category nulls first;
