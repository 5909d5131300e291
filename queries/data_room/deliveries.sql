-- One row per file: rows in = accepted + quarantined; accepted = counted + replaced by a newer edition.
select
    delivery.source_id,
    delivery.file_name,
    delivery.edition,
    delivery.received_on,
    delivery.rows_in,
    delivery.rows_accepted,
    delivery.rows_quarantined,
    delivery.rows_superseded,
    delivery.rows_accepted - delivery.rows_superseded as rows_in_use,
    delivery.month_from,
    delivery.month_to,
    delivery.sha256,
    delivery.delivery_id
from delivery
order by delivery.source_id, delivery.edition, delivery.file_name;
