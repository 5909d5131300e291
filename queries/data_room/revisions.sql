-- One row per month, place and drug that a later edition states differently, largest change of weight first.
select
    revision.source_id,
    revision.seized_month,
    revision.seizure_place,
    revision.drug,
    older.file_name as older_file,
    newer.file_name as newer_file,
    revision.older_seizures,
    revision.newer_seizures,
    revision.older_kg,
    revision.newer_kg,
    coalesce(revision.newer_kg, 0) - coalesce(revision.older_kg, 0) as change_kg
from revision
inner join delivery as older on revision.older_delivery_id = older.delivery_id
inner join delivery as newer on revision.newer_delivery_id = newer.delivery_id
order by abs(change_kg) desc, revision.seized_month, revision.seizure_place, revision.drug, older_file, newer_file;
