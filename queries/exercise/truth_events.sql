-- One row per seizure that happened in the made-up world, told or not.
-- Reads the tables event, telling and dirt.
with told as (
    select
        number,
        count(*) as tellings,
        count(*) filter (dirt.rule is null) as tellings_accepted
    from telling
    left join dirt on telling.record_number = dirt.record_number
    group by number
)

select
    event.number as event_id,
    event.source_id,
    event.seizure_country,
    event.happened_on,
    event.seized_month,
    event.departure,
    event.town as departure_place,
    event.destination,
    event.side,
    event.drug,
    event.form,
    event.item,
    event.item_kind as channel_detail,
    event.operator,
    event.kg,
    event.tablets,
    event.tablet_kg,
    event.eur_at_departure,
    event.eur_at_destination,
    event.concealment,
    event.declared_contents,
    event.detection_method,
    event.advance_data,
    event.barrier_step,
    event.is_controlled as is_controlled_delivery,
    event.is_by_team,
    event.told_again as told_again_as,
    case when event.told_again is not null then event.sender_id end as told_again_by,
    event.is_blind,
    event.tracking_number,
    event.numbers_told as tracking_number_told_by,
    event.is_mistyped as is_tracking_number_mistyped,
    event.is_reused as is_tracking_number_reused,
    event.series_number as linked_series,
    event.item = 'freight' as is_bulk,
    event.reported_on,
    event.case_opened_on,
    event.suspects,
    event.arrests,
    event.prosecuted_on,
    event.verdict_on,
    event.verdict,
    event.why_untold,
    coalesce(told.tellings, 0) as tellings,
    coalesce(told.tellings_accepted, 0) as tellings_accepted
from event
left join told on event.number = told.number
order by event.number;
