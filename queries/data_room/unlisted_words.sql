-- One row per word that the vocabulary does not list: its rows are kept, the word reads as unknown or other.
select
    source_id,
    field,
    word,
    sum(rows)::bigint as rows
from unlisted_word
group by all
order by rows desc, source_id, field, word;
