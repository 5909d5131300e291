-- One row per departure and twentieth of what is sent from there: the town where it is posted.
-- Reads the table town_share.
with listed as (
    select
        departure,
        town,
        unnest(range(twentieths)) as nth
    from town_share
)

select
    departure::code as departure,
    row_number() over (partition by departure order by town, nth) - 1 as place,
    town::code as town
from listed
order by departure, place;
