-- One row per period and drug, in order of time; records of which only the year is known have no month and stand apart as null.
-- Params: $scope, $period (month, quarter, year, us_fy, au_fy, uk_fy).
select
    period_label(seized_month, $period) as period,
    drug,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg) as quantity_kg,
    sum(quantity_kg_low) as quantity_kg_low,
    sum(quantity_kg_high) as quantity_kg_high,
    sum(seizures_without_kg)::bigint as seizures_without_kg,
    period_start(seized_month, $period) as period_start
from in_scope('cube', $scope)
group by period, period_start, drug
order by period_start nulls last, drug;
