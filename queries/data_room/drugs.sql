-- One row per drug in the pool, most seizures first; any of them can be charted.
select
    cube.drug,
    drug.label,
    drug.is_charted,
    sum(cube.seizures)::bigint as seizures,
    min(cube.seized_month) as month_from,
    max(cube.seized_month) as month_to
from cube
inner join drug on cube.drug = drug.drug
group by all
order by seizures desc, cube.drug;
