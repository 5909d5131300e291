-- One row per parcel that was stopped: the truth, with what came of it and why nobody told of it, if nobody did.
-- Params: $received_on. Reads the view stopped and the tables habit and gap_month.
with pursued as (
    select
        stopped.*,
        draw(sender_number, 'case') < case when is_controlled then 0.95 when series_number is not null or is_by_team then 0.4 else habit.share_case_opened end
            as has_case,
        happened_on + (1 + floor(draw(sender_number, 'to case') * 40))::integer as case_on,
        draw(sender_number, 'arrest') < rate('arrests_per_case') as has_arrest,
        draw(sender_number, 'verdict') as verdict_draw,
        exp(ln(habit.delay_median_days) + habit.delay_sigma * bell(number, 'delay')) as delay_days
    from stopped
    inner join habit on stopped.source_id = habit.source_id
),

dated as (
    select
        pursued.*,
        case when has_case and case_on <= $received_on then case_on end as case_opened_on,
        case when has_case and has_arrest then case_on + (60 + floor(draw(sender_number, 'to court') * 140))::integer end as court_on,
        happened_on + greatest(1, round(delay_days))::integer as reported_on
    from pursued
),

judged as (
    select
        dated.*,
        case when court_on <= $received_on then court_on end as prosecuted_on,
        case when verdict_draw < 0.8 then court_on + (150 + floor(draw(sender_number, 'to verdict') * 300))::integer end as judged_on
    from dated
)

select
    judged.* exclude (delay_days, court_on, judged_on, has_case, has_arrest, case_on, verdict_draw, sender_number, country, month, serial),
    case when numbers_told <> 'none' then s10(
        case
            when is_reused then 'RR'
            when item = 'letter' then ['RR', 'LX', 'UA'][1 + number // 64 % 3]
            else ['CP', 'EE', 'HB'][1 + number // 64 % 3]
        end,
        serial,
        departure::varchar,
        is_mistyped::integer
    ) end as tracking_number,
    judged.country as seizure_country,
    judged.month as seized_month,
    case when case_opened_on is not null then 1 + floor(draw(number, 'suspects') * 3)::integer end as suspects,
    case when case_opened_on is not null then case when has_arrest then 1 else 0 end end as arrests,
    case when judged_on <= $received_on then judged_on end as verdict_on,
    case
        when judged_on <= $received_on
            then case when verdict_draw < rate('convicted_per_arrest') then 'convicted' when verdict_draw < 0.7 then 'acquitted' else 'dismissed' end
    end::code as verdict,
    case when drug = 'MDMA' and tablets is not null then tablets * rate('eur_per_tablet_departure') end as eur_at_departure,
    case when drug = 'MDMA' and tablets is not null then tablets * rate('eur_per_tablet_destination') end as eur_at_destination,
    case
        when gap_month.source_id is not null then gap_month.kind
        when judged.source_id = 'ex_nl_customs' and judged.month < date '2020-01-01'
            and draw(number, 'registered') >= rate('registered_before_2020') then 'not_registered'
        when reported_on > $received_on then 'not_yet_reported'
    end::code as why_untold
from judged
left join gap_month on judged.source_id = gap_month.source_id and judged.month = gap_month.month;
