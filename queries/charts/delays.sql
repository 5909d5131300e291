-- One row per seizing country, month found and month reported; reported_month is null where nobody told it.
-- Params: $scope.
select
    seizure_country_code,
    seized_month,
    date_trunc('month', reported_on)::date as reported_month,
    sum(seizures)::bigint as seizures
from in_scope('seizure', $scope)
where seized_month is not null
group by all
order by seizure_country_code, seized_month, reported_month nulls last;
