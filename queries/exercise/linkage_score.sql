-- One row: how many pairs are true, linked, both, and in the queue. Reads the view linkage_pair.
select
    count(*) filter (is_true) as true_pairs,
    count(*) filter (is_linked) as linked_pairs,
    count(*) filter (is_linked and is_true) as found_pairs,
    count(*) filter (is_queued) as queued_pairs,
    count(*) filter (is_queued and is_true) as queued_true_pairs,
    count(*) filter (is_linked and rule is not null) as linked_by_rule,
    count(*) filter (is_linked and is_true and rule is not null) as found_by_rule
from linkage_pair;
