-- One row per delivery in the order in which its content is new: never the order in which files happened to arrive.
-- The edition that reaches further is newer, shipped or delivered; of two that end in one month, the delivered one.
-- Counting (build/superseded) and revisions read this order and no other.
select
    delivery.delivery_id,
    delivery.source_id,
    source.series_id,
    source.supersedes,
    row_number() over (
        partition by source.series_id
        order by
            delivery.month_to nulls first,
            source.precedence = 'delivered',
            reported.last_reported_on nulls first,
            delivery.rows_accepted,
            delivery.sha256
    ) as edition
from delivery
inner join source on delivery.source_id = source.source_id
left join (
    select
        delivery_id,
        max(reported_on) as last_reported_on
    from seizure
    group by delivery_id
) as reported on delivery.delivery_id = reported.delivery_id
where source.kind = 'records'
order by source.series_id, edition;
