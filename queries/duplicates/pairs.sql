-- One row per candidate pair of two services' records that a rule or the model found, or a person decided on, with all reasons.
-- Reads the tables linkable, ruled, scored and decided_by_people.
with named as (
    select
        one,
        other,
        min_by(rule, place) as rule,
        min(place) as place,
        bool_or(is_firm) as is_ruled
    from ruled
    group by one, other
),

met as (
    select one, other from named
    union
    select one, other from scored
    union
    select one, other from decided_by_people
)

select
    met.one,
    met.other,
    named.rule,
    named.place,
    coalesce(named.is_ruled, false) as is_ruled,
    scored.weight,
    scored.probability,
    decided_by_people.decision,
    decided_by_people.decided_by,
    decided_by_people.decided_at,
    l.series_id as one_series_id,
    r.series_id as other_series_id,
    -- Without a day on both sides, something must point at this one parcel: month, drug and weight alone never do.
    -- Numbers come round again: what is told more than a month apart is left to a person, whatever else agrees.
    (
        (l.is_day_known and r.is_day_known)
        or coalesce(
            same_number(l.tracking_hash, l.tracking_hash_before, l.year, r.tracking_hash, r.tracking_hash_before, r.year),
            false
        )
        or coalesce(l.gross_gram = r.gross_gram, false)
        or coalesce(l.information_code = r.information_code, false)
        or l.seizure_country_code = r.seizure_country_code
        or (l.is_controlled and r.is_controlled)
        -- The sender says that it was taken abroad, on its information or as a controlled delivery.
        or coalesce(
            (l.is_sender and (l.information_code = l.service_code or l.is_controlled))
            or (r.is_sender and (r.information_code = r.service_code or r.is_controlled)),
            false
        )
    )
    and within_a_month(l.day_from, l.day_to, r.day_from, r.day_to)
    -- What a rule leaves to a person, the model does not link.
    and coalesce(named.is_ruled, true) as is_identified
from met
inner join linkable as l on met.one = l.seizure_id
inner join linkable as r on met.other = r.seizure_id
left join named using (one, other)
left join scored using (one, other)
left join decided_by_people using (one, other);
