-- One row per parcel: how it was found, its number, and what the two services have in common.
-- Reads the view sent and the tables reused, habit and town.
with found as (
    select
        sent.*,
        coalesce(series_number, number) as sender_number,
        item in ('letter', 'parcel') as by_mail,
        draw(number, 'found') as found_draw,
        draw(number, 'advance') as advance_draw,
        draw(number, 'numbers') as numbers_draw,
        draw(number, 'step') as step_draw,
        case when told_again is not null then draw(number, 'blind') < rate('twice_blind') else false end as is_blind,
        source_id = 'ex_nl_customs' and month >= date '2024-02-01' and item in ('letter', 'parcel')
        and draw(coalesce(series_number, number), 'team') < rate('harp_share') as is_by_team,
        told_again = 'controlled' or (told_again is null and draw(number, 'lone') < rate('lone_controlled_share')) as is_controlled
    from sent
)

select
    found.* exclude (found_draw, advance_draw, numbers_draw, step_draw, is_controlled),
    coalesce(is_controlled, false) as is_controlled,
    case
        when told_again = 'information' or (is_by_team and found_draw < 0.35) then 'information'
        when found_draw < 0.42 then 'X-ray'
        when found_draw < 0.60 then 'dog'
        when found_draw < 0.78 then 'profile'
        when found_draw < 0.86 then 'advance data'
        when found_draw < 0.93 then 'random check'
        else 'operator staff'
    end::code as detection_method,
    -- Since 2021 the United States want advance data with all mail (STOP Act).
    case
        when advance_draw < case when destination = 'US' and month >= date '2021-01-01' then 0.06 else 0.45 end then 'missing'
        when advance_draw < 0.62 then 'vague'
        when advance_draw < 0.70 then 'late'
        else 'good'
    end::code as advance_data,
    case
        when is_controlled then 9
        when side = 'import' then 8
        when side = 'transit' then 7
        when step_draw < 0.10 then 4
        when step_draw < 0.20 then 5
        else 6
    end as barrier_step,
    -- The first letters of the tracking number say the same: EE is EMS, UA a packet.
    case item
        when 'letter' then case when number // 64 % 3 = 2 then 'packet' else 'letter' end
        when 'parcel' then case when number // 64 % 3 = 1 then 'EMS' else 'parcel' end
        when 'courier' then 'courier'
        else 'air_freight'
    end::code as item_kind,
    case item
        when 'courier' then ['ex_courier_one', 'ex_courier_two', 'ex_courier_three'][1 + floor(draw(sender_number, 'courier') * 3)::integer]
        when 'freight' then null
        else 'ex_post_' || lower(found.departure::varchar)
    end::code as operator,
    town.town,
    ['postal item', 'gifts and toys', 'clothing', 'household goods', 'food and drink', 'electronics', 'cosmetics'][
        1 + floor(pow(draw(sender_number, 'concealment'), 1.6) * 7)::integer
    ]::code as concealment,
    ['documents', 'gift', 'clothes', 'toys', 'cosmetics', 'food', 'electronics'][
        1 + floor(draw(sender_number, 'contents') * 7)::integer
    ]::code as declared_contents,
    case
        when not by_mail then 'none'
        when reused.serial is not null then 'own'
        when told_again is null then case when numbers_draw < habit.share_tracking then 'own' else 'none' end
        when is_blind then 'none'
        when numbers_draw < case when country = 'NZ' then 0.8 else rate('twice_tracking_both') end then 'both'
        when numbers_draw < case when country = 'NZ' then 0.8 else rate('twice_tracking_both') end + rate('twice_tracking_one')
            then case when draw(number, 'whose number') < 0.5 then 'own' else 'other' end
        else 'none'
    end::code as numbers_told,
    coalesce(reused.serial, floor(draw(number, 'serial') * 1e8)::bigint) as serial,
    draw(number, 'slip') < rate('mistyped_share') as is_mistyped,
    reused.serial is not null as is_reused
from found
inner join habit on found.source_id = habit.source_id
left join reused using (number)
left join town on found.departure = town.departure and floor(draw(sender_number, 'town') * 20)::bigint = town.place;
