-- One row per record of a candidate pair: two rows a pair with how many pairs there are in all, those that a rule wants looked at first, then the most doubtful.
-- Params: $decided (link, queue or no), $pair_limit. Reads link_candidate, seizure, source and delivery.
with chosen as (
    select
        *,
        count(*) over () as pairs,
        row_number() over (
            order by rule is null or decided <> 'queue', abs(coalesce(probability, 1) - 0.5), seizure_id, other_seizure_id
        ) as place
    from link_candidate
    where decided = $decided
    qualify place <= $pair_limit
),

sided as (
    select chosen.*, 1 as side, seizure_id as told_id from chosen
    union all
    select chosen.*, 2, other_seizure_id from chosen
)

select
    sided.place,
    sided.side,
    sided.seizure_id as one,
    sided.other_seizure_id as other,
    sided.pairs,
    sided.rule,
    sided.weight,
    sided.probability,
    sided.decision,
    sided.decided_by,
    source.contributor as service,
    told.record_id,
    delivery.file_name,
    told.row_number,
    case told.date_precision when 'day' then told.seized_on::varchar else strftime(told.seized_on, '%Y-%m') end as found_on,
    told.seizure_country_code as found_in,
    told.departure_country_code as departure,
    told.destination_country_code as destination,
    told.channel,
    told.drug,
    told.form,
    concat_ws(' ', told.quantity_reported, told.unit_reported) as quantity_told,
    told.unit = 'tablet' as is_counted,
    told.quantity_kg,
    told.item_weight_kg as gross_kg,
    told.concealment,
    told.declared_contents,
    told.information_country_code as on_information_from,
    told.is_controlled_delivery as controlled_delivery,
    left(told.tracking_hash, 8) as tracking_hash
from sided
inner join seizure as told on sided.told_id = told.seizure_id
inner join source on told.source_id = source.source_id
inner join delivery on told.delivery_id = delivery.delivery_id
order by sided.place, sided.side;
