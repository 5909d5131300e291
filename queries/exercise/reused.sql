-- One row per Dutch item by mail whose number comes round again: two items, years apart, share a serial.
-- Reads the table seed.
with chosen as (
    select
        seed.number,
        row_number() over (order by seed.happened_on, seed.number) - 1 as place,
        count(*) over () // 2 as pairs
    from seed
    where seed.source_id = 'ex_nl_customs'
        and seed.departure = 'NL'
        and seed.series_number is null
        and draw(seed.number, 'reused') < rate('reused_share')
)

select
    number,
    floor(draw(place % pairs, 'reused serial') * 1e8)::bigint as serial
from chosen
where pairs > 0 and place < 2 * pairs;
