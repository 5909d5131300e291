-- One row per drug, form, unit and year met in the delivery: the most specific factor to kilograms.
-- Reads the tables worded and unit_factor.
with met as (
    select distinct
        coalesce(drug_word, case when drug is null then 'unknown' else 'other' end) as drug,
        coalesce(form_word, 'unknown') as form,
        unit_word as unit,
        year(seized_date) as seized_year
    from worded
)

select
    met.*,
    unit_factor.factor_id,
    unit_factor.kg_low,
    unit_factor.kg_mid,
    unit_factor.kg_high
from met
inner join unit_factor
    on met.unit = unit_factor.unit
    and unit_factor.drug in (met.drug, '*')
    and unit_factor.form in (met.form, '*')
    and met.seized_year >= coalesce(unit_factor.year_from, -9999)
    and met.seized_year <= coalesce(unit_factor.year_to, 9999)
qualify row_number() over (
    partition by met.drug, met.form, met.unit, met.seized_year
    order by unit_factor.drug = '*', unit_factor.form = '*', unit_factor.year_from desc nulls last, unit_factor.factor_id
) = 1;
