-- One row per parcel: its number, its lane and month, its own country, and which parcel of a series it is.
-- Reads the table cell_count. The number is the first parcel's times 64 plus the place in the series.
with first_parcel as (
    select
        cell_count.* exclude (cell_number, parcels, before),
        before + unnest(range(parcels)) as first_number
    from cell_count
),

sized as (
    select
        *,
        case
            when draw(first_number, 'series') < rate('series_share')
                then 5 + floor(draw(first_number, 'series size') * (rate('series_parcels_most') - 4))::bigint
            else 1
        end as parcels
    from first_parcel
)

select
    first_number * 64 + nth as number,
    sized.* exclude (first_number, parcels, nth),
    case when parcels > 1 then first_number end as series_number,
    -- Parcels of a series go out within some days.
    month + least(
        floor(draw(first_number, 'day') * day(last_day(month)))::integer + (nth // 4)::integer, day(last_day(month)) - 1
    )::integer as happened_on
from (select *, unnest(range(parcels)) as nth from sized) as sized;
