-- One row per what the parcel was said to hold, what hid the drug, and the form of the drug.
-- Disclosure: by declared_contents, concealment, form; hides seizures.
-- Params: $scope.
select
    declared_contents,
    concealment,
    form,
    sum(seizures)::bigint as seizures
from in_scope('seizure', $scope)
group by all
order by seizures desc, declared_contents, concealment, form;
