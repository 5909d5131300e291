-- One row per made-up delivered seizure: skewed as the real files are, the same for the same number of rows.
-- About ten rows share a cell of the cube at a million, as in the official export (twelve).
-- Params: $rows.
with dice as (
    select
        number,
        hash(number, 1) % 1000000 / 1e6 as a,
        hash(number, 2) % 1000000 / 1e6 as b,
        hash(number, 3) % 1000000 / 1e6 as c,
        hash(number, 4) % 1000000 / 1e6 as d,
        hash(number, 5) % 1000000 / 1e6 as e,
        hash(number, 6) % 1000000 / 1e6 as f,
        hash(number, 8) % 1000000 / 1e6 as g
    from range($rows::bigint) as drawn(number)
)

select
    'B' || number as record_id,
    strftime(date '2014-01-01' + ((1 - a * a) * 4300)::integer, '%Y-%m-%d') as seized_on,
    (['NZ', 'US', 'AU', 'NL', 'DE', 'BE', 'GB', 'FR', 'ES', 'SE'])[1 + (b ** 6 * 9.49)::integer] as seizure_country,
    case when c < 0.9 then (['NL', 'DE', 'BE', 'GB', 'FR', 'PL', 'ES', 'IT', 'AT', 'CH', 'LU', 'IE', 'PT', 'SE', 'DK', 'CZ',
        'CN', 'IN', 'US', 'CA', 'MX', 'TH', 'HK', 'SG'])[1 + (c ** 6 * 44)::integer] end as departure_country,
    case when b > 0.8 then (['NZ', 'AU', 'US'])[1 + (d ** 3 * 2.49)::integer] end as destination_country,
    case when e < 0.45 then 'MDMA' when e < 0.6 then 'ketamine' when e < 0.95 then 'cocaine' else 'heroin' end as drug,
    case when f < 0.85 then round(exp(f * 14 - 6), 3)::varchar end as quantity,
    case when f < 0.85 then 'g' end as unit,
    case when g < 0.93 then 'mail' when g < 0.98 then 'courier' end as transport,
    'place ' || (hash(number, 7) % 900)::varchar as seizure_place
from dice;
