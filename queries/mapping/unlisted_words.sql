-- One row per field and word that the vocabulary does not list, with the rows that carry it.
-- Reads the tables incoming, held and worded. Words of notes and totals are not asked about.
with flagged as (
    select
        incoming.row_number,
        replace(unnest(incoming.flags), 'unlisted_', '') as field,
        unnest(incoming.flags) as flag
    from incoming
    where incoming.row_number not in (select row_number from held where starts_with(rule, 'a_'))
),

spoken as (
    select
        flagged.field,
        case flagged.field
            when 'seizure_country' then worded.seizure_country
            when 'transit_countries' then worded.transit_countries
            when 'information_country' then worded.information_country
            when 'is_controlled_delivery' then worded.is_controlled_delivery
            when 'verdict' then worded.verdict
            when 'departure_country' then worded.departure_country
            when 'destination_country' then worded.destination_country
            when 'production_country' then worded.production_country
            when 'drug' then worded.drug
            when 'unit' then worded.unit
            when 'form' then worded.form
            when 'transport' then worded.transport
            when 'channel_detail' then worded.channel_detail
            when 'operator' then worded.operator
            when 'hiding_place' then worded.hiding_place
            when 'place_type' then worded.place_type
            when 'routing' then worded.routing
            when 'detection_method' then worded.detection_method
            when 'declared_contents' then worded.declared_contents
            when 'advance_data' then worded.advance_data
        end as word
    from flagged
    inner join worded on flagged.row_number = worded.row_number
    where starts_with(flagged.flag, 'unlisted_')
)

select
    field,
    word,
    count(*) as rows
from spoken
group by all
order by rows desc, field, word;
