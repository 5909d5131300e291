-- One row per delivered row, with its words read through the vocabulary, its dates and numbers parsed, nothing judged yet.
-- Params: $decimal_mark, $thousands_mark, $day_formats, $month_formats, $year_formats, $fiscal_basis.
with parsed as (
    select
        *,
        try_strptime(seized_on, $day_formats)::date as on_day,
        try_strptime(coalesce(seized_on, month), $month_formats)::date as in_month,
        try_strptime(coalesce(seized_on, month), $year_formats)::date as in_year,
        fiscal_year_end(fiscal_year) as fiscal_year_ending,
        coalesce(
            try_cast(month as integer),
            list_position(
                ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
                left(upper(month), 3)
            )
        ) as month_in_year,
        case $fiscal_basis when 'us_fy' then 10 when 'au_fy' then 7 when 'uk_fy' then 4 else 1 end as fiscal_start,
        parse_number(quantity, $decimal_mark, $thousands_mark) as quantity_number,
        coalesce(parse_number(seizures, $decimal_mark, $thousands_mark), case when seizures is null then 1 end)
            as seizures_number,
        parse_number(item_weight, $decimal_mark, $thousands_mark) as item_weight_number,
        parse_number(purity_pct, $decimal_mark, $thousands_mark) as purity_number
    from delivered
),

dated as (
    select
        *,
        case
            when fiscal_year_ending is not null and month_in_year between 1 and 12 then try(make_date(
                (fiscal_year_ending - case when fiscal_start > 1 and month_in_year >= fiscal_start then 1 else 0 end)::bigint,
                month_in_year::bigint,
                1
            ))
        end as in_fiscal_month,
        case
            when on_day is not null then 'day'
            when in_month is not null or (fiscal_year_ending is not null and month_in_year between 1 and 12) then 'month'
            when in_year is not null or fiscal_year_ending is not null then 'year'
        end as date_precision_stated
    from parsed
)

select
    dated.*,
    coalesce(
        dated.on_day, dated.in_month, dated.in_fiscal_month, dated.in_year,
        try(make_date(dated.fiscal_year_ending::bigint, 1, 1))
    ) as seized_date,
    found.canonical as found,
    departed.canonical as departed,
    destined.canonical as destined,
    produced.canonical as produced,
    informed.canonical as informed,
    drug_word.canonical as drug_word,
    unit_word.canonical as unit_word,
    form_word.canonical as form_word,
    transport_word.canonical as transport_word,
    hiding_place_word.canonical as hiding_place_word,
    place_type_word.canonical as place_type_word,
    concealment_word.canonical as concealment_word,
    kind_word.canonical as kind_word,
    transport_kind.canonical as transport_kind,
    place_type_kind.canonical as place_type_kind,
    operator_word.canonical as operator_word,
    routing_word.canonical as routing_word,
    detection_word.canonical as detection_word,
    contents_word.canonical as contents_word,
    advance_data_word.canonical as advance_data_word,
    verdict_word.canonical as verdict_word,
    controlled_word.canonical as controlled_word,
from dated
left join word as found on found.field = 'country' and found.word = fold(dated.seizure_country)
left join word as departed on departed.field = 'country' and departed.word = fold(dated.departure_country)
left join word as destined on destined.field = 'country' and destined.word = fold(dated.destination_country)
left join word as produced on produced.field = 'country' and produced.word = fold(dated.production_country)
left join word as informed on informed.field = 'country' and informed.word = fold(dated.information_country)
left join word as drug_word on drug_word.field = 'drug' and drug_word.word = fold(dated.drug)
left join word as unit_word on unit_word.field = 'unit' and unit_word.word = fold(dated.unit)
left join word as form_word on form_word.field = 'form' and form_word.word = fold(dated.form)
left join word as transport_word on transport_word.field = 'transport' and transport_word.word = fold(dated.transport)
left join word as hiding_place_word on hiding_place_word.field = 'hiding_place' and hiding_place_word.word = fold(dated.hiding_place)
left join word as place_type_word on place_type_word.field = 'place_type' and place_type_word.word = fold(dated.place_type)
left join word as kind_word on kind_word.field = 'channel_detail' and kind_word.word = fold(dated.channel_detail)
left join word as transport_kind on transport_kind.field = 'channel_detail' and transport_kind.word = fold(dated.transport)
left join word as place_type_kind on place_type_kind.field = 'channel_detail' and place_type_kind.word = fold(dated.place_type)
left join word as operator_word on operator_word.field = 'operator' and operator_word.word = fold(dated.operator)
left join word as concealment_word on concealment_word.field = 'concealment' and concealment_word.word = fold(dated.hiding_place)
left join word as routing_word on routing_word.field = 'routing' and routing_word.word = fold(dated.routing)
left join word as detection_word on detection_word.field = 'detection_method' and detection_word.word = fold(dated.detection_method)
left join word as contents_word on contents_word.field = 'declared_contents' and contents_word.word = fold(dated.declared_contents)
left join word as advance_data_word on advance_data_word.field = 'advance_data' and advance_data_word.word = fold(dated.advance_data)
left join word as verdict_word on verdict_word.field = 'verdict' and verdict_word.word = fold(dated.verdict)
left join word as controlled_word on controlled_word.field = 'yes_no' and controlled_word.word = fold(dated.is_controlled_delivery);
