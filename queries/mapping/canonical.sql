-- One row per delivered row in canonical form: countries, destination and who says so, side, channel, kilograms, flags.
-- Params: $source_id, $series_id, $delivery_id, $row_step, $parts_share_a_count.
-- Reads the tables worded, row_key, factor, word, country and drug_limit.
with transit_name as (
    select
        worded.row_number,
        unnest(
            case
                when listed.word is not null then [worded.transit_countries]
                else list_filter(string_split_regex(worded.transit_countries, ' ?[;,|/>] ?'), lambda name: name <> '')
            end
        ) as name,
        unnest(range(1, 1000)) as place
    from worded
    left join word as listed on listed.field = 'country' and listed.word = fold(worded.transit_countries)
    where worded.transit_countries is not null
),

transit as (
    select
        transit_name.row_number,
        list(word.canonical order by transit_name.place) filter (word.canonical <> 'ZZ') as codes,
        bool_or(word.canonical is null) as is_unlisted
    from transit_name
    left join word on word.field = 'country' and word.word = fold(transit_name.name)
    where transit_name.name is not null
    group by transit_name.row_number
),

-- Several rows of one record number, or several quantities of one row, are exhibits of one seizure: it is counted once a drug.
exhibit as (
    select later.row_number
    from row_key as first
    inner join row_key as later on first.row_key = later.row_key and first.nth = 1 and later.nth > 1
    inner join worded as first_told on first.row_number = first_told.row_number
    inner join worded as later_told on later.row_number = later_told.row_number
    where later.is_numbered
        and later_told.seizures is null
        and first_told.seizures is null
        and first_told.seized_date is not distinct from later_told.seized_date
        and first_told.found is not distinct from later_told.found
    union
    select row_number
    from worded
    where $parts_share_a_count
    qualify row_number() over (
        partition by row_number // $row_step, drug, seized_date, found, departed, destined, transport order by row_number
    ) > 1
),

placed as (
    select
        worded.*,
        coalesce(found, 'ZZ') as seizure_country_code,
        coalesce(departed, 'ZZ') as departure_country_code,
        coalesce(destined, 'ZZ') as destination_stated,
        -- The postal rule: any of three columns may say post or courier, and then they win over the vehicle.
        case
            when 'post' in (transport_word, hiding_place_word, place_type_word) then 'post'
            when 'courier' in (transport_word, hiding_place_word, place_type_word) then 'courier'
            -- The kind of item speaks where none of the three does; a parcel that a courier carried stays with the courier.
            when kind_word in ('letter', 'packet', 'parcel', 'EMS') then 'post'
            when coalesce(kind_word, '') not in ('', 'other', 'unknown') then kind_word
            when coalesce(transport_word, '') not in ('', 'other') then transport_word
            when coalesce(place_type_word, '') not in ('', 'other') then place_type_word
            when coalesce(hiding_place_word, '') not in ('', 'other') then hiding_place_word
            when 'other' in (transport_word, hiding_place_word, place_type_word) then 'other'
            else 'unknown'
        end as channel_read,
        case date_precision_stated
            when 'day' then 'day'
            when 'month' then 'month'
            when 'year' then 'year'
        end as date_precision_read
    from worded
),

-- A reporter whose every date in a year is the first of a month wrote months, not days.
month_writer as (
    select
        seizure_country_code as writer_country_code,
        year(seized_date) as written_year
    from placed
    where date_precision_read = 'day'
    group by all
    having count(*) >= 10 and bool_and(day(seized_date) = 1)
),

headed as (
    select
        placed.*,
        case when month_writer.written_year is not null then 'month' else date_precision_read end as date_precision,
        case
            when destination_stated <> 'ZZ' then 'reported'
            when departure_country_code <> 'ZZ'
                and seizure_country_code <> 'ZZ'
                and departure_country_code <> seizure_country_code
                and (channel_read in ('post', 'courier') or routing_word = 'import' or country.is_end_destination)
                then 'inferred'
            else 'unknown'
        end as destination_basis
    from placed
    left join month_writer
        on placed.seizure_country_code = month_writer.writer_country_code
        and year(placed.seized_date) = month_writer.written_year
        and placed.date_precision_read = 'day'
    left join country on placed.seizure_country_code = country.country_code
),

bound as (
    select
        headed.*,
        case when destination_basis = 'inferred' then seizure_country_code else destination_stated end
            as destination_country_code
    from headed
),

weighed as (
    select
        bound.*,
        case
            when departure_country_code not in ('ZZ', seizure_country_code)
                and destination_country_code = seizure_country_code then 'import'
            when departure_country_code not in ('ZZ', seizure_country_code)
                and destination_country_code not in ('ZZ', seizure_country_code) then 'transit'
            when departure_country_code = seizure_country_code
                and destination_country_code not in ('ZZ', seizure_country_code) then 'export'
            when departure_country_code = seizure_country_code
                and destination_country_code = seizure_country_code then 'domestic'
            when coalesce(routing_word, '') <> '' then routing_word
            when departure_country_code = seizure_country_code and channel_read in ('post', 'courier') then 'export'
            else 'unknown'
        end as interception_side,
        case when quantity_number > 0 then quantity_number end as quantity_above_zero,
        factor.factor_id as factor_met,
        factor.kg_low,
        factor.kg_mid,
        factor.kg_high,
        coalesce(unit_kind.kind, '') as unit_kind
    from bound
    left join factor
        on coalesce(bound.drug_word, case when bound.drug is null then 'unknown' else 'other' end) = factor.drug
        and coalesce(bound.form_word, 'unknown') = factor.form
        and bound.unit_word = factor.unit
        and year(bound.seized_date) = factor.seized_year
    left join unit_kind on bound.unit_word = unit_kind.unit
)

select
    md5($series_id || '|' || row_key.row_key || '|' || row_key.nth) as seizure_id,
    $source_id as source_id,
    $series_id as series_id,
    $delivery_id as delivery_id,
    weighed.row_number,
    weighed.record_id,
    case when exhibit.row_number is not null then 0 else seizures_number end as seizures_number,
    case when exhibit.row_number is not null then 0 else seizures_high end as seizures_high,
    exhibit.row_number is not null as is_further_exhibit,
    weighed.row_mark,
    seized_date as seized_on,
    case when date_precision <> 'year' then date_trunc('month', seized_date)::date end as seized_month,
    year(seized_date)::smallint as seized_year,
    date_precision,
    reported_day as reported_on,
    seizure_country_code,
    seizure_place,
    departure_country_code,
    place_name(departure_place) as departure_place,
    coalesce(transit.codes, []::varchar[]) as transit_country_codes,
    destination_country_code,
    destination_basis,
    coalesce(produced, 'ZZ') as production_country_code,
    interception_side,
    channel_read as channel,
    case
        when channel_read <> 'post' then channel_read
        when kind_word in ('letter', 'packet', 'parcel', 'EMS') then kind_word
        when transport_kind in ('letter', 'packet', 'parcel', 'EMS') then transport_kind
        when place_type_kind in ('letter', 'packet', 'parcel', 'EMS') then place_type_kind
        else 'post'
    end as channel_detail,
    coalesce(operator_word, case when weighed.operator is null then 'unknown' else 'other' end) as operator,
    coalesce(drug_word, case when weighed.drug is null then 'unknown' else 'other' end) as drug,
    coalesce(form_word, 'unknown') as form,
    coalesce(concealment_word, 'unknown') as concealment,
    quantity_number,
    coalesce(unit_word, 'unknown') as unit,
    quantity_least,
    quantity_most,
    coalesce(quantity_above_zero, quantity_least) * kg_low as kg_low,
    coalesce(quantity_above_zero, (quantity_least + quantity_most) / 2) * kg_mid as kg_mid,
    coalesce(quantity_above_zero, quantity_most) * kg_high as kg_high,
    case when quantity_above_zero is not null or quantity_most > 0 then factor_met end as factor_id,
    case when item_weight_number between 0 and 1e11 then item_weight_number end as item_weight_kg,
    case when purity_number between 0 and 100 then purity_number end as purity_pct,
    coalesce(detection_word, 'unknown') as detection_method,
    coalesce(contents_word, 'unknown') as declared_contents,
    coalesce(advance_data_word, 'unknown') as advance_data,
    barrier_step,
    agency,
    case controlled_word when 'yes' then true when 'no' then false end as is_controlled_delivery,
    informed as information_country_code,
    linked_series,
    tracking_number,
    opened_day as case_opened_on,
    case when is_people(suspects_number) then suspects_number::integer end as suspects,
    case when is_people(arrests_number) then arrests_number::integer end as arrests,
    prosecuted_day as prosecuted_on,
    verdict_day as verdict_on,
    coalesce(verdict_word, nullif(verdict, '')) as verdict,
    seizure_country as seizure_country_reported,
    departure_country as departure_country_reported,
    destination_country as destination_country_reported,
    weighed.drug as drug_reported,
    quantity as quantity_reported,
    weighed.unit as unit_reported,
    case
        when channel_detail is not null then channel_detail
        when transport_word = channel_read then transport
        when hiding_place_word = channel_read then hiding_place
        when place_type_word = channel_read then place_type
        else transport
    end as channel_reported,
    weighed.operator as operator_reported,
    transport as transport_reported,
    hiding_place as hiding_place_reported,
    place_type as place_type_reported,
    routing as routing_reported,
    coalesce(seized_on, month, weighed.year, fiscal_year) as seized_on_reported,
    is_longer_than_a_month,
    seizures as seizures_reported,
    list_filter(
        [
            case when departure_country is not null and departed is null then 'unlisted_departure_country' end,
            case when destination_country is not null and destined is null then 'unlisted_destination_country' end,
            case when production_country is not null and produced is null then 'unlisted_production_country' end,
            case when weighed.drug is not null and drug_word is null then 'unlisted_drug' end,
            case when weighed.unit is not null and unit_word is null then 'unlisted_unit' end,
            case when weighed.form is not null and form_word is null then 'unlisted_form' end,
            case when transport is not null and transport_word is null then 'unlisted_transport' end,
            case when weighed.channel_detail is not null and kind_word is null then 'unlisted_channel_detail' end,
            case when weighed.operator is not null and operator_word is null then 'unlisted_operator' end,
            case when place_name(departure_place) = '(not kept)' then 'departure_place_not_kept' end,
            case when hiding_place is not null and hiding_place_word is null then 'unlisted_hiding_place' end,
            case when place_type is not null and place_type_word is null then 'unlisted_place_type' end,
            case when routing is not null and routing_word is null then 'unlisted_routing' end,
            case when weighed.detection_method is not null and detection_word is null then 'unlisted_detection_method' end,
            case when weighed.declared_contents is not null and contents_word is null then 'unlisted_declared_contents' end,
            case when weighed.advance_data is not null and advance_data_word is null then 'unlisted_advance_data' end,
            case when seizure_country is not null and found is null then 'unlisted_seizure_country' end,
            case when transit.is_unlisted then 'unlisted_transit_countries' end,
            case when information_country is not null and informed is null then 'unlisted_information_country' end,
            case when weighed.is_controlled_delivery is not null and controlled_word is null then 'unlisted_is_controlled_delivery' end,
            case when weighed.verdict is not null and verdict_word is null then 'unlisted_verdict' end,
            case when weighed.reported_on is not null and reported_day is null then 'unread_reported_on' end,
            case when weighed.case_opened_on is not null and opened_day is null then 'unread_case_opened_on' end,
            case when weighed.prosecuted_on is not null and prosecuted_day is null then 'unread_prosecuted_on' end,
            case when weighed.verdict_on is not null and verdict_day is null then 'unread_verdict_on' end,
            case when item_weight is not null and item_weight_number between 0 and 1e11 is not true then 'unread_item_weight' end,
            case when weighed.purity_pct is not null and purity_number between 0 and 100 is not true then 'unread_purity_pct' end,
            case when purity_number > 0 and purity_number <= 1 and weighed.purity_pct not like '%\%' escape '\' then 'purity_may_be_a_share' end,
            case when weighed.suspects is not null and is_people(suspects_number) is not true then 'unread_suspects' end,
            case when weighed.arrests is not null and is_people(arrests_number) is not true then 'unread_arrests' end,
            case when on_day_else <> on_day then 'date_can_be_read_two_ways' end,
            case when seizures_low is not null then 'count_is_interval' end,
            case when seizures_number = 0 and seizures is null then 'no_count' end,
            case when exhibit.row_number is not null then 'further_exhibit' end,
            case when weighed.row_mark = 'shared' then 'amount_of_several_drugs' end,
            case when quantity_number is null and quantity_most is not null then 'quantity_is_interval' end,
            case when date_precision = 'month' and date_precision_read = 'day' then 'only_first_of_month' end,
            case when quantity is null then 'no_quantity' end,
            case when quantity_number = 0 then 'zero_quantity' end,
            case when (quantity_above_zero is not null or quantity_most > 0) and weighed.kg_mid is null then 'no_factor' end,
            case when unit_kind = 'count' and quantity_number <> floor(quantity_number) then 'fraction_of_a_piece' end,
            case when destination_basis = 'inferred' then 'destination_inferred' end,
            case when row_key.is_tracking_number then 'record_number_not_kept' end
        ],
        lambda flag: flag is not null
    ) as flags,
    coalesce(row_key.nth > row_key.first_nth, false) and seizures_number = 1 and exhibit.row_number is null as is_possible_duplicate,
    case
        when row_key.nth > row_key.first_nth and seizures_number = 1
            then md5($series_id || '|' || row_key.row_key || '|' || row_key.first_nth)
    end as duplicate_of
from weighed
inner join row_key on weighed.row_number = row_key.row_number
left join transit on weighed.row_number = transit.row_number
left join exhibit on weighed.row_number = exhibit.row_number;
