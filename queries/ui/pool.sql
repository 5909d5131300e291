-- One row: what stands in the pool, for the foot of the sidebar.
select
    (select count(*) from source where exists (from delivery where delivery.source_id = source.source_id)) as sources,
    (select count(*) from delivery) as files,
    (select count(*) from left_out) as left_out,
    (
        select list(distinct source.tlp)
        from source
        where exists (from delivery where delivery.source_id = source.source_id)
    ) as marks;
