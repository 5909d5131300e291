-- One row per word that the vocabulary does not list: its rows are kept, the word reads as unknown or other.
-- How many rows have it is not told of fields that are sensitive (docs/method.md); these stand last.
with met as (
    select
        source_id,
        field,
        word,
        sum(rows)::bigint as rows
    from unlisted_word
    group by all
)

select
    source_id,
    field,
    word,
    case when not is_sensitive(field) then rows end as rows
from met
order by 4 desc nulls last, source_id, field, word;
