-- One row per drug name that resembles MDMA or ketamine and is counted as neither.
select
    drug_reported,
    drug,
    sum(seizures)::bigint as seizures
from seizure
where drug not in ('MDMA', 'ketamine')
    and lower(drug_reported) similar to '.*(mdm|mda|mdp|2c-|mbdb|ketamin|ecstasy).*'
group by all
order by seizures desc, drug_reported;
