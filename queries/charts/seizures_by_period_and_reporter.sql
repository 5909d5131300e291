-- One row per period, category of one dimension, service and seizing country, so that reporters can be taken out.
-- Params: $scope, $period (month, quarter, year, us_fy, au_fy, uk_fy), $dimension (drug, departure, destination, corridor, channel, side, reporter).
with sorted_into as (
    select
        *,
        case $dimension
            when 'drug' then drug
            when 'departure' then departure_country_code
            when 'destination' then destination_country_code
            when 'corridor' then departure_country_code || '-' || destination_country_code
            when 'channel' then channel
            when 'side' then interception_side
            when 'reporter' then seizure_country_code
            else error('unknown dimension')
        end as category
    from in_scope('cube', $scope)
)

select
    period_label(seized_month, $period) as period,
    period_start(seized_month, $period) as period_start,
    category,
    service_id,
    seizure_country_code,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg) as quantity_kg,
    sum(quantity_kg_low) as quantity_kg_low,
    sum(quantity_kg_high) as quantity_kg_high,
    sum(seizures_without_kg)::bigint as seizures_without_kg,
    list_slice(list_reverse_sort(flatten(list(largest_kg))), 1, 5)::double[] as largest_kg
from sorted_into
group by period, period_start, category, service_id, seizure_country_code
order by period_start nulls last, category, service_id, seizure_country_code;
