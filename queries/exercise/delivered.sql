-- One row per row of one service's file, under canonical names, every cell as the service would write it.
-- Params: $source_id, $day_format, $month_format, $fiscal_basis, $decimal_mark, $thousands_mark, $report_format, $teams, $places.
-- Reads the tables record and word.
with lexicon as (
    select * exclude (source_id) replace (canonical::code as canonical)
    from word
    where source_id = $source_id
),

dated as (
    select
        record.*,
        case dirt when 'future_date' then told_on + 3650 else told_on end as written_on,
        coalesce(dirt in ('impossible_date', 'blank_date'), false) as is_undated,
        record_number // 8 as spin
    from record
    where source_id = $source_id::code
)

select
    dated.row_number,
    upper(replace(split_part($source_id, '_', 2), 'ex_', '')) || lpad(dated.row_number::varchar, 8, '0') as record_id,
    case
        when dirt = 'impossible_date' then replace(strftime(date '2023-02-27', $day_format), '27', '31')
        when dirt = 'blank_date' or not is_day_known then null
        else strftime(written_on, $day_format)
    end as seized_on,
    case
        when dirt = 'impossible_date' and $fiscal_basis = '' then '2023-13'
        when is_undated then null
        when $fiscal_basis <> '' then upper(strftime(written_on, '%b'))
        else strftime(written_on, $month_format)
    end as month,
    case when not is_undated then case $fiscal_basis
        when 'us_fy' then year(written_on + interval 3 month)::varchar
        when 'au_fy' then year(written_on - interval 6 month) || '-' || right(year(written_on + interval 6 month)::varchar, 2)
        when 'uk_fy' then year(written_on - interval 3 month) || '/' || right(year(written_on + interval 9 month)::varchar, 2)
    end end as fiscal_year,
    strftime(told_reported_on, $report_format) as reported_on,
    case dirt when 'blank_country' then null when 'unknown_country' then 'Qzx-1' else country.word end as seizure_country,
    case dirt
        when 'formula' then '=cmd()'
        when 'html' then '<b onclick="x()">' || $places[1] || '</b>'
        else $places[1 + (spin % len($places))]
    end as seizure_place,
    departure.word as departure_country,
    case
        when dirt = 'street_address' then 'Voorbeeldstraat 12, ' || coalesce(told_town::varchar, 'Amsterdam')
        when spin % 11 = 0 then upper(told_town::varchar)
        when spin % 11 = 1 then lower(told_town::varchar)
        else told_town::varchar
    end as departure_place,
    case when side = 'transit' and telling = 1 then told_country end as transit_countries,
    destination.word as destination_country,
    routing.word as routing,
    transport.word as transport,
    kind.word as channel_detail,
    case dirt when 'unknown_word' then 'qzx-9' else operator.word end as operator,
    concealment.word as hiding_place,
    place.word as place_type,
    drug.word as drug,
    case dirt when 'unknown_word' then 'qzx-7' else form.word end as form,
    case
        when dirt = 'text_quantity' then 'ca. ' || case when unit = 'tablet' then '250' else '0.25' end
        else translate(
            format(case when unit = 'tablet' or decimals = 0 then '{:,.0f}' when decimals = 1 then '{:,.1f}' else '{:,.3f}' end, quantity),
            ',.', case when $thousands_mark = '' then ' ' else $thousands_mark end || $decimal_mark
        ).replace(case when $thousands_mark = '' then ' ' else '' end, '')
    end as quantity,
    unit.word as unit,
    replace(printf('%.3f', kg * 1.3 + 0.04), '.', $decimal_mark) as item_weight,
    detection.word as detection_method,
    contents.word as declared_contents,
    advance.word as advance_data,
    barrier_step::varchar as barrier_step,
    case when is_by_team then $teams[1] else $teams[2 + (spin % (len($teams) - 1))] end as agency,
    yes_no.word as is_controlled_delivery,
    information.word as information_country,
    case when telling = 1 and series_number is not null then 'S' || series_number end as linked_series,
    tracking_number,
    strftime(case_opened_on, $report_format) as case_opened_on,
    suspects::varchar as suspects,
    arrests::varchar as arrests,
    strftime(prosecuted_on, $report_format) as prosecuted_on,
    strftime(verdict_on, $report_format) as verdict_on,
    verdict.word as verdict,
    case when spin % 50 = 0 then '-' end as remark
from dated
left join lexicon as country on country.field = 'country' and country.canonical = told_country and country.slot = spin % 4
left join lexicon as departure on departure.field = 'country' and departure.canonical = told_departure and departure.slot = spin // 4 % 4
left join lexicon as destination on destination.field = 'country' and destination.canonical = told_destination and destination.slot = spin // 16 % 4
left join lexicon as information on information.field = 'country' and information.canonical = told_information and information.slot = 0
left join lexicon as drug on drug.field = 'drug' and drug.canonical = dated.drug and drug.slot = spin // 64 % 4
left join lexicon as form on form.field = 'form' and form.canonical = dated.form and form.slot = spin // 4 % 4
left join lexicon as transport on transport.field = 'transport' and transport.canonical = case item when 'courier' then 'courier' when 'freight' then 'air_freight' else 'post' end::code and transport.slot = case item when 'letter' then 0 else 1 end
left join lexicon as kind on kind.field = 'channel_detail' and kind.canonical = told_kind and kind.slot = spin // 2 % 4
left join lexicon as operator on operator.field = 'operator' and operator.canonical = told_operator and operator.slot = spin % 4
left join lexicon as place on place.field = 'place_type' and place.canonical = case item when 'courier' then 'courier' when 'freight' then 'air_freight' else 'post' end::code and place.slot = spin % 4
left join lexicon as concealment on concealment.field = 'concealment' and concealment.canonical = dated.concealment and concealment.slot = spin // 8 % 4
left join lexicon as routing on routing.field = 'routing' and routing.canonical = dated.side and routing.slot = 0 and telling = 1
left join lexicon as unit on unit.field = 'unit' and unit.canonical = dated.unit and unit.slot = spin // 2 % 4
left join lexicon as detection on detection.field = 'detection_method' and detection.canonical = dated.detection_method and detection.slot = spin % 4
left join lexicon as contents on contents.field = 'declared_contents' and contents.canonical = dated.declared_contents and contents.slot = spin % 4
left join lexicon as advance on advance.field = 'advance_data' and advance.canonical = dated.advance_data and advance.slot = 0
left join lexicon as verdict on verdict.field = 'verdict' and verdict.canonical = dated.verdict and verdict.slot = 0
left join lexicon as yes_no on yes_no.field = 'yes_no' and yes_no.canonical = case when told_controlled then 'yes' else 'no' end::code and yes_no.slot = 0
order by row_number;
