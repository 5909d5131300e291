-- One row per candidate pair with what becomes of it: link, queue (a person should look) or no.
-- Params: $link_from, $margin, $queue_from (probabilities and log2 weight). Reads the table pair.
-- A person's word goes first, then the rules in their order, then the model: best for both records and clear of the next best.
with firm as (
    select
        one,
        other
    from pair
    where decision = 'accept' or (is_ruled and decision is null)
),

taken as (
    select one as seizure_id from firm
    union
    select other from firm
),

side as (
    select one, other, one as seizure_id, weight from pair
    where not is_ruled and decision is null
    union all
    select one, other, other, weight from pair
    where not is_ruled and decision is null
),

ranked as (
    select
        side.*,
        lag(weight) over best_first is null as is_best,
        weight - coalesce(lead(weight) over best_first, -1e9) as lead_on_next,
        taken.seizure_id is not null as is_taken
    from side
    left join taken using (seizure_id)
    window best_first as (partition by seizure_id order by weight desc, one, other)
),

clear as (
    select
        one,
        other,
        bool_and(is_best) and min(lead_on_next) >= $margin as is_clear,
        bool_or(is_taken) as is_taken
    from ranked
    group by one, other
)

select
    pair.*,
    case
        when decision = 'accept' then 'link'
        when decision = 'reject' then 'no'
        when decision = 'unsure' then 'queue'
        when is_ruled then 'link'
        when clear.is_taken then 'no'
        when is_identified and probability >= $link_from and clear.is_clear then 'link'
        when rule is not null or probability >= $queue_from then 'queue'
        else 'no'
    end as decided
from pair
left join clear using (one, other)
order by
    decision = 'accept' desc nulls last, place nulls last, weight desc nulls last, one, other;
