"""Each service's file, in its own format, words and habits, and the declaration that reads it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from postflow import queries
from postflow.exercise import spreadsheets, world
from postflow.sources import Source

SHEETS_UP_TO = 10.0
"""From this scale on, spreadsheets arrive as CSV: a sheet ends at 1,048,576 rows."""

_NAMES = {
    "ex_nl_customs": "douane_harp",
    "ex_be_customs": "inbeslagnames_saisies",
    "ex_de_customs": "sicherstellungen",
    "ex_fr_customs": "saisies",
    "ex_gb_border_force": "border_seizures",
    "ex_us_cbp": "drug_seizures",
    "ex_au_border": "detections",
    "ex_nz_customs": "interceptions",
    "ex_post_operator": "item_volumes",
}
_NUMBERS = {"quantity", "item_weight", "suspects", "arrests"}
_DATES = {"seized_on", "reported_on", "case_opened_on", "prosecuted_on", "verdict_on"}


@dataclass(frozen=True)
class Delivered:
    """One delivered file."""

    source_id: str
    path: Path
    rows: int
    sha256: str


def declare(template: Source, folder: Path, scale: float) -> Source:
    """Write ``<folder>/<id>/source.toml`` and return what it says; large exercises declare CSV instead of a sheet."""
    text = (world.FOLDER / "sources" / template.id / "source.toml").read_text(encoding="utf-8")
    file = template.file
    if scale >= SHEETS_UP_TO and file.format in ("xlsx", "ods"):
        text = re.sub(r"\[file\]\n[^\[]*", '[file]\nformat = "csv"\ndelimiter = ","\nencoding = "utf-8"\n\n', text)
        file = file.model_copy(update={"format": "csv", "delimiter": ",", "encoding": "utf-8", "sheet": None})
    target = folder / template.id / "source.toml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    return template.model_copy(update={"file": file})


def deliver(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> Delivered:
    """Write the service's file from the table ``record``, or the operator's from its volumes."""
    found = rows_of(con, source)
    target = folder / source.id / f"{_NAMES[source.id]}.{source.file.format}"
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.file.format == "csv":
        _csv(found, source, target)
    else:
        _sheet(found, source, target)
    if source.kind == "records":
        told = con.execute("select count(*) from record where source_id = $id", {"id": source.id})
    else:
        told = con.execute("select count(*) from volume")
    with target.open("rb") as file:
        return Delivered(source.id, target, told.fetchall()[0][0], hashlib.file_digest(file, "sha256").hexdigest())


def rows_of(con: duckdb.DuckDBPyConnection, source: Source) -> duckdb.DuckDBPyRelation:
    """The file's columns under the service's own headers, in the order of its declaration."""
    if source.kind == "reference":
        queries.relation(con, "exercise/operator").create("volume")
        relation = con.table("volume")
    else:
        style = next(row for row in world.rows("contributors") if row["source_id"] == source.id)
        relation = queries.relation(
            con,
            "exercise/delivered",
            source_id=source.id,
            day_format=source.dates.day[0],
            month_format=source.dates.month[0],
            fiscal_basis=source.dates.fiscal_basis,
            decimal_mark=source.file.decimal_mark,
            thousands_mark=source.file.thousands_mark,
            report_format=style["report_format"],
            teams=style["teams"].split("|"),
            places=style["places"].split("|"),
        )
    return relation.select(*(duckdb.ColumnExpression(ours).alias(theirs) for ours, theirs in _columns(source)))


def _columns(source: Source) -> list[tuple[str, str]]:
    """(canonical name, the service's header) of every column of the file."""
    ignored = source.columns.get("ignored", [])
    mapped = [(ours, str(theirs)) for ours, theirs in source.columns.items() if ours != "ignored"]
    return [*mapped, *(("remark", theirs) for theirs in ignored)]


def _csv(found: duckdb.DuckDBPyRelation, source: Source, target: Path) -> None:
    found.write_csv(str(target), sep=source.file.delimiter or ",", header=True)
    if source.file.encoding not in (None, "utf-8"):
        plain = target.with_suffix(".utf8")
        target.rename(plain)
        with (
            plain.open(encoding="utf-8", newline="") as read,
            target.open("w", encoding=source.file.encoding, newline="") as written,
        ):
            while piece := read.read(1 << 22):
                written.write(piece)
        plain.unlink()


def _sheet(found: duckdb.DuckDBPyRelation, source: Source, target: Path) -> None:
    columns = _columns(source)
    kinds = ["number" if ours in _NUMBERS else "date" if ours in _DATES else "text" for ours, _ in columns]
    write = spreadsheets.write_xlsx if source.file.format == "xlsx" else spreadsheets.write_ods
    write(target, source.file.sheet or "1", [theirs for _, theirs in columns], kinds, found.fetchall())
