-- One row per year of seizure, pair of steps and number of days: how many single seizures took at most so long; null days: all of them.
-- Protected counts, null where the year has fewer than ten seizures. Dates that run backwards are left out, and so are the sources
-- that follow_up leaves out. Params: $scope.
with grid as (
    select unnest([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 21, 25, 30, 37, 45, 52, 60, 75, 90, 105, 120, 150, 180, 210, 240, 300, 365,
        455, 545, 730, 910, 1095, 1460, 1825, 2555, null
    ]) as at_most_days
),

single as (
    select
        seized_year,
        record_key,
        unnest([
            {'place': 1, 'from': 'seized_on', 'to': 'case_opened_on', 'days': case_opened_on - seized_on},
            {'place': 2, 'from': 'case_opened_on', 'to': 'prosecuted_on', 'days': prosecuted_on - case_opened_on},
            {'place': 3, 'from': 'prosecuted_on', 'to': 'verdict_on', 'days': verdict_on - prosecuted_on}
        ], recursive := true)
    from in_scope('seizure', $scope)
    where source_id not in (select source_id from seizure where seizures > 1)
),

whole as (
    select
        seized_year,
        place,
        "from",
        "to",
        count(*) as whole_seizures,
        sum(record_key)::bigint as whole_keys
    from single
    group by all
),

waited as (
    select
        seized_year,
        place,
        days,
        count(*) as seizures,
        sum(record_key)::bigint as record_keys
    from single
    where days >= 0
    group by all
),

cell as (
    select
        whole.*,
        grid.at_most_days,
        sum(waited.seizures)::bigint as seizures,
        sum(waited.record_keys)::bigint as record_keys
    from whole
    cross join grid
    left join waited
        on whole.seized_year = waited.seized_year
        and whole.place = waited.place
        and waited.days <= coalesce(grid.at_most_days, waited.days)
    group by all
)

select
    seized_year as cohort,
    "from",
    "to",
    at_most_days,
    protected("from", seizures, record_keys, whole_seizures, whole_keys) as seizures
from cell
order by cohort, place, at_most_days nulls last;
