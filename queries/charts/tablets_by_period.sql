-- One row per period, calendar year, category of one dimension, service and seizing country: MDMA, how much of it in counted tablets or with a measured purity.
-- Params: $scope, $period (month, quarter, year, us_fy, au_fy, uk_fy), $dimension (drug, departure, destination, channel, side, reporter).
with sorted_into as (
    select
        *,
        case $dimension
            when 'drug' then drug
            when 'departure' then departure_country_code
            when 'destination' then destination_country_code
            when 'channel' then channel
            when 'side' then interception_side
            when 'reporter' then seizure_country_code
            else error('unknown dimension')
        end as category,
        -- A measured purity of the row itself comes before the mean content of its year.
        purity_pct is not null and quantity_kg is not null as is_measured,
        case unit
            when 'tablet' then quantity
            when 'thousand_tablets' then 1000 * quantity
        end as pieces
    from in_scope('seizure', $scope)
    where drug = 'MDMA'
)

select
    period_label(seized_month, $period) as period,
    period_start(seized_month, $period) as period_start,
    seized_year,
    category,
    service_id,
    seizure_country_code,
    sum(seizures)::bigint as seizures,
    coalesce(sum(seizures) filter (is_measured), 0)::bigint as seizures_measured,
    coalesce(sum(seizures) filter (not is_measured and pieces > 0), 0)::bigint as seizures_counted,
    coalesce(sum(pieces) filter (not is_measured and pieces > 0), 0)::double as tablets,
    coalesce(sum(quantity_kg_low * purity_pct / 100) filter (is_measured), 0)::double as measured_kg_low,
    coalesce(sum(quantity_kg * purity_pct / 100) filter (is_measured), 0)::double as measured_kg,
    coalesce(sum(quantity_kg_high * purity_pct / 100) filter (is_measured), 0)::double as measured_kg_high
from sorted_into
group by all
order by period_start nulls last, seized_year, category, service_id, seizure_country_code;
