-- One row per cell with first parcels, in order: how many there are and how many came before, Poisson around the expected number with noise on top.
-- Reads the table cell.
with noisy as (
    select
        cell.cell_number,
        cell.parcels_expected
        * exp(
            rate('month_sigma') * bell(hash(cell.source_id::varchar, cell.month)::hugeint % 1000000007, 'month') - pow(rate('month_sigma'), 2) / 2
            + rate('cell_sigma') * bell(cell.cell_number, 'cell') - pow(rate('cell_sigma'), 2) / 2
        ) as mean
    from cell
),

-- Small means: the distribution function, step by step. Large ones: Anscombe's root, which is near enough to normal.
steps as (
    select
        cell_number,
        mean,
        unnest(range((4 + 4 * mean + 6 * sqrt(mean))::bigint)) as count
    from noisy
    where mean between 1e-9 and 20
),

cumulated as (
    select
        cell_number,
        sum(exp(count * ln(mean) - mean - lgamma(count + 1))) over (partition by cell_number order by count) as at_most
    from steps
),

counted as (
    select
        cell_number,
        count(*) filter (at_most < draw(cell_number, 'count')) as parcels
    from cumulated
    group by cell_number
    union all
    select
        cell_number,
        greatest(0, round(pow(sqrt(mean + 0.375) + bell(cell_number, 'count') / 2, 2) - 0.375))::bigint as parcels
    from noisy
    where mean > 20
)

select
    cell.cell_number,
    cell.source_id,
    cell.country,
    cell.sender_id,
    cell.month,
    cell.departure,
    cell.destination,
    cell.drug,
    counted.parcels,
    (sum(counted.parcels) over (order by cell.cell_number) - counted.parcels)::bigint as before
from counted
inner join cell on counted.cell_number = cell.cell_number
where counted.parcels > 0
order by cell.cell_number;
