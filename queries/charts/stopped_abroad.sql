-- One row per period, informing country and seizing country: seizures made in one country on information from another.
-- A measure of its own: these seizures are counted already, where the drug was taken, and are never added to a total.
-- Params: $scope, $period (as in seizures_by_period). The record of the service that took the drug carries the count and the kilograms.
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
        told.*,
        coalesce(told.information_country_code, informed.informing_country_code) as informing_country_code,
        informed.event_id is not null as is_told_by_both
    from in_scope('seizure', $scope) as told
    left join informed on told.event_id = informed.event_id
    where told.is_event_lead
        and told.seized_month is not null
)

select
    period_label(seized_month, $period) as period,
    period_start(seized_month, $period) as period_start,
    informing_country_code,
    seizure_country_code,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg) as quantity_kg,
    coalesce(sum(seizures) filter (quantity_kg is null), 0)::bigint as seizures_without_kg,
    coalesce(sum(seizures) filter (is_told_by_both), 0)::bigint as seizures_told_by_both
from counted
where informing_country_code <> seizure_country_code
group by all
order by period_start, informing_country_code, seizure_country_code;
