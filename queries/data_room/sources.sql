-- One row per source: what it is, under which licence, how many rows came in, were accepted, held, replaced and are counted.
select
    source.source_id,
    source.series_id,
    source.title,
    source.kind,
    source.precedence,
    source.grain,
    source.contributor,
    source.contributor_country_code,
    source.publisher,
    source.licence_id,
    source.may_redistribute,
    source.licence_note,
    source.tlp,
    source.europol_handling,
    source.obtained_on,
    source.obtained_from,
    source.citation,
    source.note,
    count(delivery.delivery_id) as files,
    coalesce(sum(delivery.rows_in), 0)::bigint as rows_in,
    coalesce(sum(delivery.rows_accepted), 0)::bigint as rows_accepted,
    coalesce(sum(delivery.rows_quarantined), 0)::bigint as rows_quarantined,
    coalesce(sum(delivery.rows_superseded), 0)::bigint as rows_superseded,
    min(delivery.month_from) as month_from,
    max(delivery.month_to) as month_to
from source
left join delivery on source.source_id = delivery.source_id
group by all
order by source.kind desc, source.source_id;
