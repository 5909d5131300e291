-- One row per service, month found and month reported; reported_month is null where nobody told it.
-- Params: $scope.
select
    service_id,
    seized_month,
    date_trunc('month', reported_on)::date as reported_month,
    sum(seizures)::bigint as seizures
from in_scope('seizure', $scope)
where seized_month is not null
group by all
order by service_id, seized_month, reported_month nulls last;
