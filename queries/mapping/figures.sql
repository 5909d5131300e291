-- One row per delivered reference figure, with its words read through the vocabulary.
-- What a check needs beside the table figure stands behind it. Params: $source_id, $delivery_id, $number_form, $decimal_mark,
-- $thousands_mark, $day_forms, $month_forms, $month_words, $month_numbers, $fiscal_basis. Reads the views delivered_figure and word.
with parsed as (
    select
        *,
        parse_number(value, $number_form, $decimal_mark, $thousands_mark) as number,
        -- As in records: '2023/24' is a year only where the source says which, and a year that is not over is none.
        year is not null and $fiscal_basis <> '' and not regexp_full_match(year, '\d{4}') as is_fiscal,
        case when is_fiscal then case $fiscal_basis when 'us_fy' then 10 when 'au_fy' then 7 when 'uk_fy' then 4 end else 1 end as first_month,
        case when is_year_to_date(year) then null when is_fiscal then fiscal_year_end(year) else calendar_year(year) end as year_ending,
        read_day(period_from, $day_forms, $month_words, $month_numbers) as day_from,
        read_day(period_to, $day_forms, $month_words, $month_numbers) as day_to,
        try_strptime(month_in_english(period_from, $month_words, $month_numbers), $month_forms)::date as month_from,
        try_strptime(month_in_english(coalesce(period_to, period_from), $month_words, $month_numbers), $month_forms)::date as month_to
    from delivered_figure
),

dated as (
    select
        *,
        case
            when period_from is not null then coalesce(day_from, month_from)
            else try(make_date((year_ending - case when first_month > 1 then 1 else 0 end)::bigint, first_month::bigint, 1))
        end as starts_on,
        case
            when period_to is not null then coalesce(day_to, last_day(month_to))
            when period_from is not null and day_from is null then last_day(month_to)
            else (try(make_date((year_ending + case when first_month > 1 then 0 else 1 end)::bigint, first_month::bigint, 1)) - 1)::date
        end as ends_on
    from parsed
),

lanes as (
    select
        parsed.row_number,
        list(distinct departed.canonical) filter (departed.canonical is not null) as departure_country_codes,
        list(distinct destined.canonical) filter (destined.canonical is not null) as destination_country_codes
    from dated as parsed
    left join lateral (select unnest(string_split(parsed.departure, '|')) as name) as departure_name on true
    left join word as departed
        on departed.field = 'country'
        and departed.word = fold(regexp_replace(departure_name.name, '\s*\(.*', ''))
    left join lateral (select unnest(string_split(parsed.destination, '|')) as name) as destination_name on true
    left join word as destined
        on destined.field = 'country'
        and destined.word = fold(regexp_replace(destination_name.name, '\s*\(.*', ''))
    group by parsed.row_number
)

select
    md5($source_id || '|' || parsed.raw_hash || '|' || parsed.nth) as figure_id,
    $source_id as source_id,
    $delivery_id as delivery_id,
    parsed.row_number,
    coalesce(parsed.publisher, '') as publisher,
    parsed.report,
    parsed.url,
    parsed.starts_on as period_from,
    parsed.ends_on as period_to,
    coalesce(reporter.canonical, reporter_at_large.canonical, 'ZZ') as reporter_country_code,
    parsed.departure as departure_words,
    coalesce(list_sort(lanes.departure_country_codes), []) as departure_country_codes,
    parsed.destination as destination_words,
    coalesce(list_sort(lanes.destination_country_codes), []) as destination_country_codes,
    coalesce(drug.canonical, case when parsed.drug is null then 'unknown' else 'other' end) as drug,
    coalesce(parsed.drug, '') as drug_reported,
    parsed.measure,
    parsed.number as value,
    parsed.channel as channel_words,
    case
        when regexp_matches(lower(parsed.channel), 'courier|express|fast parcel') then 'courier'
        when regexp_matches(lower(parsed.channel), 'post|mail|letter') then 'post'
        else 'unknown'
    end as channel,
    parsed.note,
    coalesce(parsed.period_from, parsed.period_to, parsed.year) as period_told,
    parsed.value as value_told,
    parsed.reporter_country as reporter_told,
    parsed.reporter_country is not null and coalesce(reporter.canonical, reporter_at_large.canonical) is null as is_reporter_unlisted
from dated as parsed
inner join lanes on parsed.row_number = lanes.row_number
left join word as reporter on reporter.field = 'country' and reporter.word = fold(parsed.reporter_country)
left join word as reporter_at_large
    on reporter_at_large.field = 'country'
    and reporter_at_large.word = fold(regexp_replace(parsed.reporter_country, '\s*\(.*', ''))
left join word as drug on drug.field = 'drug' and drug.word = fold(parsed.drug)
order by parsed.row_number;
