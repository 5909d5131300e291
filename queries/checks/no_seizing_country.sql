-- Rule: the country of seizure is stated and known.
select
    row_number,
    'seizure_country' as field,
    seizure_country_reported as value
from incoming
where seizure_country_code = 'ZZ';
