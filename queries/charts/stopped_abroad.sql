-- One row per period, informing country and seizing country: seizures made in one country on information from another.
-- A measure of its own: these seizures are counted already, where the drug was taken, and are never added to a total.
-- Protected counts, without kilograms, which would tell them; a period of a seizing country with fewer than ten seizures is not told.
-- Params: $scope, $period (as in seizures_by_period). The record of the service that took the drug carries the count.
with informed as (
    select
        event_role.event_id,
        min(event_role.service_country_code) as informing_country_code
    from event_role
    inner join seizure using (seizure_id)
    where event_role.role = 'on information from'
    group by event_role.event_id
),

counted as (
    select
        period_label(told.seized_month, $period) as period,
        period_start(told.seized_month, $period) as period_start,
        coalesce(told.information_country_code, informed.informing_country_code) as informing_country_code,
        told.seizure_country_code,
        informed.event_id is not null as is_told_by_both,
        told.seizures,
        told.record_key
    from in_scope('seizure', $scope) as told
    left join informed on told.event_id = informed.event_id
    where told.is_event_lead
        and told.seized_month is not null
),

whole as (
    select
        period_start,
        seizure_country_code,
        sum(seizures)::bigint as seizures,
        sum(record_key)::bigint as record_keys
    from counted
    group by all
),

cell as (
    select
        period,
        period_start,
        informing_country_code,
        seizure_country_code,
        sum(seizures)::bigint as seizures,
        sum(record_key)::bigint as record_keys,
        sum(seizures) filter (is_told_by_both)::bigint as seizures_told_by_both,
        sum(record_key) filter (is_told_by_both)::bigint as record_keys_told_by_both
    from counted
    where informing_country_code <> seizure_country_code
    group by all
),

shown as (
    select
        cell.period,
        cell.period_start,
        cell.informing_country_code,
        cell.seizure_country_code,
        protected('informing', cell.seizures, cell.record_keys, whole.seizures, whole.record_keys) as seizures,
        protected('both', cell.seizures_told_by_both, cell.record_keys_told_by_both, whole.seizures, whole.record_keys)
            as seizures_told_by_both
    from cell
    inner join whole
        on cell.period_start = whole.period_start
        and cell.seizure_country_code = whole.seizure_country_code
)

select *
from shown
where seizures > 0
order by period_start, informing_country_code, seizure_country_code;
