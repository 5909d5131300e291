-- One row per year of seizure and step (seized, case_opened, suspect, prosecuted, verdict): how many single seizures reached it.
-- Sources that count several seizures in a row are left out: what they hold one of is no fair sample. A later step implies the
-- earlier ones, told or not: a verdict without a date of opening was a case. `seized` is a plain count; the others are protected,
-- and null where the year has fewer than ten.
-- Params: $scope.
with summed as (
    select
        seized_year,
        verdict_on is not null as has_verdict,
        has_verdict or prosecuted_on is not null as is_prosecuted,
        is_prosecuted or coalesce(suspects > 0, false) as has_suspect,
        has_suspect or case_opened_on is not null as has_case,
        count(*) as seizures,
        sum(record_key)::bigint as record_keys
    from in_scope('seizure', $scope)
    where source_id not in (select source_id from seizure where seizures > 1)
    group by all
),

told as (
    select
        seized_year,
        seizures,
        record_keys,
        unnest([
            {'place': 1, 'step': 'seized', 'is_reached': true},
            {'place': 2, 'step': 'case_opened', 'is_reached': has_case},
            {'place': 3, 'step': 'suspect', 'is_reached': has_suspect},
            {'place': 4, 'step': 'prosecuted', 'is_reached': is_prosecuted},
            {'place': 5, 'step': 'verdict', 'is_reached': has_verdict}
        ], recursive := true)
    from summed
),

cell as (
    select
        seized_year,
        place,
        step,
        sum(seizures)::bigint as whole_seizures,
        sum(record_keys)::bigint as whole_keys,
        sum(seizures) filter (is_reached)::bigint as seizures,
        sum(record_keys) filter (is_reached)::bigint as record_keys
    from told
    group by all
)

select
    seized_year as cohort,
    step,
    case step when 'seized' then seizures else protected(step, seizures, record_keys, whole_seizures, whole_keys) end as seizures
from cell
order by cohort, place;
