-- One row per barrier step and part of the scope (all of it, a side of interception, a channel); the step is null for all that name one.
-- `seizures` is protected, and null where the part holds fewer than ten: then no step is told. `seizures_of_part` is a plain count.
-- Params: $scope.
with summed as (
    select
        barrier_step,
        interception_side,
        channel,
        sum(seizures)::bigint as seizures,
        sum(record_key)::bigint as record_keys
    from in_scope('seizure', $scope)
    group by all
),

told as (
    select
        barrier_step,
        seizures,
        record_keys,
        unnest([
            {'part': 'all', 'category': null},
            {'part': 'interception_side', 'category': interception_side},
            {'part': 'channel', 'category': channel}
        ], recursive := true)
    from summed
),

whole as (
    select
        part,
        category,
        sum(seizures)::bigint as seizures,
        sum(record_keys)::bigint as record_keys
    from told
    group by all
),

cell as (
    select
        part,
        category,
        barrier_step,
        sum(seizures)::bigint as seizures,
        sum(record_keys)::bigint as record_keys
    from told
    where barrier_step is not null
    group by all
    union all
    select
        part,
        category,
        null,
        coalesce(sum(seizures) filter (barrier_step is not null), 0)::bigint,
        sum(record_keys) filter (barrier_step is not null)::bigint
    from told
    group by all
),

shown as (
    select
        cell.part,
        cell.category,
        cell.barrier_step,
        protected('barrier_step', cell.seizures, cell.record_keys, whole.seizures, whole.record_keys) as seizures,
        whole.seizures as seizures_of_part
    from cell
    inner join whole on cell.part = whole.part and cell.category is not distinct from whole.category
)

select
    part,
    category,
    barrier_step,
    seizures,
    seizures_of_part
from shown
where barrier_step is null or seizures > 0
order by part, category nulls first, barrier_step nulls first;
