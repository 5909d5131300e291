-- One row per service that seizes: its country and its habits.
-- Reads the tables contributor and calibration.
select
    contributor.source_id::code as source_id,
    contributor.country_code::code as country_code,
    max(value) filter (key = 'share_by_mail') as share_by_mail,
    max(value) filter (key = 'share_letters_of_mail') as share_letters_of_mail,
    max(value) filter (key = 'share_blank_destination') as share_blank_destination,
    max(value) filter (key = 'share_blank_departure') as share_blank_departure,
    max(value) filter (key = 'share_tracking') as share_tracking,
    max(value) filter (key = 'share_case_opened') as share_case_opened,
    max(value) filter (key = 'share_tablets_counted') as share_tablets_counted,
    max(value) filter (key = 'share_day_known') as share_day_known,
    max(value) filter (key = 'share_town') as share_town,
    max(value) filter (key = 'share_operator') as share_operator,
    max(value) filter (key = 'share_kind') as share_kind,
    max(value) filter (key = 'delay_median_days') as delay_median_days,
    max(value) filter (key = 'delay_sigma') as delay_sigma
from contributor
inner join calibration on contributor.source_id = calibration.source_id
group by all
order by source_id;
