-- One row per pair of series of single records whose months overlap or touch: where there is none, nothing can be told twice.
-- Reads the table linkable.
with span as (
    select
        series_id,
        min(month) as month_from,
        max(month) as month_to
    from linkable
    group by series_id
)

select
    one.series_id,
    other.series_id as other_series_id
from span as one
inner join span as other
    on one.series_id < other.series_id
    and one.month_from <= other.month_to + interval 1 month
    and other.month_from <= one.month_to + interval 1 month
order by all;
