-- One row per single seizure, without its id, place or substance: dates of the steps after it. Never shown as rows.
-- Sources that count several seizures in a row are left out: what they hold one of is no fair sample.
-- Disclosure: for methods only.
-- Params: $scope.
select
    seized_on,
    case_opened_on,
    suspects,
    prosecuted_on,
    verdict_on
from in_scope('seizure', $scope)
where source_id not in (select source_id from seizure where seizures > 1)
order by seized_on, case_opened_on nulls last, prosecuted_on nulls last, verdict_on nulls last, suspects nulls last;
