-- One row per record that a service has written and could deliver by now, in the order of the files: the parcel as it is told.
-- Params: $received_on. Reads the tables event, habit and gap_month. `telling` is 1 for the service that took it, 2 for the sender's.
with told as (
    select
        event.*,
        1 as telling,
        number * 2 as record_number,
        source_id as told_by,
        happened_on as told_on,
        reported_on as told_reported_on,
        numbers_told in ('own', 'both') as has_number
    from event
    where why_untold is null
    union all
    select
        event.*,
        2 as telling,
        number * 2 + 1 as record_number,
        sender_id as told_by,
        happened_on + case told_again when 'controlled' then -1 else 1 end * floor(draw(number, 'days apart') * 4)::integer as told_on,
        happened_on as told_reported_on,
        numbers_told in ('other', 'both') as has_number
    from event
    where told_again is not null
),

written as (
    select
        told.* exclude (told_reported_on),
        habit.share_tablets_counted,
        habit.share_blank_departure,
        habit.share_blank_destination,
        habit.share_day_known,
        habit.share_town,
        habit.share_operator,
        habit.share_kind,
        case
            when telling = 1 then told_reported_on
            else told_on + greatest(1, round(exp(ln(delay_median_days) + delay_sigma * bell(record_number, 'delay'))))::integer
        end as told_reported_on,
        telling = 2 and draw(record_number, 'coarse') < rate('coarse_share') as is_coarse,
        kg * case when telling = 2 then 1 + 0.008 * greatest(-2, least(2, bell(record_number, 'scales'))) else 1 end as told_kg,
        case
            when telling = 1 then seizure_country
            -- On our information: half of the senders write where it was taken, half write themselves.
            when told_again = 'information' and not is_blind and draw(record_number, 'where') < 0.5 then seizure_country
            else departure
        end as told_country
    from told
    inner join habit on told.told_by = habit.source_id
)

select
    record_number,
    number,
    telling,
    told_by as source_id,
    case
        when telling = 1 then 'seized_by'
        when told_again = 'controlled' then 'detected_by'
        else 'information_from'
    end::code as role,
    told_again,
    told_on,
    told_reported_on,
    told_country,
    case when draw(record_number, 'blank departure') >= share_blank_departure then departure end as told_departure,
    case when draw(record_number, 'blank destination') >= share_blank_destination then destination end as told_destination,
    case
        when is_blind then null
        when told_again in ('information', 'handover') and telling = 2 then departure
        when told_again in ('information', 'handover') and draw(number, 'thanks') < 0.85 then departure
    end as told_information,
    coalesce(case when is_controlled and not is_blind then draw(record_number, 'controlled') < 0.9 end, false) as told_controlled,
    happened_on,
    seizure_country,
    departure,
    destination,
    drug,
    form,
    item,
    side,
    item_kind,
    case when draw(record_number, 'town') < share_town then town end as told_town,
    case when draw(record_number, 'operator') < share_operator then operator end as told_operator,
    item in ('courier', 'freight') or draw(record_number, 'kind') < share_kind as is_kind_told,
    kg,
    case when is_coarse then two_figures(told_kg) else told_kg end as told_kg,
    tablets,
    item <> 'freight' and tablets is not null and draw(number, 'counted') < share_tablets_counted as is_counted,
    told_by in ('ex_nl_customs', 'ex_de_customs', 'ex_au_border') and telling = 1 and told_again is null and kg between 0.02 and 1
    and draw(record_number, 'unit') < rate('unit_error_share')
    and not (tablets is not null and draw(number, 'counted') < share_tablets_counted) as is_unit_error,
    is_coarse,
    is_mistyped,
    is_reused,
    is_by_team and telling = 1 as is_by_team,
    case when has_number then tracking_number end as tracking_number,
    detection_method,
    advance_data,
    barrier_step,
    concealment,
    declared_contents,
    series_number,
    case when telling = 1 then case_opened_on end as case_opened_on,
    case when telling = 1 then suspects end as suspects,
    case when telling = 1 then arrests end as arrests,
    case when telling = 1 then prosecuted_on end as prosecuted_on,
    case when telling = 1 then verdict_on end as verdict_on,
    case when telling = 1 then verdict end as verdict,
    draw(record_number, 'day known') < share_day_known as is_day_known
from written
where told_reported_on <= $received_on
    and told_on >= date '2018-01-01'
    and not exists (
        from gap_month
        where gap_month.source_id = written.told_by
            and gap_month.month = date_trunc('month', written.told_on)
    )
order by source_id, told_reported_on, record_number;
