-- One row: what the scope holds and how sure it is; the numbers of every caption.
-- Params: $scope.
select
    coalesce(sum(records), 0)::bigint as records,
    coalesce(sum(seizures), 0)::bigint as seizures,
    sum(quantity_kg) as quantity_kg,
    sum(quantity_kg_low) as quantity_kg_low,
    sum(quantity_kg_high) as quantity_kg_high,
    coalesce(sum(seizures_without_kg), 0)::bigint as seizures_without_kg,
    coalesce(sum(seizures) filter (is_possible_duplicate), 0)::bigint as seizures_possible_duplicate,
    coalesce(sum(seizures) filter (is_outlier), 0)::bigint as seizures_outlier,
    sum(quantity_kg) filter (is_outlier) as quantity_kg_outlier,
    coalesce(sum(seizures) filter (destination_basis = 'inferred'), 0)::bigint as seizures_inferred_destination,
    coalesce(sum(seizures) filter (destination_country_code = 'ZZ'), 0)::bigint as seizures_unknown_destination,
    coalesce(sum(seizures) filter (departure_country_code = 'ZZ'), 0)::bigint as seizures_unknown_departure,
    coalesce(sum(seizures) filter (channel = 'unknown'), 0)::bigint as seizures_unknown_channel,
    coalesce(sum(seizures) filter (seized_month is null), 0)::bigint as seizures_without_month,
    min(seized_month) as month_from,
    max(seized_month) as month_to,
    list_slice(list_reverse_sort(flatten(coalesce(list(largest_kg), []))), 1, 5)::double[] as largest_kg
from in_scope('cube', $scope);
