-- One row per delivered reference figure, with every figure column as text and its number among identical rows.
-- Reads the views delivered_file and constant_row and the empty table figure_template.
with hashed as (
    select
        *,
        md5(row(*columns(* exclude (row_number)))::varchar) as raw_hash
    from delivered_file
),

complete as (
    select * from figure_template
    union all by name
    select * from hashed cross join constant_row
)

select
    row_number,
    nullif(case when has_odd_space(columns(* exclude (row_number))) then one_space(columns(* exclude (row_number))) else trim(columns(* exclude (row_number))) end, ''),
    row_number() over (partition by raw_hash order by row_number) as nth
from complete;
