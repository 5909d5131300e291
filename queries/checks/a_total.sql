-- Rule: a row that adds up other rows is no record of its own.
-- A row whose words are all known can only add up by its place.
select
    row_number,
    'row' as field,
    total_reported as value
from (
    select
        row_number,
        row_mark,
        list_filter(
            [
                record_id, seized_on_reported, seizure_country_reported, seizure_place, departure_country_reported,
                destination_country_reported, drug_reported, transport_reported
            ],
            lambda words: is_total(words)
        )[1] as total_reported
    from incoming
    where seized_on is null
        or seizure_country_code = 'ZZ'
        or drug = 'all drugs'
        or seizure_place ilike '%tot%'
        or list_bool_or(list_transform(flags, lambda flag: starts_with(flag, 'unlisted_')))
        or row_mark = 'total'
)
where total_reported is not null
    or row_mark = 'total';
