"""The made-up world, as DuckDB tables: every parcel that was stopped, and every row that a service writes of it.

Chance is a hash of the parcel's number, the draw's name and the seed: no generator, no order, no clock.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from postflow import queries, sources
from postflow.sources import Source
from postflow.vocabulary import COUNTRY_COLUMNS

FOLDER = Path(__file__).resolve().parent.parent.parent / "data" / "exercise"
RECEIVED_ON = date(2026, 1, 31)
"""The day on which every file of the exercise was delivered; nothing recorded later is in it."""
SLOTS = 4
"""How many words of one meaning a service can have."""

_KINDS = {
    "value": pa.float64(),
    "share": pa.float64(),
    "ratio": pa.float64(),
    "unit_kg": pa.float64(),
    "year": pa.int32(),
    "decimals": pa.int32(),
    "twentieths": pa.int32(),
    "slot": pa.int32(),
    "month_from": pa.date32(),
    "month_to": pa.date32(),
}


def templates() -> dict[str, Source]:
    """The nine declarations, by id."""
    return sources.every(FOLDER / "sources")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of ``data/exercise/<name>.csv``, all text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def create(con: duckdb.DuckDBPyConnection, seed: int, scale: float, declared: dict[str, Source]) -> None:
    """Fill the connection with the tables ``cell``, ``event`` and ``record`` and all that they are made of.

    Args:
        seed: another seed is another world of the same habits.
        scale: 1 is about 40,000 seizures.
        declared: the declarations whose words the services use.
    """
    con.execute("set variable seed = $seed", {"seed": seed})
    con.execute("set variable rates = $rates", {"rates": rates()})
    con.execute((queries.FOLDER / "exercise" / "setup" / "macros.sql").read_text(encoding="utf-8"))
    for name, source_rows in (
        ("calibration", rows("calibration")),
        ("mix", rows("mix")),
        ("effect", rows("effects")),
        ("gap", rows("gaps")),
        ("style", rows("contributors")),
        ("dirt_kind", rows("dirt")),
        ("town_share", rows("towns")),
    ):
        con.from_arrow(_table(source_rows)).create(name)
    con.from_arrow(_table(_words(declared.values()))).create("word")
    services = [source for source in declared.values() if source.kind == "records"]
    con.from_arrow(
        pa.table(
            {
                "source_id": [source.id for source in services],
                "country_code": [source.contributor.country for source in services],
            }
        )
    ).create("contributor")
    con.execute((queries.FOLDER / "exercise" / "setup" / "codes.sql").read_text(encoding="utf-8"))
    for name in ("gap_month", "habit", "lane", "town"):
        queries.relation(con, f"exercise/{name}").create(name)
    queries.relation(con, "exercise/cell", scale=scale).create("cell")
    for name in ("cell_count", "seed", "reused"):
        queries.relation(con, f"exercise/{name}").create(name)
    for name in ("sent", "stopped"):
        queries.relation(con, f"exercise/{name}").create_view(name)
    queries.relation(con, "exercise/event", received_on=RECEIVED_ON).create("event")
    queries.relation(con, "exercise/telling", received_on=RECEIVED_ON).create("telling")
    queries.relation(con, "exercise/dirt").create("dirt")
    queries.relation(con, "exercise/record").create_view("record")


def rates() -> dict[str, object]:
    """The numbers that hold for all services by ``key`` or ``key_item``; a number by year is a list from 2018 on."""
    found: dict[str, object] = {}
    for row in rows("calibration"):
        if row["source_id"]:
            continue
        name = "_".join(filter(None, (row["key"], row["item"])))
        if row["year"]:
            found.setdefault(name, []).append(float(row["value"]))
        else:
            found[name] = float(row["value"])
    return found


def _table(source_rows: list[dict[str, str]]) -> pa.Table:
    """Text to columns: numbers and dates by the column's name, nothing for an empty cell."""
    columns = {}
    for name in source_rows[0]:
        kind = _KINDS.get(name, pa.string())
        cells = [row[name] or None for row in source_rows]
        columns[name] = pa.array(cells, pa.string()).cast(kind)
    return pa.table(columns)


def _words(declared: Iterable[Source]) -> list[dict[str, str]]:
    """What each service calls things: the ``[values]`` of its declaration, read backwards, in four slots each."""
    found = []
    for source in declared:
        by_meaning: dict[tuple[str, str], list[str]] = {}
        for column, listed in source.values.items():
            field = "country" if column in COUNTRY_COLUMNS else "yes_no" if column.startswith("is_") else column
            for word, canonical in listed.items():
                by_meaning.setdefault((field, canonical), []).append(word)
        if ("place_type", "post") in by_meaning:
            # These services write how the mail flew, and that it was mail only in the kind of place.
            for channel in ("post", "courier"):
                by_meaning["transport", channel] = by_meaning["transport", "air_freight"]
        for (field, canonical), words in by_meaning.items():
            for slot in range(SLOTS):
                word = words[slot % len(words)]
                found.append(
                    {"source_id": source.id, "field": field, "canonical": canonical, "slot": str(slot), "word": word}
                )
    return found
