-- One row per record that a newer edition of its series replaces, with the delivery that replaces it.
-- By month, an edition replaces what older ones tell of the drugs that it tells, in the months that it tells: what it
-- says nothing of stays. Reads the table edition. Only series of several deliveries are looked at.
with shared as (
    select series_id
    from edition
    group by series_id
    having count(*) > 1
),

placed as (
    select
        seizure.rowid as seizure_rowid,
        seizure.seizure_id,
        seizure.series_id,
        seizure.drug,
        coalesce(seizure.seized_month, make_date(seizure.seized_year::bigint, 1, 1)) as told_month,
        edition.edition,
        edition.delivery_id
    from seizure
    semi join shared on seizure.series_id = shared.series_id
    inner join edition on seizure.delivery_id = edition.delivery_id
),

newest_of_series as (
    select
        series_id,
        max(edition) as edition,
        arg_max(delivery_id, edition) as delivery_id
    from edition
    where supersedes = 'series'
    group by series_id
),

month_told as (
    select distinct
        placed.series_id,
        placed.delivery_id,
        placed.edition,
        placed.told_month
    from placed
    inner join edition on placed.delivery_id = edition.delivery_id
    where edition.supersedes = 'month'
),

drug_told as (
    select distinct
        delivery_id,
        drug
    from placed
),

newest_of_month as (
    select
        month_told.series_id,
        month_told.told_month,
        drug_told.drug,
        max(month_told.edition) as edition,
        arg_max(month_told.delivery_id, month_told.edition) as delivery_id
    from month_told
    inner join drug_told on month_told.delivery_id = drug_told.delivery_id
    group by all
),

newest_of_record as (
    select
        seizure_id,
        max(edition) as edition,
        arg_max(delivery_id, edition) as delivery_id
    from placed
    group by seizure_id
    having count(*) > 1
)

select
    placed.seizure_rowid,
    coalesce(
        case when newest_of_series.edition > placed.edition then newest_of_series.delivery_id end,
        case when newest_of_month.edition > placed.edition then newest_of_month.delivery_id end,
        case when newest_of_record.edition > placed.edition then newest_of_record.delivery_id end
    ) as superseded_by
from placed
left join newest_of_series on placed.series_id = newest_of_series.series_id
left join newest_of_month
    on placed.series_id = newest_of_month.series_id
    and placed.told_month = newest_of_month.told_month
    and placed.drug = newest_of_month.drug
left join newest_of_record on placed.seizure_id = newest_of_record.seizure_id
where newest_of_series.edition > placed.edition
    or newest_of_month.edition > placed.edition
    or newest_of_record.edition > placed.edition;
