-- One row per seizing country, drug and series: what was seized there with no departure recorded.
-- Params: $scope (its departures, destinations and sides are not applied), $reporters (country codes).
select
    seizure_country_code,
    drug,
    series_id,
    sum(seizures)::bigint as seizures,
    sum(quantity_kg) as quantity_kg,
    sum(seizures_without_kg)::bigint as seizures_without_kg,
    min(seized_month) as month_from,
    max(seized_month) as month_to
from in_scope(
    'cube',
    struct_update(
        $scope,
        departures := ['ZZ'],
        destinations := null::varchar[],
        sides := null::varchar[],
        channels := null::varchar[]
    )
)
where list_contains($reporters, seizure_country_code)
group by all
order by seizures desc, seizure_country_code, drug, series_id;
