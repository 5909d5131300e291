-- One row per detail of the parcel and category of it; the category is null for all that tell the detail together.
-- Counts of what is sensitive are protected, and null where the scope holds fewer than ten seizures: then by category none is told.
-- Params: $scope.
select
    dimension,
    category,
    seizures
from details($scope, false)
order by dimension, category nulls first;
