"""A delivered file becomes canonical rows: words read, dates and numbers parsed, kilograms worked out; nothing judged yet.

All of it is set-based SQL in ``queries/mapping``; this module only lays the tables in its way, in order:
delivered_file → row_key, worded → factor → incoming.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from postflow import queries, readers, tracking, vocabulary
from postflow.sources import FIGURE_COLUMNS, RECORD_COLUMNS, Source


@dataclass(frozen=True)
class Delivery:
    """One file of one source."""

    source: Source
    path: Path
    file_name: str
    """As delivered; the kept copy's name also carries its checksum."""
    received_on: date
    sha256: str = ""
    """What the file's checksum must be; empty where nobody has said."""
    is_received: bool = False
    """Kept in the home, and so not ours to mend: where it cannot be read it is left out, and the pool says so."""


def lay_templates(pool: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables that give every delivery the same text columns."""
    for name, columns in (("record_template", RECORD_COLUMNS), ("figure_template", (*FIGURE_COLUMNS, "raw_hash"))):
        fields = [("row_number", pa.int64()), *((column, pa.string()) for column in columns)]
        pool.from_arrow(pa.table({field: pa.array([], kind) for field, kind in fields})).create(name)
    pool.execute(
        "create or replace temp table number_before (seizure_id varchar, delivery_id varchar, tracking_hash_before varchar)"
    )


def read(pool: duckdb.DuckDBPyConnection, delivery: Delivery, work_dir: Path) -> readers.Delivered:
    """Read the file into the view ``delivered_file`` and lay its words, constants and receipt beside it.

    Raises:
        DeliveryError: the file cannot be read as its source.toml says.
    """
    clear(pool)
    source = delivery.source
    file_format = readers.FileFormat(
        format=source.file.format,
        delimiter=source.file.delimiter,
        encoding=source.file.encoding,
        sheet=source.file.sheet,
        header_row=source.file.header_row,
    )
    told = readers.read(pool, delivery.path, file_format, source.names(), work_dir)
    queries.relation(pool, "mapping/raw_rows").create_view("raw_row")
    constants = {name: [value] for name, value in source.constants.items()} or {"ignored_constant": [""]}
    pool.from_arrow(pa.table(constants)).create("constant_row")
    pool.from_arrow(vocabulary.words_of(source.values)).create("word")
    pool.from_arrow(pa.table({"received_on": pa.array([delivery.received_on], pa.date32())})).create("receipt")
    return told


def to_canonical(pool: duckdb.DuckDBPyConnection, source: Source, delivery_id: str, key: bytes = b"") -> None:
    """From the view ``delivered_file`` to the table ``incoming`` of canonical rows.

    Args:
        key: the home's; without one a tracking number does not enter a row's id.
    """
    inner, outer = tracking.pads(key) if key else (None, None)
    queries.lay_aside(pool, "mapping/row_keys", "row_key", inner_pad=inner, outer_pad=outer)
    queries.relation(pool, "mapping/delivered").create_view("delivered")
    queries.lay_aside(
        pool,
        "mapping/worded",
        "worded",
        decimal_mark=source.file.decimal_mark,
        thousands_mark=source.file.thousands_mark,
        day_formats=source.dates.day,
        month_formats=source.dates.month,
        year_formats=source.dates.year,
        fiscal_basis=source.dates.fiscal_basis,
    )
    queries.relation(pool, "mapping/factors").create("factor")
    ids = {"source_id": source.id, "series_id": source.series_id, "delivery_id": delivery_id}
    queries.lay_aside(pool, "mapping/canonical", "incoming", **ids)


def hash_tracking(pool: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Lay the view ``tracking`` of numbers, years and keyed hashes beside ``incoming``; empty without a key.

    The numbers stay in memory: the view reads an Arrow table and nothing of it is written to the pool. ``hash_before`` is
    the hash under the year before, by which a parcel told in December and in January is found. What is no number (a word for
    none, a filler, one that a spreadsheet rounded) has no hash and is told by ``is_no_number``.
    """
    met = queries.relation(pool, "mapping/tracking_numbers").fetchall() if key else []
    known = [(number, year, tracking.is_number(number)) for number, year in met]
    hashed = {
        "tracking_number": pa.array([number for number, _ in met], pa.string()),
        "seized_year": pa.array([year for _, year in met], pa.int16()),
        "tracking_hash": pa.array(
            [tracking.keyed_hash(number, year, key) if is_one else None for number, year, is_one in known], pa.string()
        ),
        "hash_before": pa.array(
            [tracking.keyed_hash(number, year - 1, key) if is_one else None for number, year, is_one in known],
            pa.string(),
        ),
        "is_no_number": pa.array([not is_one for *_, is_one in known], pa.bool_()),
        "is_mistyped": pa.array([tracking.s10_is_mistyped(number) for number, _ in met], pa.bool_()),
    }
    pool.register("tracking", pa.table(hashed))


def clear(pool: duckdb.DuckDBPyConnection) -> None:
    """Drop the tables of the delivery before."""
    pool.unregister("tracking")
    pool.execute(
        "drop view if exists delivered; drop view if exists raw_row; drop table if exists row_key; drop table if exists worded; drop table if exists factor;"
        "drop table if exists incoming; drop table if exists held; drop table if exists receipt;"
        "drop table if exists word; drop table if exists constant_row;"
    )
