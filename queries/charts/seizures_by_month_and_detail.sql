-- One row per month, detail of the parcel and category of it; the category is null for all of the month that tell the detail.
-- Counts of what is sensitive are protected, and null where the month holds fewer than ten seizures: then by category none is told.
-- Params: $scope.
select
    period_start,
    dimension,
    category,
    seizures
from details($scope, true)
order by period_start nulls last, dimension, category nulls first;
