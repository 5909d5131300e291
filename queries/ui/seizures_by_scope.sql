-- One row per scope of a list, in its order: how many seizures it holds.
-- Params: $scopes (a list of scopes).
with wanted as (
    select
        unnest($scopes) as scope,
        generate_subscripts($scopes, 1) as place
)

select
    wanted.place,
    (select coalesce(sum(counted.seizures), 0) from in_scope('cube', wanted.scope) as counted)::bigint as seizures
from wanted
order by wanted.place;
