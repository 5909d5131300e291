"""A delivered file becomes canonical rows: words read, dates and numbers parsed, kilograms worked out; nothing judged yet.

All of it is set-based SQL in ``queries/mapping``; this module only lays the tables in its way, in order:
delivered_file → row_key, worded → factor → incoming.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from postflow import queries, readers, reading, reshape, tracking, vocabulary
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
    was_read: bool = False
    """Its bytes are those that were read when it was received, or that are shipped: no process of its own reads it again."""


def lay_templates(pool: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables that give every delivery the same text columns."""
    for name, columns in (
        ("record_template", (*RECORD_COLUMNS, "row_mark")),
        ("figure_template", (*FIGURE_COLUMNS, "row_mark", "raw_hash")),
    ):
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
        sheet=tuple(source.file.sheet) if isinstance(source.file.sheet, list) else source.file.sheet,
        header_row=source.file.header_row,
        decimal_mark=source.file.decimal_mark,
    )
    read_file = readers.read if delivery.was_read else reading.read
    told = read_file(pool, delivery.path, file_format, source.names(), work_dir, shape=shape_of(source))
    receipt = {
        "received_on": pa.array([delivery.received_on], pa.date32()),
        "row_step": pa.array([told.row_step], pa.int64()),
    }
    pool.from_arrow(pa.table(receipt)).create("receipt")
    queries.relation(pool, "mapping/raw_rows").create_view("raw_row")
    constants = {name: [value] for name, value in source.constants.items()} or {"ignored_constant": [""]}
    pool.from_arrow(pa.table(constants)).create("constant_row")
    pool.from_arrow(vocabulary.words_of(source.values)).create("word")
    return told


def shape_of(source: Source) -> reshape.Shape:
    """How the source says that its table differs from a plain list of rows."""
    return reshape.Shape(
        header_row=source.file.header_row,
        header_rows=source.file.header_rows,
        missing=frozenset(source.file.missing),
        fill_down=tuple(source.file.fill_down),
        leave_out={header: tuple(words) for header, words in source.rows.leave_out.items()},
        totals={header: tuple(words) for header, words in source.rows.totals.items()},
        parts=tuple(reshape.Part(part.columns, part.constants) for part in source.parts()),
        drug_marks=tuple(source.split.drug),
        decimal_mark=source.file.decimal_mark,
        thousands_mark=source.file.thousands_mark,
    )


def number_form(source: Source) -> str:
    """The pattern of a number in exactly the marks that the source declares, for ``parse_number``."""
    point = re.escape(source.file.decimal_mark)
    marks = {"": "", "'": "['\u2019\u02bc\u00b4`]"}
    group = marks.get(source.file.thousands_mark, re.escape(source.file.thousands_mark))
    whole = rf"(?:\d+|\d{{1,3}}(?:{group}\d{{3}})+)" if group else r"\d+"
    return rf"[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d{{1,3}})?"


def day_forms(forms: Iterable[str]) -> list[str]:
    """The source's forms of a date as ``read_day`` tries them: without the time of day and its zone, months by short name."""
    return [
        re.split(r"[T, ]*%-?[HIkl](?=[:.%])", form.replace("%B", "%b"))[0].replace("%z", "") or form for form in forms
    ]


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
        fiscal_basis=source.dates.fiscal_basis,
        each_row=source.stands_for(),
        item_weight_kg=vocabulary.kilograms(source.units.item_weight),
        year_forms=source.dates.year,
        **_forms(source),
    )
    queries.relation(pool, "mapping/factors").create("factor")
    counts_apart = any("seizures" in {*part.columns, *part.constants} for part in source.parts())
    queries.lay_aside(
        pool,
        "mapping/canonical",
        "incoming",
        source_id=source.id,
        series_id=source.series_id,
        delivery_id=delivery_id,
        row_step=shape_of(source).row_step,
        parts_share_a_count=bool(source.parts()) and not counts_apart,
    )


def to_figures(pool: duckdb.DuckDBPyConnection, source: Source, delivery_id: str) -> None:
    """From the view ``delivered_file`` of a reference source to the table ``incoming`` of figures."""
    queries.relation(pool, "mapping/delivered_figure").create_view("delivered_figure")
    ids = {"source_id": source.id, "delivery_id": delivery_id, "fiscal_basis": source.dates.fiscal_basis}
    queries.lay_aside(pool, "mapping/figures", "incoming", **ids, **_forms(source))


def _forms(source: Source) -> dict[str, str | list[str] | list[int]]:
    """How the source writes numbers, days and months, as parameters of the queries."""
    months = vocabulary.month_words(source.dates.languages)
    return {
        "number_form": number_form(source),
        "decimal_mark": source.file.decimal_mark,
        "thousands_mark": source.file.thousands_mark,
        "day_forms": day_forms(source.dates.day),
        "month_forms": [*(form.replace("%B", "%b") for form in source.dates.month), "%Y-%m", "%b %Y", "%Y %b"],
        "month_words": list(months),
        "month_numbers": list(months.values()),
    }


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
