-- One row per single seizure, without its id, place or substance: dates of the steps after it. Never shown as rows.
-- Params: $scope.
select
    seized_on,
    case_opened_on,
    suspects,
    prosecuted_on,
    verdict_on
from in_scope('seizure', $scope)
where seizures = 1
order by seized_on, case_opened_on nulls last, prosecuted_on nulls last, verdict_on nulls last, suspects nulls last;
