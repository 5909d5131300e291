-- One row per source behind the scope, most seizures first.
-- Params: $scope.
select
    source.source_id,
    source.title,
    source.publisher,
    source.licence_id,
    source.may_redistribute,
    source.tlp,
    source.europol_handling,
    source.citation,
    source.is_synthetic,
    sum(counted.seizures)::bigint as seizures
from in_scope('cube', $scope) as counted
inner join source using (source_id)
group by all
order by seizures desc, source.source_id;
