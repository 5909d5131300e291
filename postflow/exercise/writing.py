"""``write``: the whole exercise on disk, with its truth."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from postflow import disk, queries
from postflow.exercise import delivering, world
from postflow.exercise.delivering import Delivered
from postflow.sources import Source

SETTINGS = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
TABLES = ("events", "records", "pairs", "cells")


@dataclass(frozen=True)
class Truth:
    """What was written, and what is true of it."""

    folder: Path
    """Holds ``sources/<id>/source.toml``, ``delivered/<id>/<file>``, ``truth.json`` and ``truth/*.parquet``."""
    seed: int
    scale: float
    files: dict[str, Path]
    """Source id → its delivered file."""
    facts: dict[str, object]
    """The content of truth.json."""

    def table(self, name: str) -> pd.DataFrame:
        """``truth/<name>.parquet``: events, records, pairs or cells."""
        return duckdb.connect(config=SETTINGS).from_parquet(str(self.folder / "truth" / f"{name}.parquet")).df()


def write(out: Path, seed: int = 20261123, scale: float = 1.0) -> Truth:
    """Write the exercise: declarations, delivered files, truth. Equal arguments give equal bytes.

    Args:
        out: a folder, made if it is not there; files of an earlier exercise are written over.
        seed: which world.
        scale: 1 is about 40,000 seizures; from 10 on every file is a CSV.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / "truth").mkdir(exist_ok=True)
    declared = {source.id: delivering.declare(source, out / "sources", scale) for source in world.templates().values()}
    with disk.work_folder(out, "work") as work:
        con = duckdb.connect(config=SETTINGS | {"temp_directory": str(work)})
        try:
            con.execute("set enable_progress_bar = false")
            world.create(con, seed, scale, declared)
            files = {name: delivering.deliver(con, source, out / "delivered") for name, source in declared.items()}
            _write_tables(con, out / "truth")
            facts = _facts(con, seed, scale, declared, files)
        finally:
            con.close()
    (out / "truth.json").write_text(
        json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
    )
    return Truth(out, seed, scale, {name: file.path for name, file in files.items()}, facts)


def _write_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the four tables, two at a time, each by one thread: what a Parquet file's dictionaries hold depends on how threads share rows."""

    def write_table(name: str) -> None:
        with con.cursor() as own:
            queries.relation(own, f"exercise/truth_{name}").write_parquet(
                str(folder / f"{name}.parquet"), compression="lz4"
            )

    con.execute("set threads = 1")
    with ThreadPoolExecutor(max_workers=2) as workers:
        list(workers.map(write_table, TABLES))


def _facts(
    con: duckdb.DuckDBPyConnection, seed: int, scale: float, declared: dict[str, Source], files: dict[str, Delivered]
) -> dict[str, object]:
    counts = queries.relation(con, "exercise/truth_counts")
    return {
        "synthetic": True,
        "seed": seed,
        "scale": scale,
        "received_on": world.RECEIVED_ON.isoformat(),
        "counts": dict(zip(counts.columns, counts.fetchall()[0], strict=True)),
        "contributors": _accounts(con, declared, files),
        "planted": {
            "effects": _listed(world.rows("effects")),
            "gaps": _listed(world.rows("gaps")),
            "registration_break": {
                "source_id": "ex_nl_customs",
                "month": "2020-01",
                "registered_before": world.rates()["registered_before_2020"],
                "registered_since": 1,
            },
            "team": {
                "source_id": "ex_nl_customs",
                "month": "2024-02",
                "agency": "HARP-team",
                "share": world.rates()["harp_share"],
            },
            "delays": _delays(),
            "little_in_common": {"departure": "FR", "destination": "AU", "told_twice": 0},
            "tables": ["truth/events.parquet", "truth/records.parquet", "truth/pairs.parquet", "truth/cells.parquet"],
        },
        "rates": world.rates(),
        "habits": _listed(
            [row for row in world.rows("calibration") if row["source_id"]], "key", "source_id", "year", "value", "basis"
        ),
    }


def _accounts(
    con: duckdb.DuckDBPyConnection, declared: dict[str, Source], files: dict[str, Delivered]
) -> dict[str, object]:
    """Per source: the file, its rows, and how many of them the importer should accept and hold, by rule."""
    told = queries.relation(con, "exercise/truth_accounts").df()
    accounts = {}
    for name, file in files.items():
        mine = told[told["source_id"] == name]
        held = mine[mine["rule"].notna()]
        accounts[name] = {
            "kind": declared[name].kind,
            "format": declared[name].file.format,
            "file": file.path.relative_to(file.path.parents[2]).as_posix(),
            "sha256": file.sha256,
            "rows": file.rows,
            "accepted": file.rows - int(held["rows"].sum()),
            "quarantined": int(held["rows"].sum()),
            "quarantined_by_rule": {rule: int(rows) for rule, rows in held.groupby("rule")["rows"].sum().items()},
            "dirt": {
                dirt: int(rows) for dirt, rows in mine.dropna(subset=["dirt"]).groupby("dirt")["rows"].sum().items()
            },
        } | {
            column: int(mine[column].sum())
            for column in ("second_tellings", "unit_errors", "tracking_numbers", "blank_destinations")
        }
    return accounts


def _listed(source_rows: list[dict[str, str]], *columns: str) -> list[dict[str, object]]:
    """CSV rows with numbers as numbers and empty cells as null."""
    return [{name: _value(row[name]) for name in columns or row} for row in source_rows]


def _value(cell: str) -> object:
    try:
        return float(cell) if "." in cell else int(cell)
    except ValueError:
        return cell or None


def _delays() -> dict[str, dict[str, float]]:
    """Per service: median days from seizure to registration, and the log-normal's sigma."""
    delays: dict[str, dict[str, float]] = {}
    for row in world.rows("calibration"):
        if row["key"] in ("delay_median_days", "delay_sigma"):
            delays.setdefault(row["source_id"], {})[row["key"]] = float(row["value"])
    return delays
