-- One row per month, departure, destination and kind of item: how many items a postal operator carried.
-- Reads the table calibration.
select
    strftime(range, '%Y-%m-%d') as period_from,
    strftime(last_day(range), '%Y-%m-%d') as period_to,
    volume.item as departure,
    lane.destination,
    kind.channel,
    round(
        volume.value * lane.share * kind.share
        * pow(kind.yearly, (year(range) - 2018) + month(range) / 12)
        * (1 + 0.22 * cos(2 * pi() * (month(range) - 12) / 12))
        * (1 + 0.03 * bell(year(range) * 10000 + month(range) * 100 + kind.place * 10 + lane.place, volume.item))
    )::bigint::varchar as value
from calibration as volume
cross join range(timestamp '2018-01-01', timestamp '2026-01-01', interval 1 month)
cross join (values ('US', 0.30, 1), ('AU', 0.08, 2), ('NZ', 0.02, 3), ('GB', 0.45, 4), ('CA', 0.15, 5)) as lane (destination, share, place)
cross join (values ('letter post', 0.7, 0.92, 1), ('parcel post', 0.3, 1.04, 2)) as kind (channel, share, yearly, place)
where volume.key = 'items_a_month'
    and volume.item <> lane.destination
order by period_from, departure, lane.place, kind.place;
