-- One row per parcel: its number, its lane and month, its own country, and which parcel of a series it is.
-- Reads the tables cell, cell_count and habit. The number is the first parcel's times 64 plus the place in the series.
with first_parcel as (
    select
        cell_count.before::bigint + unnest(range(cell_count.parcels)) as first_number,
        cell.source_id,
        cell.month,
        cell.departure,
        cell.destination,
        cell.drug
    from cell_count
    inner join cell on cell_count.cell_number = cell.cell_number
),

sized as (
    select
        first_parcel.*,
        habit.country_code as country,
        case
            when draw(first_number, 'series') < rate('series_share')
                then 5 + floor(draw(first_number, 'series size') * (rate('series_parcels_most') - 4))::bigint
            else 1
        end as parcels
    from first_parcel
    inner join habit on first_parcel.source_id = habit.source_id
)

select
    first_number * 64 + nth as number,
    sized.* exclude (first_number, parcels),
    case when parcels > 1 then first_number end as series_number,
    nth as nth_in_series,
    -- Parcels of a series go out within some days.
    month + least(
        floor(draw(first_number, 'day') * day(last_day(month)))::integer + (nth // 4)::integer, day(last_day(month)) - 1
    )::integer as happened_on
from sized, lateral (select unnest(range(parcels)) as nth);
