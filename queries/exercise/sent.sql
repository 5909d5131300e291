-- One row per parcel: how it travelled, what it held, and whether a second service tells of it too.
-- Reads the tables seed and habit. `told_again` is controlled, information or handover.
with routed as (
    select
        seed.*,
        case when country = departure then 'export' when country = destination then 'import' else 'transit' end::code as side,
        case
            when series_number is null and draw(number, 'bulk') < rate('bulk_share') then 'freight'
            when draw(coalesce(series_number, number), 'channel') >= habit.share_by_mail then 'courier'
            when draw(coalesce(series_number, number), 'letter') < habit.share_letters_of_mail then 'letter'
            else 'parcel'
        end::code as item,
        draw(coalesce(series_number, number), 'form') as form_draw,
        draw(number, 'told again') as again_draw
    from seed
    inner join habit on seed.source_id = habit.source_id
),

told as (
    select
        routed.* exclude (form_draw, again_draw),
        case
            when sender_id is null or series_number is not null or item = 'freight' then null
            when departure = 'FR' and destination = 'AU' then null
            when side = 'import' and again_draw < rate('controlled_share') then 'controlled'
            when side = 'import' and again_draw < rate('controlled_share') + rate('information_share') then 'information'
            when side = 'transit' and again_draw < rate('handover_share') then 'handover'
        end::code as told_again,
        case drug
            when 'MDMA' then case when form_draw < 0.55 then 'tablet' when form_draw < 0.8 then 'crystal' else 'powder' end
            when 'ketamine' then case when form_draw < 0.55 then 'powder' when form_draw < 0.92 then 'crystal' else 'liquid' end
            when 'LSD' then 'other'
            else 'powder'
        end::code as form,
        rate('tablet_mdma_mg')[year(month) - 2017] / 1e6 / rate('tablet_mdma_share') as tablet_kg
    from routed
),

weighed as (
    select
        told.*,
        -- What two services work on together is larger than what one finds by chance.
        case when told_again is null then 1 else 3 end
        * case when drug = 'LSD' then 0.1 else 1 end / 1000
        * case item
            when 'letter' then case when country = 'NZ' then rate('nz_small_median_g') else rate('median_g_letter') end
            when 'parcel' then rate('median_g_parcel')
            when 'courier' then rate('median_g_courier')
            else rate('median_g_freight')
        end
        * exp(bell(number, 'weight') * case item
            when 'letter' then rate('sigma_letter')
            when 'parcel' then rate('sigma_parcel')
            when 'courier' then rate('sigma_courier')
            else rate('sigma_freight')
        end) as kg_drawn
    from told
),

counted as (
    select
        weighed.*,
        case when form = 'tablet' then greatest(1, round(kg_drawn / tablet_kg))::bigint end as tablets
    from weighed
)

select
    counted.* exclude (kg_drawn),
    coalesce(tablets * tablet_kg, greatest(0.0005, kg_drawn)) as kg
from counted;
