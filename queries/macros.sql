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

-- Whether a field, or a flag named for one, is of what is sensitive of a seizure (docs/method.md); hiding_place is read as concealment.
create or replace macro is_sensitive(field) as regexp_matches(
    field,
    'advance_data|arrests|barrier_step|case_opened|concealment|controlled_delivery|declared_contents|departure_place|'
    || 'detection_method|hiding_place|information_country|linked_series|prosecuted|suspects|verdict'
);

-- What one draw of the table perturbation leaves of a count; `records` is a text that stands for the records that decide.
create or replace macro moved(number, nth_draw, records) as (
    select number + noise
    from perturbation
    where draw = nth_draw
        and count_before = least(number, case nth_draw when 1 then 8 else 7 end)
        and ('0x' || left(sha256(nth_draw || '|' || records), 5))::integer >= key_from
        and ('0x' || left(sha256(nth_draw || '|' || records), 5))::integer < key_to
);

-- A count of what is sensitive as it may be shown: moved twice by chance, never above the plain count that it is a part of, zero where
-- it is zero. Null where that plain count is below ten: it is exact, and would tell the parts of itself.
-- The first draw is fixed by the records of the cell: however often the cell is asked for, averages find what this draw left and no
-- more. The second hangs on all records of the plain cell, too: without it, a cell that stays as it was while the plain count rises by
-- one would say that the new record is not in it, and the one cell that moves that it is. `what` is the column that splits: two
-- columns that agree in every record are not moved alike. `part` and `part_keys` are the sums over the cell, the others those over the plain cell.
create or replace macro protected(what, part, part_keys, whole, whole_keys) as case
    when whole < 10 then null
    when coalesce(part, 0) = 0 or moved(part, 1, what || '|' || part_keys) = 0 then 0
    -- Without the table nothing is told: least() alone would give the whole.
    when moved(moved(part, 1, what || '|' || part_keys), 2, what || '|' || part_keys || '|' || whole_keys) is not null
        then least(whole, moved(moved(part, 1, what || '|' || part_keys), 2, what || '|' || part_keys || '|' || whole_keys))
end;

-- Seizures of the scope by detail of the parcel and category of it, by month of seizure or all together; the category is null for
-- all that tell the detail. Counts of what is sensitive (docs/method.md) are protected, and null where the whole holds fewer than
-- ten: then by category none is told, and neither is a category that comes out as zero. `parcel_weight` are classes of gross weight.
create or replace macro details(scope, is_monthly) as table
    with told as (
        select
            seizures,
            record_key,
            case when is_monthly then seized_month end as month,
            concealment,
            form,
            declared_contents,
            detection_method,
            advance_data,
            case is_controlled_delivery when true then 'yes' when false then 'no' else 'unknown' end as controlled_delivery,
            case
                when item_weight_kg is null then 'unknown'
                when item_weight_kg < 0.1 then 'under 100 g'
                when item_weight_kg < 0.5 then '100 to 500 g'
                when item_weight_kg < 2 then '500 g to 2 kg'
                when item_weight_kg < 10 then '2 to 10 kg'
                else '10 kg and more'
            end as parcel_weight
        from in_scope('seizure', scope)
    ),

    summed as (
        select
            month,
            -- One of them stands in each row: the dimension is the one that was grouped by.
            coalesce(concealment, form, declared_contents, detection_method, advance_data, controlled_delivery, parcel_weight)
                as category,
            case
                when grouping(concealment) = 0 then 'concealment'
                when grouping(form) = 0 then 'form'
                when grouping(declared_contents) = 0 then 'declared_contents'
                when grouping(detection_method) = 0 then 'detection_method'
                when grouping(advance_data) = 0 then 'advance_data'
                when grouping(controlled_delivery) = 0 then 'controlled_delivery'
                else 'parcel_weight'
            end as dimension,
            sum(seizures)::bigint as seizures,
            sum(record_key)::bigint as record_keys
        from told
        group by grouping sets (
            (month, concealment), (month, form), (month, declared_contents), (month, detection_method), (month, advance_data),
            (month, controlled_delivery), (month, parcel_weight)
        )
    ),

    cell as (
        select *
        from summed
        union all by name
        select
            month,
            dimension,
            coalesce(sum(seizures) filter (category <> 'unknown'), 0)::bigint as seizures,
            sum(record_keys) filter (category <> 'unknown')::bigint as record_keys
        from summed
        group by all
    ),

    whole as (
        select
            month,
            sum(seizures)::bigint as seizures,
            sum(record_keys)::bigint as record_keys
        from summed
        where dimension = 'form'
        group by all
    ),

    shown as (
        select
            cell.month as period_start,
            cell.dimension,
            cell.category,
            case
                when cell.dimension in ('form', 'parcel_weight') then cell.seizures
                else protected(cell.dimension, cell.seizures, cell.record_keys, whole.seizures, whole.record_keys)
            end as seizures
        from cell
        inner join whole on cell.month is not distinct from whole.month
    )

    select *
    from shown
    where category is null or seizures > 0;

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

-- White space of every kind (no-break, thin, line ends, tabs) as one space; marks without width are none.
create or replace macro has_odd_space(words) as regexp_matches(
    words, '[\t-\r\x{1c}-\x{1f}\x{85}\x{a0}\x{ad}\x{1680}\x{2000}-\x{200f}\x{2028}\x{2029}\x{202f}\x{205f}\x{2060}\x{3000}\x{feff}]|  '
);

create or replace macro one_space(words) as trim(
    regexp_replace(
        regexp_replace(words, '[\x{ad}\x{200b}-\x{200f}\x{2060}\x{feff}]', '', 'g'),
        '[\s\x{b}\x{1c}-\x{1f}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+', ' ', 'g'
    )
);

-- Text as delivered to a number, or null where it is not one in exactly the marks that its source declares (mapping.number_form):
-- an undeclared mark does not pass. Groups are of three.
create or replace macro parse_number(words, number_form, decimal_mark, thousands_mark) as case
    when regexp_full_match(words, number_form) then try_cast(
        replace(
            case
                when thousands_mark = '' then words
                when thousands_mark = '''' then translate(words, '''’ʼ´`', '')
                else replace(words, thousands_mark, '')
            end,
            decimal_mark, '.'
        ) as double
    )
end;

-- The number at the head of '1.5 kg', and the word behind it. Letters are listed: RE2 takes milliseconds to compile all of Unicode's.
create or replace macro number_before(words) as regexp_extract(words, '^([+\-]?[\d.,''’ ]*\d) ?[A-Za-z\x{b5}\x{c0}-\x{24f}\x{3bc}%][A-Za-z\x{b5}\x{c0}-\x{24f}\x{3bc}\d. ]*$', 1);
create or replace macro word_behind(words) as trim(regexp_extract(words, '^[+\-]?[\d.,''’ ]*\d ?([A-Za-z\x{b5}\x{c0}-\x{24f}\x{3bc}%][A-Za-z\x{b5}\x{c0}-\x{24f}\x{3bc}\d. ]*)$', 1));

-- An interval as services write what they hide or estimate, in whole numbers: '<5', 'under 5', '≤5', '1-3', '1 to 3', '>5', '5+', '5 or more'.
-- The least and the most that it holds; the most is null where there is none. A sign for hidden ('*', 'c', 's') is one or more.
create or replace macro is_hidden_count(words) as regexp_full_match(lower(words), '\*+|\[?[cs]\]?|\[?suppressed\]?|\[?confidential\]?');
create or replace macro count_low(words) as case
    when regexp_full_match(words, '\d+ ?(?:[-–—]|to|bis|tot|à|til|till) ?\d+') then try_cast(regexp_extract(words, '^\d+') as double)
    when regexp_full_match(words, '(?:≥|>=) ?\d+|\d+ ?\+|\d+ or more') then try_cast(regexp_extract(words, '\d+') as double)
    when regexp_full_match(words, '(?:>|over|more than) ?\d+') then try_cast(regexp_extract(words, '\d+') as double) + 1
    when regexp_full_match(words, '(?:<|≤|<=|under|less than|fewer than|up to) ?\d+') or is_hidden_count(words) then 1
end;
create or replace macro count_high(words) as case
    when regexp_full_match(words, '\d+ ?(?:[-–—]|to|bis|tot|à|til|till) ?\d+') then try_cast(regexp_extract(words, '\d+$') as double)
    when regexp_full_match(words, '(?:≤|<=|up to) ?\d+') then try_cast(regexp_extract(words, '\d+') as double)
    when regexp_full_match(words, '(?:<|under|less than|fewer than) ?\d+') then try_cast(regexp_extract(words, '\d+') as double) - 1
end;

-- Whether the words head a row that adds up other rows, in the languages of the participating services.
create or replace macro is_total(words) as regexp_full_match(
    lower(words),
    '((grand|overall|sub|running|year)[ \-]?)?(totals?|totaal|totale|totalt|totaux|gesamt(summe|zahl)?|insgesamt|summe|summa|sum|somme|i alt|ialt|iš viso|viso|kokku|celkem|součet|totali|totale generale|ensemble|iomlán|somma|yhteensä|en total|zusammen|samtliga|samlet)'
    || '([ :.,\-–]+.*)?|.*[ (](totals?|gesamt|totaal)\)?|fytd|ytd|fiscal year to date|year to date|(all|alle|toutes?( les)?|todas?( las)?|tutte( le)?|alla|visi|všechny|kõik) (drugs|drogen|drogues|substances|countries|länder|pays|months|drogas|droghe|narkotika|narkotyki|drogy|substancer|landen|maanden|monate|mois)'
);

-- The row as a spreadsheet shows it: a row's key also holds its sheet, and its part where a row is split (mapping.row_key).
create or replace macro shown_row(row_key, row_step) as (row_key // row_step) % 10000000000;

-- Whether it is a number of people.
create or replace macro is_people(number) as number between 0 and 1e6 and number = floor(number);

-- The month of '3', '03', 'OCT' or 'October', or of a name in a language that the source declares; null where it is none.
create or replace macro month_number(words, month_words, month_numbers) as case
    when regexp_full_match(words, '\d{1,2}') then case when try_cast(words as integer) between 1 and 12 then try_cast(words as integer) end
    when list_position(month_words, rtrim(lower(nfc_normalize(words)), '.')) > 0
        then month_numbers[list_position(month_words, rtrim(lower(nfc_normalize(words)), '.'))]
    when regexp_full_match(words, '[A-Za-z]{3,9}\.?') then nullif(list_position(
        ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], left(lower(words), 3)
    ), 0)
end;

-- A date without its time of day and its time zone: the day is the one that is written. Names of months become Jan … Dec.
create or replace macro day_written(words) as case
    when contains(words, ':') then trim(regexp_replace(words, '[T, ]+\d{1,2}:\d{2}.*$', '')) else words
end;
create or replace macro month_in_english(words, month_words, month_numbers) as case
    when regexp_matches(words, '[A-Za-z\x{c0}-\x{24f}]{3}') then list_transform(
        [regexp_extract(words, '[A-Za-z\x{c0}-\x{24f}]{3,}\.?')],
        lambda name: coalesce(
            replace(
                regexp_replace(words, ' de | of ', ' ', 'g'),
                name,
                ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
                    month_number(name, month_words, month_numbers)
                ]
            ),
            words
        )
    )[1]
    else words
end;

-- Year first, or the month by its name and the year in four digits, can be read in one way only: no source need declare them.
create or replace macro plain_days() as [
    '%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%d %b %Y', '%d. %b %Y', '%d-%b-%Y', '%d/%b/%Y', '%b %d, %Y', '%b %d %Y', '%Y-%b-%d'
];

-- A day in one of the source's forms or in a plain one; null before 1950, as a year of two digits is not one of four.
create or replace macro read_day(words, forms, month_words, month_numbers) as (
    list_transform(
        [month_in_english(day_written(words), month_words, month_numbers)],
        lambda day: case
            when try_strptime(day, forms) >= timestamp '1950-01-01' then try_strptime(day, forms)
            when try_strptime(day, plain_days()) >= timestamp '1950-01-01' then try_strptime(day, plain_days())
        end
    )[1]
)::date;

-- Both ends of a period in words: '2024-01-05/2024-01-09', '5.1.2024 bis 9.1.2024', '05/01/2024 - 09/01/2024'.
create or replace macro period_end(words, which) as regexp_extract(
    words, '^(\S.{6,18}\S)(?: - | ?[/–—] ?| ?\.\.+ ?| (?:to|until|through|bis|tot|t/m|au|à|a|al|til|till|iki|kuni|do|–) )(\S.{6,18}\S)$', which
);

-- The Monday of '2024-W05', '2024W05', 'W5 2024', 'KW 5/2024', 'week 5 2024', by ISO 8601.
create or replace macro week_monday(words) as case
    when regexp_full_match(words, '(?i)\d{4}[ -]?(W|KW|wk|week) ?\d{1,2}') or regexp_full_match(words, '(?i)(W|KW|wk|week|vecka|uge|semaine|semaine no|týden) ?\d{1,2}[ ,/-]+\d{4}')
        then (list_transform(
            [{'y': try_cast(regexp_extract(words, '\d{4}') as bigint), 'w': coalesce(
                nullif(regexp_extract(words, '(?i)[a-zý] ?(\d{1,2})$', 1), ''), regexp_extract(words, '(?i)[a-zý] ?(\d{1,2})[ ,/-]', 1)
            )::integer}],
            lambda told: case
                when told.w between 1 and 53 then make_date(told.y, 1, 4) - (isodow(make_date(told.y, 1, 4))::integer - 1) + (told.w - 1) * 7
            end
        )[1])
end;

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

-- The digits of a year or of two in a row, beside which only a mark or a word for year stands: '2024', 'FY2024', '2024 (p)',
-- 'år 2024', '2026 (FYTD)', '2023/24'. 'Jan-Mar 2024', 'first half 2024', '2024 Q1' and 'before 2024' are none.
create or replace macro year_told(words) as regexp_extract(
    words,
    '(?i)^(?:(?:FYE?|SFY|F|CY|YE|FJ|BJ|(?:(?:fiscal|financial|calendar|reporting|reference) )?year|jaar|jahr|kalenderjahr|boekjaar|haushaltsjahr|'
    || 'ann[ée]e|exercice|a[ñn]o|anno|år|rok|metai|aasta|bliain|sena|joer)[ .:]*[’'']?)?'
    || '((?:19|20)\d{2}(?: ?(?:[/–—-]|to|bis|tot|till|à|al) ?\d{2}(?:\d{2})?)?|\d{2} ?[/–—-] ?\d{2}|\d{2})'
    || '[ .]*[*†‡#¹²³]*'
    || ' ?[(\[]?(?:p|r|e|f|prov|prelim|provisional|preliminary|revised|estimated?|vorläufig|voorlopig|provisoire|foreløbig|preliminär|FYTD|YTD|to date)?[.)\]]*$',
    1
);

-- A year that is not over.
create or replace macro is_year_to_date(words) as regexp_matches(words, '(?i)\b(FYTD|YTD|CYTD|to date|so far|bis heute|tot nu toe|à ce jour|hittills)\b');

-- The calendar year of '2024', '2024*', 'CY 2024'; two years ('2023/24') are no calendar year.
create or replace macro calendar_year(words) as case
    when length(year_told(words)) = 4 and regexp_full_match(year_told(words), '\d{4}') then year_told(words)::integer
end;

-- The year in which a fiscal year ends: 'FY2026' and 'FY26' are 2026, as are '2025/26', '2025-2026', '25/26', 'year ending June 2026'
-- and 'July 2025 to June 2026'. Of several years that are not two in a row ('2020-2024') none is.
create or replace macro fiscal_year_end(words) as list_transform(
    [{'core': year_told(words), 'years': list_transform(regexp_extract_all(year_told(words), '\d+'), lambda year: year::integer)}],
    lambda told: case
        when regexp_full_match(told.core, '\d{4}') then told.years[1]
        when regexp_full_match(told.core, '\d{2}') then case when regexp_matches(words, '(?i)^(S?F|fi[sn])') then 2000 + told.years[1] end
        when told.core <> '' then case
            when (told.years[1] + 1) % 100 = told.years[2] % 100 and (told.years[2] < 100 or told.years[2] = told.years[1] + 1)
                then case when told.years[1] >= 1000 then told.years[1] + 1 when told.years[2] < 50 then 2000 + told.years[2] else 1900 + told.years[2] end
        end
        when regexp_full_match(words, '(?i)(the )?(year|12 months) ?(end(ed|ing)|to) (\d{1,2} )?(mar(ch)?|june?|sep(t|tember)?)\.? \d{4}')
            then try_cast(regexp_extract(words, '\d{4}$') as integer)
        when regexp_full_match(words, '(?i)(\d{1,2}\.? )?(apr|jul|oct|okt)[a-zé]*\.? \d{4} ?(?:[/–—-]|to|until|bis|tot|au|till) ?(\d{1,2}\.? )?(mar|mär|maa|jun|jui|sep)[a-zé]*\.? \d{4}')
            and try_cast(regexp_extract_all(words, '\d{4}')[2] as integer) = try_cast(regexp_extract_all(words, '\d{4}')[1] as integer) + 1
            then try_cast(regexp_extract_all(words, '\d{4}')[2] as integer)
    end
)[1];

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
