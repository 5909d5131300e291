-- One row per delivered reference figure, with its words read through the vocabulary.
-- Params: $source_id, $delivery_id, $decimal_mark, $thousands_mark. Reads delivered_figure, word.
with parsed as (
    select
        *,
        parse_number(value, $decimal_mark, $thousands_mark) as number,
        coalesce(try_cast(period_from as date), try(make_date(try_cast(year as bigint), 1, 1))) as starts_on,
        coalesce(try_cast(period_to as date), try(make_date(try_cast(year as bigint), 12, 31))) as ends_on
    from delivered_figure
),

lanes as (
    select
        parsed.row_number,
        list(distinct departed.canonical) filter (departed.canonical is not null) as departure_country_codes,
        list(distinct destined.canonical) filter (destined.canonical is not null) as destination_country_codes
    from parsed
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
    coalesce(reporter.canonical, 'ZZ') as reporter_country_code,
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
    parsed.note
from parsed
inner join lanes on parsed.row_number = lanes.row_number
left join word as reporter
    on reporter.field = 'country'
    and reporter.word = fold(regexp_replace(parsed.reporter_country, '\s*\(.*', ''))
left join word as drug on drug.field = 'drug' and drug.word = fold(parsed.drug)
order by parsed.row_number;
