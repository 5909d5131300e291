-- One row: how much of everything there is in the world.
-- Reads the tables event and record.
select
    (select count(*) from event) as events,
    (select count(distinct number) from record) as events_told,
    (select count(*) from record) as records,
    (select count(distinct number) from record where rule is null) as events_accepted,
    (select count(*) from event where told_again is not null) as events_that_two_services_know,
    (select count(*) from (select number from record group by number having count(*) = 2)) as events_told_twice,
    (select count(*) from event where is_controlled) as controlled_deliveries,
    (select count(distinct series_number) from event) as linked_series,
    (select count(*) from event where series_number is not null) as parcels_in_series,
    (select count(*) from record where is_unit_error) as unit_errors,
    (select count(*) from event where item = 'freight') as bulk_events,
    (select count(*) from event where is_by_team) as events_by_team,
    (select count(*) from event where is_reused) as events_with_reused_number,
    (select count(*) from record where told_destination is null) as records_without_destination,
    (select count(*) from event where why_untold = 'not_registered') as events_not_registered,
    (select count(*) from event where why_untold = 'not_yet_reported') as events_not_yet_reported,
    (select count(*) from event where case_opened_on is not null) as cases_opened,
    (select count(*) from event where arrests > 0) as events_with_arrest,
    (select count(*) from event where prosecuted_on is not null) as events_prosecuted,
    (select count(*) from event where verdict = 'convicted') as events_with_conviction;
