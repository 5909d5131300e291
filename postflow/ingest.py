"""The tables of a build, filled from deliveries: read, map, check, supersede, mark, count."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

import duckdb

from postflow import __version__, disclosure, duplicates, mapping, queries, readers, validation, vocabulary
from postflow.errors import DeliveryError, first_line
from postflow.mapping import Delivery
from postflow.sources import Source

Progress = Callable[[str], None]
OF_THE_FILE = (duckdb.DataError, duckdb.InvalidInputException, duckdb.OutOfMemoryException, duckdb.InternalError)
"""What DuckDB raises for what it is given to read, not for how it is asked: a query that is wrong stays loud."""


@dataclass(frozen=True)
class LeftOut:
    """A delivery that cannot be read, and so is not in the build."""

    source_id: str
    file_name: str
    sha256: str
    received_on: date | None
    reason: str
    next_step: str

    def __lt__(self, other: LeftOut) -> bool:
        return (self.source_id, self.file_name, self.sha256) < (other.source_id, other.file_name, other.sha256)


def lay(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables, the macros and the reference data of a build."""
    con.execute(queries.FOLDER.joinpath("schema.sql").read_text(encoding="utf-8"))
    con.execute(queries.FOLDER.joinpath("macros.sql").read_text(encoding="utf-8"))
    vocabulary.load_reference(con)
    mapping.lay_templates(con)
    con.execute("create temp table delivery_secret (delivery_id varchar, secret varchar)")


def mark_and_count(con: duckdb.DuckDBPyConnection, pool: str, key: bytes = b"") -> None:
    """What is done when every file is in: newer editions supersede, records are linked, coverage and cube are laid.

    Args:
        key: the home's secret for the record keys; without one, each series' files are their own.
    """
    supersede(con)
    _draw_record_keys(con, key)
    duplicates.mark(con, pool)
    lay_services(con)
    queries.relation(con, "build/revisions").insert_into("revision")
    queries.relation(con, "build/cube").create("cube")


def list_left_out(con: duckdb.DuckDBPyConnection, told: Iterable[LeftOut]) -> None:
    """Say in the build what is not in it."""
    for item in told:
        con.execute("insert into left_out values (?, ?, ?, ?, ?, ?)", list(astuple(item)))


def lay_services(con: duckdb.DuckDBPyConnection) -> None:
    """Who the services are, and which months each of them reported."""
    queries.lay_aside(con, "build/told_abroad", "abroad")
    con.execute("""update seizure set service_id = abroad.service_id from abroad
        where seizure.rowid = abroad.seizure_rowid; drop table abroad""")
    queries.relation(con, "build/services").insert_into("service")
    queries.relation(con, "build/coverage").insert_into("coverage")


def seal(con: duckdb.DuckDBPyConnection, pool: str, identity: str, inputs: int) -> None:
    """Name the build and drop what only filling it needed."""
    con.execute(
        "insert into build select $id, $pool, $version, (select max(seized_month) from seizure), $inputs",
        {"id": identity, "pool": pool, "version": __version__, "inputs": inputs},
    )
    mapping.clear(con)
    con.execute(
        """drop table record_template; drop table figure_template;
        drop view if exists delivered_file; drop view if exists broken"""
    )


def ingest(con: duckdb.DuckDBPyConnection, delivery: Delivery, checksum: str, work: Path, key: bytes = b"") -> str:
    """Read, map and check one file into the pool; return its delivery id. Without a key no tracking number is kept.

    Raises:
        DeliveryError: the file is not what its source.toml says.
    """
    try:
        return _ingest(con, delivery, checksum, work, key)
    except OF_THE_FILE as error:
        raise DeliveryError(
            f"The rows cannot be read as source.toml says: {first_line(error)}",
            file=delivery.file_name,
            next_step="Compare the date forms, number marks and columns in source.toml with the file.",
        ) from None


def _ingest(con: duckdb.DuckDBPyConnection, delivery: Delivery, checksum: str, work: Path, key: bytes) -> str:
    source = delivery.source
    delivery_id = hashlib.sha256(f"{source.id}|{checksum}".encode()).hexdigest()[:16]
    con.execute("insert into delivery_secret values (?, ?)", [delivery_id, disclosure.secret_of_file(delivery.path)])
    told = mapping.read(con, delivery, work)
    _expect(source, delivery, told)
    if source.kind == "reference":
        accepted, held = _ingest_figures(con, source, delivery_id)
    else:
        mapping.to_canonical(con, source, delivery_id, key)
        mapping.hash_tracking(con, key)
        accepted, held = validation.split(con, source.id, delivery_id, told.row_step)
        queries.relation(con, "mapping/numbers_before").insert_into("number_before")
        queries.relation(con, "mapping/unlisted_words").create_view("unlisted")
        con.execute("insert into unlisted_word select $id, field, word, rows from unlisted", {"id": source.id})
    if accepted == 0:
        raise DeliveryError(
            f"Not one row of the file could be accepted{_mostly_held(con, delivery_id)}.",
            file=delivery.file_name,
            next_step="Compare the columns, date formats and number marks in source.toml with the file.",
        )
    _expect_years(con, source, delivery, delivery_id)
    con.execute(
        """insert into delivery select $id, $source_id, $file_name, $sha256, $received_on, $rows_in, $accepted, $held, 0,
        (select min(seized_month) from seizure where delivery_id = $id), (select max(seized_month) from seizure where delivery_id = $id), 0, $warnings""",
        {
            "id": delivery_id,
            "source_id": source.id,
            "file_name": delivery.file_name,
            "sha256": checksum,
            "received_on": delivery.received_on,
            "rows_in": told.rows,
            "accepted": accepted,
            "held": held,
            "warnings": list(told.warnings),
        },
    )
    return delivery_id


def _mostly_held(con: duckdb.DuckDBPyConnection, delivery_id: str) -> str:
    """The rule that holds most rows, as the end of a sentence."""
    found = con.execute(
        "select reason, count(*) as rows from quarantine where delivery_id = ? group by reason order by rows desc, reason",
        [delivery_id],
    ).fetchone()
    return f": {found[1]:,} are held by the rule “{found[0].rstrip('.')}”" if found else ""


def _expect(source: Source, delivery: Delivery, told: readers.Delivered) -> None:
    if source.expect.rows and not source.expect.rows[0] <= told.rows <= source.expect.rows[1]:
        raise DeliveryError(
            f"The file has {told.rows:,} rows; its source expects {source.expect.rows[0]:,} to {source.expect.rows[1]:,}.",
            file=delivery.file_name,
            next_step="See whether the file is whole; if it is, widen expect.rows in source.toml.",
        )


def _expect_years(con: duckdb.DuckDBPyConnection, source: Source, delivery: Delivery, delivery_id: str) -> None:
    if not source.expect.years:
        return
    first, last = source.expect.years
    found = con.execute(
        """select min(year), max(year) from (
            select seized_year as year from seizure where delivery_id = $id
            union all select unnest([year(period_from), year(period_to)]) from figure where delivery_id = $id
        )""",
        {"id": delivery_id},
    ).fetchall()[0]
    if found[0] is not None and not first <= found[0] <= found[1] <= last:
        raise DeliveryError(
            f"The file tells of {found[0]} to {found[1]}; its source expects {first} to {last}.",
            file=delivery.file_name,
            next_step="See whether its dates are read as they are meant; if they are, widen expect.years in source.toml.",
        )


def _ingest_figures(con: duckdb.DuckDBPyConnection, source: Source, delivery_id: str) -> tuple[int, int]:
    mapping.to_figures(con, source, delivery_id)
    queries.lay_aside(con, "mapping/figure_faults", "held")
    con.execute(
        """insert into quarantine
        select $source_id, $delivery_id, shown_row(row_number, row_step), rule, field, value, reason, raw_row.raw_row
        from held inner join raw_row using (row_number), receipt order by row_number""",
        {"source_id": source.id, "delivery_id": delivery_id},
    )
    con.execute(
        """insert into figure
        select * exclude (row_step, period_told, value_told, reporter_told, is_reporter_unlisted)
            replace (shown_row(row_number, row_step) as row_number)
        from (select incoming.*, row_step from incoming, receipt) as told anti join held using (row_number)"""
    )
    queries.relation(con, "mapping/unlisted_figure_words").create_view("unlisted")
    con.execute("insert into unlisted_word select $id, field, word, rows from unlisted", {"id": source.id})
    held, total = con.execute("select (select count(*) from held), (select count(*) from incoming)").fetchall()[0]
    return total - held, held


def list_source(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """The source's row: what its declaration says of it."""
    con.execute(
        "insert into source values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            source.id,
            source.series_id,
            source.title,
            source.kind,
            source.precedence,
            source.supersedes,
            source.grain,
            source.synthetic,
            source.contributor.name,
            source.contributor.country,
            source.contributor.publisher or source.contributor.name,
            source.licence.id,
            source.licence.redistribute,
            source.licence.note,
            source.handling.tlp,
            source.handling.europol,
            source.provenance.obtained_on,
            source.provenance.obtained_from,
            source.provenance.citation,
            source.coverage.unit,
            source.coverage.every_drug,
            source.reporter,
            source.note,
        ],
    )
    for place, part in enumerate(source.coverage.tells):
        ends = (_month(part.month_from), _month(part.month_to))
        silent = [_month(month) for month in part.silent]
        con.execute(
            "insert into coverage_part values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [source.id, place, part.name, part.drugs, part.sides, part.channels, *ends, silent],
        )


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


def supersede(con: duckdb.DuckDBPyConnection) -> None:
    """Move the records that a newer edition replaces to ``superseded``."""
    queries.relation(con, "build/editions").create("edition")
    queries.relation(con, "build/superseded").create("replaced")
    con.execute(
        """insert into superseded select seizure.*, replaced.superseded_by
        from seizure inner join replaced on seizure.rowid = replaced.seizure_rowid;
        delete from seizure where rowid in (select seizure_rowid from replaced);
        update delivery set edition = edition.edition from edition where delivery.delivery_id = edition.delivery_id;
        update delivery set rows_superseded = told.rows
        from (select delivery_id, count(*) as rows from superseded group by delivery_id) as told
        where delivery.delivery_id = told.delivery_id;
        drop table replaced;"""
    )


def _draw_record_keys(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give every record that counts its key: 28 bits, from its id under the secret of the home or of its series."""
    queries.lay_aside(con, "build/record_keys", "series_secret")
    if key:
        con.execute("update series_secret set secret = $secret", {"secret": disclosure.secret_of_key(key)})
    con.execute(
        """update seizure set record_key = ('0x' || left(sha256(series_secret.secret || seizure.seizure_id), 7))::integer
        from series_secret where seizure.series_id = series_secret.series_id;
        drop table series_secret;"""
    )
