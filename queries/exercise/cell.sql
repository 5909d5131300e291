-- One row per lane and month: how many first parcels of a consignment are expected, all planted effects included.
-- Params: $scale. Reads the tables lane, effect and calibration.
with monthly as (
    select
        lane.*,
        range::date as month,
        calibration.value / 12 * lane.share * $scale as level,
        1 + case lane.drug when 'MDMA' then rate('season_amplitude_MDMA') when 'ketamine' then rate('season_amplitude_ketamine') else 0 end
        * cos(2 * pi() * (month(range) - rate('season_peak_month')) / 12) as season_factor,
        -- What was stopped is more than what was registered, until the Dutch service changed its registration.
        case when lane.source_id = 'ex_nl_customs' and range < date '2020-01-01' then 1 / rate('registered_before_2020') else 1 end
            as registration_factor,
        1 / (1 + rate('series_share') * (3 + rate('series_parcels_most')) / 2) as series_factor
    from lane
    cross join range(timestamp '2018-01-01', timestamp '2026-01-01', interval 1 month)
    inner join calibration
        on calibration.key = 'seizures_a_year' and calibration.source_id = lane.source_id and calibration.year = year(range)
),

planted as (
    select
        monthly.source_id,
        monthly.departure,
        monthly.destination,
        monthly.drug,
        monthly.month,
        exp(sum(ln(case effect.kind
            when 'step' then effect.ratio
            when 'growth' then pow(effect.ratio, months_between(effect.month_from, least(month, effect.month_to)) / 12.0)
            when 'ramp' then 1 + (effect.ratio - 1) * least(
                1, (months_between(effect.month_from, month) + 1) / (months_between(effect.month_from, effect.month_to) + 1)
            )
        end) order by effect.effect)) as effect_factor
    from monthly
    inner join effect
        on coalesce(effect.source_id, monthly.source_id) = monthly.source_id
        and effect.departure = monthly.departure
        and coalesce(effect.destination, monthly.destination) = monthly.destination
        and coalesce(effect.drug, monthly.drug) = monthly.drug
        and effect.month_from <= monthly.month
    group by all
)

select
    row_number() over (order by source_id, month, departure, destination, drug) as cell_number,
    monthly.* exclude (level, season_factor, registration_factor, series_factor),
    coalesce(effect_factor, 1) as effect_factor,
    season_factor,
    level * season_factor * registration_factor * coalesce(effect_factor, 1) as events_expected,
    level * season_factor * registration_factor * series_factor * coalesce(effect_factor, 1) as parcels_expected
from monthly
left join planted using (source_id, departure, destination, drug, month);
