-- Every word of the made-up world as one small type: columns of it take a byte, which is what makes ten million rows cheap.
-- Reads the tables mix, contributor, gap, style, town_share and word.
create type code as enum (
    select distinct name
    from (
        select unnest([code, source_id]) as name from mix
        union all
        select unnest([country_code, source_id]) from contributor
        union all
        select kind from gap
        union all
        select unit from style
        union all
        select town from town_share
        union all
        select 'ex_post_' || lower(departure) from town_share
        union all
        select canonical from word
        union all
        select unnest([
            'export', 'transit', 'import',
            'letter', 'packet', 'parcel', 'EMS', 'courier', 'freight', 'post', 'air_freight',
            'ex_courier_one', 'ex_courier_two', 'ex_courier_three',
            'tablet', 'powder', 'crystal', 'liquid', 'other', 'kilogram',
            'controlled', 'information', 'handover', 'seized_by', 'detected_by', 'information_from',
            'none', 'own', 'both', 'yes', 'no',
            'convicted', 'acquitted', 'dismissed',
            'not_registered', 'not_yet_reported',
            'X-ray', 'dog', 'profile', 'advance data', 'random check', 'operator staff',
            'missing', 'vague', 'late', 'good',
            'postal item', 'gifts and toys', 'clothing', 'household goods', 'food and drink', 'electronics', 'cosmetics',
            'documents', 'gift', 'clothes', 'toys', 'food'
        ])
    )
    order by name
);
