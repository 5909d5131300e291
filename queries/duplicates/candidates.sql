-- One row per candidate pair that was linked or should be looked at, or on which a person decided.
-- Reads the tables decided and refused.
select
    decided.one as seizure_id,
    decided.other as other_seizure_id,
    decided.rule,
    decided.weight,
    decided.probability,
    case when refused.one is not null then 'queue' else decided.decided end as decided,
    coalesce(decided.decision, 'nobody yet') as decision,
    decided.decided_by,
    decided.decided_at
from decided
left join refused on decided.one = refused.one and decided.other = refused.other
where decided.decided <> 'no' or decided.decision is not null or decided.probability >= 0.2
order by decided.one, decided.other;
