-- One row per pair of records that are one seizure, or are linked, or are candidates: what is true and what was decided.
-- Reads the tables true_pair, seizure and link_candidate.
with told as (
    select
        least(own.seizure_id, other.seizure_id) as one,
        greatest(own.seizure_id, other.seizure_id) as other,
        true_pair.is_blind,
        true_pair.has_number_in_both
    from true_pair
    inner join seizure as own on true_pair.source_id = own.source_id and true_pair.row_number + 1 = own.row_number
    inner join seizure as other
        on true_pair.other_source_id = other.source_id and true_pair.other_row_number + 1 = other.row_number
),

linked as (
    select
        own.seizure_id as one,
        other.seizure_id as other
    from seizure as own
    inner join seizure as other on own.event_id = other.event_id and own.seizure_id < other.seizure_id
),

candidate as (
    select
        seizure_id as one,
        other_seizure_id as other,
        rule,
        probability,
        weight,
        decided
    from link_candidate
),

met as (
    select one, other from told
    union
    select one, other from linked
    union
    select one, other from candidate
)

select
    met.*,
    told.one is not null as is_true,
    linked.one is not null as is_linked,
    coalesce(candidate.decided = 'queue', false) as is_queued,
    candidate.rule,
    candidate.probability,
    candidate.weight,
    told.is_blind,
    told.has_number_in_both,
    'NZ' in (own.seizure_country_code, second.seizure_country_code) as is_new_zealand
from met
inner join seizure as own on met.one = own.seizure_id
inner join seizure as second on met.other = second.seizure_id
left join told using (one, other)
left join linked using (one, other)
left join candidate using (one, other)
order by met.one, met.other;
