-- One row per barrier step, side of interception and channel; the step is null where the row names none.
-- Params: $scope.
select
    barrier_step,
    interception_side,
    channel,
    sum(seizures)::bigint as seizures,
    count(*) filter (is_controlled_delivery) as controlled_deliveries,
    count(*) filter (detection_method = 'information') as from_information,
    count(*) filter (advance_data <> 'unknown') as advance_data_told,
    count(*) filter (advance_data = 'good') as advance_data_good
from in_scope('seizure', $scope)
group by all
order by barrier_step nulls last, interception_side, channel;
