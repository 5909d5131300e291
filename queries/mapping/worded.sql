-- One row per delivered row, with its words read through the vocabulary, its dates and numbers parsed, nothing judged yet.
-- Params: $number_form, $decimal_mark, $thousands_mark, $day_forms, $month_forms, $year_forms, $month_words, $month_numbers,
-- $fiscal_basis, $each_row (one seizure, a count, no count), $item_weight_kg. Reads the view delivered and the table word.
with parsed as (
    select
        *,
        read_day(seized_on, $day_forms, $month_words, $month_numbers) as on_day,
        read_day(seized_until, $day_forms, $month_words, $month_numbers) as until_day,
        case when len($day_forms) > 1 then read_day(seized_on, list_reverse($day_forms), $month_words, $month_numbers) end as on_day_else,
        read_day(reported_on, $day_forms, $month_words, $month_numbers) as reported_day,
        read_day(case_opened_on, $day_forms, $month_words, $month_numbers) as opened_day,
        read_day(prosecuted_on, $day_forms, $month_words, $month_numbers) as prosecuted_day,
        read_day(verdict_on, $day_forms, $month_words, $month_numbers) as verdict_day,
        coalesce(seized_on, case when fiscal_year is null and year is null then month end) as month_or_year,
        -- A year column may hold fiscal years where the source says which; '2023/24' is no calendar year.
        fiscal_year is not null or (year is not null and $fiscal_basis <> '' and not regexp_full_match(year, '\d{4}')) as is_fiscal,
        case when is_fiscal then fiscal_year_end(coalesce(fiscal_year, year)) else calendar_year(year) end as year_ending,
        month_number(month, $month_words, $month_numbers) as month_in_year,
        case when regexp_full_match(day, '\d{1,2}\.?') then rtrim(day, '.')::integer end as day_in_month,
        case when is_fiscal then case $fiscal_basis when 'us_fy' then 10 when 'au_fy' then 7 when 'uk_fy' then 4 else 1 end else 1 end
            as fiscal_start,
        -- The amount of several drugs is that of none of them.
        case when row_mark is distinct from 'shared' then parse_number(quantity, $number_form, $decimal_mark, $thousands_mark) end as quantity_alone,
        parse_number(seizures, $number_form, $decimal_mark, $thousands_mark) as seizures_alone,
        parse_number(item_weight, $number_form, $decimal_mark, $thousands_mark) as item_weight_alone,
        parse_number(trim(rtrim(purity_pct, '%')), $number_form, $decimal_mark, $thousands_mark) as purity_number,
        parse_number(suspects, $number_form, $decimal_mark, $thousands_mark) as suspects_number,
        parse_number(arrests, $number_form, $decimal_mark, $thousands_mark) as arrests_number
    from delivered
),

-- What the one form does not read is looked at again: periods, units inside the cell, intervals. Few cells are.
looked_at as (
    select
        *,
        case when on_day is null then
            try_strptime(month_in_english(month_or_year, $month_words, $month_numbers), $month_forms)::date
        end as on_month,
        case when on_day is null then try_strptime(month_or_year, $year_forms)::date end as on_year,
        case when on_day is null and seized_on is not null then
            read_day(period_end(seized_on, 1), $day_forms, $month_words, $month_numbers)
        end as period_from,
        case when on_day is null and seized_on is not null then
            read_day(period_end(seized_on, 2), $day_forms, $month_words, $month_numbers)
        end as period_until,
        case when on_day is null then week_monday(seized_on) end as week_from,
        case when quantity_alone is null then parse_number(number_before(quantity), $number_form, $decimal_mark, $thousands_mark) end
            as quantity_before_unit,
        case when quantity_alone is null and quantity is not null then fold(word_behind(quantity)) end as quantity_unit_told,
        case when item_weight_alone is null then
            parse_number(number_before(item_weight), $number_form, $decimal_mark, $thousands_mark)
        end as item_weight_before_unit,
        case when item_weight_alone is null and item_weight is not null then fold(word_behind(item_weight)) end as item_weight_unit_told,
        case when seizures_alone is null then count_low(seizures) end as seizures_low,
        case when seizures_alone is null then count_high(seizures) end as seizures_most,
        case when quantity_alone is null then
            parse_number(regexp_extract(quantity, '^(?:<|≤|<=|under|less than|up to) ?(.+)$', 1), $number_form, $decimal_mark, $thousands_mark)
        end as quantity_below,
        case when quantity_alone is null then
            parse_number(regexp_extract(quantity, '^([\d., ]+) ?(?:[-–—]|to|bis|tot|à|til|till) ?[\d., ]+$', 1), $number_form, $decimal_mark, $thousands_mark)
        end as quantity_from,
        case when quantity_alone is null then
            parse_number(regexp_extract(quantity, '^[\d., ]+ ?(?:[-–—]|to|bis|tot|à|til|till) ?([\d., ]+)$', 1), $number_form, $decimal_mark, $thousands_mark)
        end as quantity_until
    from parsed
),

dated as (
    select
        *,
        case
            when seized_until is not null and until_day is null then null
            when on_day is not null and until_day is not null then case when until_day >= on_day then on_day end
            when on_day is null and period_from <= period_until then period_from
            else week_from
        end as first_day,
        case
            when on_day is not null and until_day is not null then until_day
            when on_day is null and period_from <= period_until then period_until
            else (week_from + 6)::date
        end as last_day_told,
        case
            when year is not null and month is not null and day is not null
                then try(make_date(year_ending::bigint, month_in_year::bigint, day_in_month::bigint))
            when seized_until is null then on_day
        end as on_one_day,
        case when month_in_year is not null and day is null and year_ending is not null then try(make_date(
            (year_ending - case when fiscal_start > 1 and month_in_year >= fiscal_start then 1 else 0 end)::bigint,
            month_in_year::bigint,
            1
        )) end as in_month_of_year
    from looked_at
),

-- The month of a period that lies in one; a month that is written and cannot be read leaves no date, never the year alone.
placed as (
    select
        * exclude (on_month, on_year),
        coalesce(
            case when date_trunc('month', first_day) = date_trunc('month', last_day_told) then date_trunc('month', first_day)::date end,
            case when on_month >= date '1950-01-01' then on_month end,
            in_month_of_year
        ) as in_month,
        case
            when day is not null or (month is not null and (fiscal_year is not null or year is not null)) or seized_until is not null then null
            when on_year >= date '1950-01-01' then on_year
            -- A year that is not over is no record of a year.
            when seized_on is null and year_ending is not null and not is_year_to_date(coalesce(fiscal_year, year))
                then try(make_date(year_ending::bigint, 1, 1))
        end as in_year,
        coalesce(date_trunc('month', first_day) < date_trunc('month', last_day_told), false)
        or regexp_matches(coalesce(seized_on, month), '(?i)\b(Q|T|H|S|quarter|kwartaal|quartal|trimestre|kvartal) ?[1-4]\b|\d{4}[-/ ]?[QH][1-4]')
            as is_longer_than_a_month
    from dated
)

select
    placed.*,
    case
        when placed.on_one_day is not null then 'day' when placed.in_month is not null then 'month' when placed.in_year is not null then 'year'
    end as date_precision_stated,
    coalesce(placed.on_one_day, placed.in_month, placed.in_year) as seized_date,
    case
        when placed.quantity_alone is not null then placed.quantity_alone
        -- A unit in the cell and another one in its column contradict each other: no number can be had of them.
        when quantity_unit.canonical is not null and coalesce(unit_word.canonical, quantity_unit.canonical) = quantity_unit.canonical
            then placed.quantity_before_unit
    end as quantity_number,
    coalesce(placed.quantity_from, case when placed.quantity_below is not null then 0 end) as quantity_least,
    coalesce(placed.quantity_until, placed.quantity_below) as quantity_most,
    case
        when placed.seizures_alone is not null then placed.seizures_alone
        when placed.seizures_low is not null then placed.seizures_low
        when placed.seizures is null then case when $each_row = 'one seizure' then 1 else 0 end
    end as seizures_number,
    case
        when placed.seizures_alone is not null then placed.seizures_alone
        when placed.seizures_low is not null then placed.seizures_most
        when placed.seizures is null and $each_row = 'one seizure' then 1
    end as seizures_high,
    case
        when placed.item_weight_alone is not null then placed.item_weight_alone * $item_weight_kg
        when item_unit.canonical is not null then placed.item_weight_before_unit * item_told_factor.kg_mid
    end as item_weight_number,
    coalesce(unit_word.canonical, quantity_unit.canonical) as unit_word,
    found.canonical as found,
    departed.canonical as departed,
    destined.canonical as destined,
    produced.canonical as produced,
    informed.canonical as informed,
    drug_word.canonical as drug_word,
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
from placed
left join word as found on found.field = 'country' and found.word = fold(placed.seizure_country)
left join word as departed on departed.field = 'country' and departed.word = fold(placed.departure_country)
left join word as destined on destined.field = 'country' and destined.word = fold(placed.destination_country)
left join word as produced on produced.field = 'country' and produced.word = fold(placed.production_country)
left join word as informed on informed.field = 'country' and informed.word = fold(placed.information_country)
left join word as drug_word on drug_word.field = 'drug' and drug_word.word = fold(placed.drug)
left join word as unit_word on unit_word.field = 'unit' and unit_word.word = fold(placed.unit)
left join word as form_word on form_word.field = 'form' and form_word.word = fold(placed.form)
left join word as transport_word on transport_word.field = 'transport' and transport_word.word = fold(placed.transport)
left join word as hiding_place_word on hiding_place_word.field = 'hiding_place' and hiding_place_word.word = fold(placed.hiding_place)
left join word as place_type_word on place_type_word.field = 'place_type' and place_type_word.word = fold(placed.place_type)
left join word as kind_word on kind_word.field = 'channel_detail' and kind_word.word = fold(placed.channel_detail)
left join word as transport_kind on transport_kind.field = 'channel_detail' and transport_kind.word = fold(placed.transport)
left join word as place_type_kind on place_type_kind.field = 'channel_detail' and place_type_kind.word = fold(placed.place_type)
left join word as operator_word on operator_word.field = 'operator' and operator_word.word = fold(placed.operator)
left join word as concealment_word on concealment_word.field = 'concealment' and concealment_word.word = fold(placed.hiding_place)
left join word as routing_word on routing_word.field = 'routing' and routing_word.word = fold(placed.routing)
left join word as detection_word on detection_word.field = 'detection_method' and detection_word.word = fold(placed.detection_method)
left join word as contents_word on contents_word.field = 'declared_contents' and contents_word.word = fold(placed.declared_contents)
left join word as advance_data_word on advance_data_word.field = 'advance_data' and advance_data_word.word = fold(placed.advance_data)
left join word as verdict_word on verdict_word.field = 'verdict' and verdict_word.word = fold(placed.verdict)
left join word as controlled_word on controlled_word.field = 'yes_no' and controlled_word.word = fold(placed.is_controlled_delivery)
left join word as quantity_unit on quantity_unit.field = 'unit' and quantity_unit.word = placed.quantity_unit_told
left join word as item_unit on item_unit.field = 'unit' and item_unit.word = placed.item_weight_unit_told
left join unit_factor as item_told_factor
    on item_unit.canonical = item_told_factor.unit and item_told_factor.drug = '*' and item_told_factor.form = '*';
