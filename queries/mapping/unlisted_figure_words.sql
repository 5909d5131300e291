-- One row per field and word of a figure that the vocabulary does not list, with the rows that carry it.
-- Regions are no countries: where a figure names one as departure or destination, its words stand beside it. Reads the tables
-- incoming and held.
with told as (
    select *
    from incoming
    where row_number not in (select row_number from held where rule = 'a_total')
),

spoken as (
    select 'drug' as field, drug_reported as word from told where drug = 'other' and drug_reported <> ''
    union all
    select 'reporter_country', reporter_told from told where is_reporter_unlisted
)

select
    field,
    word,
    count(*) as rows
from spoken
group by all
order by rows desc, field, word;
