-- One row per field, cell as delivered and value as it was read, most rows first within a field. Blank cells are left out.
-- Disclosure: for methods only.
-- Reads the tables incoming and held, as they stand when one file has been read.
with told as (
    select unnest([
        {'field': 'seized_on', 'delivered': seized_on_reported, 'read': case date_precision
            when 'day' then strftime(seized_on, '%Y-%m-%d')
            when 'month' then strftime(seized_on, '%Y-%m')
            when 'year' then strftime(seized_on, '%Y')
        end},
        {'field': 'seizure_country', 'delivered': seizure_country_reported, 'read': seizure_country_code},
        {'field': 'departure_country', 'delivered': departure_country_reported, 'read': departure_country_code},
        {'field': 'destination_country', 'delivered': destination_country_reported, 'read': destination_country_code},
        {'field': 'drug', 'delivered': drug_reported, 'read': drug},
        {'field': 'seizures', 'delivered': seizures_reported, 'read': case
            when seizures_high > seizures_number then format('{:.6g} to {:.6g}', seizures_number, seizures_high)
            else format('{:.6g}', seizures_number)
        end},
        {'field': 'quantity', 'delivered': case when quantity_reported <> '' then concat_ws(' ', quantity_reported, unit_reported) end, 'read': case
            when kg_mid is not null then format('{:.6g} kg', kg_mid)
            when quantity_number is not null then format('{:.6g} {}, no kilograms', quantity_number, unit)
        end},
        {'field': 'channel', 'delivered': channel_reported, 'read': channel_detail},
        {'field': 'hiding_place', 'delivered': hiding_place_reported, 'read': concealment},
        {'field': 'operator', 'delivered': operator_reported, 'read': operator}
    ], recursive := true)
    from incoming
    where row_number not in (select row_number from held where starts_with(rule, 'a_'))
)

select
    field,
    delivered,
    coalesce(read, 'not read') as read,
    count(*) as rows
from told
where delivered <> ''
group by all
order by field, rows desc, delivered, read;
