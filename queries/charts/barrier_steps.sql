-- One row per barrier step, side of interception and channel; the step is null where the row names none.
-- Disclosure: by barrier_step, interception_side, channel; hides seizures, controlled_deliveries.
-- Params: $scope.
select
    barrier_step,
    interception_side,
    channel,
    sum(seizures)::bigint as seizures,
    count(*) filter (is_controlled_delivery) as controlled_deliveries
from in_scope('seizure', $scope)
group by all
order by barrier_step nulls last, interception_side, channel;
