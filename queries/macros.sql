-- The only definition of the filters, of the periods and of how text becomes a number.

-- Rows of `relation` ('seizure' or 'cube') that the scope keeps. Null = not filtered, empty list = nothing.
-- The destination is the one to count by: an inferred one turns into ZZ where the reader does not accept inference.
create or replace macro in_scope(relation, scope) as table
    with wanted as (
        select unnest(scope::struct(
            drugs varchar[],
            departures varchar[],
            destinations varchar[],
            channels varchar[],
            sides varchar[],
            sources varchar[],
            month_from date,
            month_to date,
            possible_duplicates boolean,
            inferred_destinations boolean,
            outliers boolean,
            same_seizure_once boolean
        ))
    ),

    read_as as (
        select
            row.* replace (
                case
                    when row.destination_basis = 'inferred' and not wanted.inferred_destinations then 'ZZ'
                    else row.destination_country_code
                end as destination_country_code
            ),
            wanted.*
        from query_table(relation) as row, wanted
    )

    select read_as.* exclude (
        drugs, departures, destinations, channels, sides, sources, month_from, month_to,
        possible_duplicates, inferred_destinations, outliers, same_seizure_once
    )
    from read_as
    where (read_as.drugs is null or read_as.drug in read_as.drugs)
        and (read_as.departures is null or read_as.departure_country_code in read_as.departures)
        and (read_as.destinations is null or read_as.destination_country_code in read_as.destinations)
        and (read_as.channels is null or read_as.channel in read_as.channels)
        and (read_as.sides is null or read_as.interception_side in read_as.sides)
        and (read_as.sources is null or read_as.source_id in read_as.sources or read_as.series_id in read_as.sources)
        and (read_as.month_from is null or read_as.seized_month >= read_as.month_from)
        and (read_as.month_to is null or read_as.seized_month <= read_as.month_to)
        and (read_as.possible_duplicates or not read_as.is_possible_duplicate)
        and (read_as.outliers or not read_as.is_outlier)
        and (not read_as.same_seizure_once or read_as.is_event_lead);

-- First month of the period that holds `month`. Fiscal years are named for the year in which they end.
create or replace macro period_start(month, basis) as case basis
    when 'month' then month
    when 'quarter' then date_trunc('quarter', month)::date
    when 'year' then date_trunc('year', month)::date
    when 'us_fy' then (date_trunc('year', month + interval 3 month) - interval 3 month)::date
    when 'au_fy' then (date_trunc('year', month + interval 6 month) - interval 6 month)::date
    when 'uk_fy' then (date_trunc('year', month + interval 9 month) - interval 9 month)::date
    else error('unknown period basis')
end;

create or replace macro period_label(month, basis) as case basis
    when 'month' then strftime(month, '%Y-%m')
    when 'quarter' then year(month) || '-Q' || quarter(month)
    when 'year' then year(month)::varchar
    when 'us_fy' then 'FY' || year(month + interval 3 month)
    when 'au_fy' then 'FY' || year(month + interval 6 month)
    when 'uk_fy' then 'FY' || year(month + interval 9 month)
    else error('unknown period basis')
end;

-- Text as delivered to a number, or null where it is not one. `thousands` may be empty; where it is not, groups are of three.
create or replace macro parse_number(words, decimal_mark, thousands_mark) as try_cast(
    case
        when thousands_mark = '' or instr(words, thousands_mark) = 0 then replace(words, decimal_mark, '.')
        when regexp_matches(split_part(words, decimal_mark, 1), '^[+-]?\d{1,3}(\D\d{3})+$')
            then replace(replace(words, thousands_mark, ''), decimal_mark, '.')
    end as double
);

-- A town in one spelling: spaces single, TILBURG and tilburg as Tilburg. With a digit it may be an address, which is not kept.
create or replace macro place_name(words) as case
    when regexp_matches(words, '\d') then '(not kept)'
    when words = upper(words) or words = lower(words) then array_to_string(
        list_transform(
            regexp_extract_all(regexp_replace(lower(trim(words)), '\s+', ' ', 'g'), '[^ \-]+[ \-]?'),
            lambda part, place: case
                when place > 1 and trim(part, ' -') in ('aan', 'am', 'an', 'de', 'den', 'der', 'en', 'in', 'la', 'le', 'les', 'op', 'sur', 'upon') then part
                else upper(part[1]) || part[2:]
            end
        ),
        ''
    )
    else regexp_replace(trim(words), '\s+', ' ', 'g')
end;

-- How a word is compared with the vocabulary: one Unicode form, no outer space, no case.
create or replace macro fold(words) as lower(trim(nfc_normalize(words)));

-- The year in which a fiscal year ends: '2026 (FYTD)' and 'FY2026' are 2026, '2025/26' and '2025-2026' are 2026.
create or replace macro fiscal_year_end(words) as case
    when regexp_matches(words, '\d{4}\s*[/–-]\s*\d{2}') then regexp_extract(words, '\d{4}')::integer + 1
    else nullif(regexp_extract(words, '\d{4}'), '')::integer
end;

-- Tracking numbers in running text that can be told from other numbers: UPU S10 however spaced, UPS (1Z), DHL parcel (JD, JJD),
-- PostNL (3S) and USPS (22 digits from 91 to 95). FedEx's and DHL Express' plain digits cannot: they belong under tracking_number.
create or replace macro number_pattern() as
    '(?i)[A-Z]{2}[ .\-]?(\d[ .\-]?){9}[A-Z]{2}|1Z([ \-]?[0-9A-Z]){16}|JJ?D[ ]?\d{16,20}|3S[A-Z]{4}\d{7,13}|9[1-5]([ ]?\d{2}){10}';

create or replace macro holds_number(words) as length(words) >= 13 and regexp_matches(words, number_pattern());

-- As tracking.normalise.
create or replace macro bare_number(words) as upper(regexp_replace(words, '[\s.\-/]', '', 'g'));

-- Whether the words hold this number in any spelling; a number of fewer than eight characters or without a digit is none.
create or replace macro tells_number(words, number) as coalesce(
    length(bare_number(number)) >= 8 and regexp_matches(number, '\d') and contains(bare_number(words), bare_number(number)), false
);

-- The words without tracking numbers, neither those that show by their form nor this one (null = there is none).
create or replace macro number_hidden(words, number) as case
    when tells_number(words, number) then regexp_replace(
        case
            when contains(words, number) then replace(words, number, '(not kept)')
            else replace(bare_number(words), bare_number(number), '(not kept)')
        end, number_pattern(), '(not kept)', 'g'
    )
    when holds_number(words) then regexp_replace(words, number_pattern(), '(not kept)', 'g')
    else words
end;

-- HMAC-SHA256 in hex (RFC 2104): the pads are the key of 64 bytes, each byte xor 0x36 and xor 0x5c.
create or replace macro keyed_hash(words, inner_pad, outer_pad) as
    sha256(outer_pad || unhex(sha256(inner_pad || encode(words))));

-- Whether two records carry the same tracking number; null where that cannot be compared. The year is part of the hash, and
-- a record of January also has the hash of the year before: a parcel told in December and in January is still found.
create or replace macro same_number(one_hash, one_before, one_year, other_hash, other_before, other_year) as case
    when one_year = other_year then one_hash = other_hash
    when one_year = other_year - 1 then one_hash = other_before
    when one_year - 1 = other_year then one_before = other_hash
end;

-- Whether two records were told within a month of each other; where only the month is known, all of its days count.
create or replace macro within_a_month(one_from, one_to, other_from, other_to) as
    one_from <= other_to + 31 and other_from <= one_to + 31;

-- A delivered row as JSON text without its tracking numbers, in whichever cell they stand.
create or replace macro without_numbers(delivered_row) as number_hidden(
    case
        when json_extract_string(delivered_row, '$.tracking_number') <> ''
            then json_merge_patch(delivered_row, '{"tracking_number": "(not kept)"}')
        else delivered_row
    end::varchar,
    json_extract_string(delivered_row, '$.tracking_number')
);
