-- One row per period, departure, destination as read, basis of it and side of interception: both ends of a corridor over time.
-- Params: $scope, $period (month, quarter, year, us_fy, au_fy, uk_fy).
select
    period_label(seized_month, $period) as period,
    period_start(seized_month, $period) as period_start,
    departure_country_code,
    destination_country_code,
    destination_basis,
    interception_side,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg) as quantity_kg
from in_scope('cube', $scope)
group by all
order by
    period_start nulls last, departure_country_code, destination_country_code, destination_basis, interception_side;
