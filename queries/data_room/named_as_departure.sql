-- One row per departure country: how often it is named by the services that made the seizures.
-- Params: $scope.
select
    departure_country_code,
    sum(seizures)::bigint as seizures
from in_scope('cube', $scope)
where departure_country_code <> 'ZZ'
group by departure_country_code
order by seizures desc, departure_country_code;
