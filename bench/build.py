"""Build time against DuckDB's bare read of the same file, and where the time goes; each build in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench import SHARED, SOURCES, WORK
from postflow import mapping, pool, queries, sources
from postflow.mapping import Delivery

STEPS = {
    "read": "reading the file",
    "mapping/row_keys": "numbering rows alike",
    "mapping/worded": "words, dates, numbers",
    "mapping/factors": "factors",
    "mapping/canonical": "canonical rows",
    "mapping/accepted": "accepted rows into the table",
    "mapping/unlisted_words": "words not listed",
    "build/coverage": "coverage",
    "build/revisions": "revisions",
    "build/cube": "cube",
}


def made(rows: int) -> Path:
    """The CSV of so many made-up rows; made where it is missing."""
    path = WORK / f"rows-{rows}.csv"
    if not path.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        text = Path(__file__).with_name("rows.sql").read_text(encoding="utf-8").rstrip().removesuffix(";")
        with duckdb.connect() as con:
            con.execute("set enable_progress_bar = false")
            con.sql(text, params={"rows": rows}).write_csv(str(path))
    return path


def official() -> Path | None:
    """The official IDS export, unpacked, where it is present."""
    packed = SHARED / "data" / "unodc_ids_2011_2016.zip"
    if not packed.exists():
        return None
    with zipfile.ZipFile(packed) as archive:
        name = max(archive.infolist(), key=lambda item: item.file_size)
        path = WORK / "unodc_ids.csv"
        if not path.exists():
            WORK.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))
    return path


def bare(path: Path, delimiter: str) -> float:
    """Seconds that DuckDB takes to read the file as text into a table of a new database file."""
    target = WORK / "bare.duckdb"
    target.unlink(missing_ok=True)
    began = time.perf_counter()
    with duckdb.connect(target) as con:
        con.execute("set enable_progress_bar = false")
        con.read_csv(str(path), delimiter=delimiter, all_varchar=True).create("delivered")
        con.execute("checkpoint")
    took = time.perf_counter() - began
    target.unlink()
    return took


class _Timed:
    """A relation that notes how long it takes to become a table."""

    def __init__(self, relation: duckdb.DuckDBPyRelation, name: str, taken: dict[str, float]) -> None:
        self._relation, self._name, self._taken = relation, name, taken

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = getattr(self._relation, name)
        return self._clocked(found) if name in ("create", "insert_into", "df") else found

    def _clocked(self, call: Any) -> Any:  # noqa: ANN401
        def clocked(*args: Any) -> Any:  # noqa: ANN401
            began = time.perf_counter()
            try:
                return call(*args)
            finally:
                self._taken[self._name] = self._taken.get(self._name, 0.0) + time.perf_counter() - began

        return clocked


def _watch(taken: dict[str, float]) -> None:
    relation, lay_aside, read = queries.relation, queries.lay_aside, mapping.read

    def timed(name: str, call: Any, *args: Any, **params: Any) -> Any:  # noqa: ANN401
        began = time.perf_counter()
        try:
            return call(*args, **params)
        finally:
            taken[name] = taken.get(name, 0.0) + time.perf_counter() - began

    queries.relation = lambda con, name, **params: _Timed(relation(con, name, **params), name, taken)
    queries.lay_aside = lambda con, name, table, **params: timed(name, lay_aside, con, name, table, **params)
    mapping.read = lambda *args: timed("read", read, *args)


def one(source_id: str, path: Path) -> dict[str, Any]:
    """Build a pool of one file in this process: seconds in all and by step."""
    sources.FOLDER = SOURCES if source_id == "bench_rows" else sources.FOLDER
    source = sources.load((SOURCES if source_id == "bench_rows" else sources.FOLDER) / source_id / "source.toml")
    taken: dict[str, float] = {}
    duckdb.execute("set enable_progress_bar = false")
    _watch(taken)
    began = time.perf_counter()
    published, reports = pool.build("real", extra=[Delivery(source, path, path.name, date(2026, 11, 23))])
    whole = time.perf_counter() - began
    report = next(report for report in reports if report.source_id == source_id)
    accepted = report.rows_accepted
    return {
        "seconds": whole,
        "steps": taken,
        "rows": report.rows_in,
        "accepted": accepted,
        "file": str(published.path),
        "bytes": published.path.stat().st_size,
    }


def measure(source_id: str, path: Path, rounds: int) -> dict[str, Any]:
    """The quickest of some rounds, the bare read before each."""
    delimiter = ";" if source_id == "unodc_ids" else ","
    reads, builds = [], []
    for _ in range(rounds):
        reads.append(bare(path, delimiter))
        at = home_of(path)
        for old in (at / "builds").glob("*.duckdb"):
            old.unlink()
        command = [sys.executable, "-m", "bench.build", source_id, str(path)]
        done = subprocess.run(
            command, env=os.environ | {"POSTFLOW_HOME": str(at)}, capture_output=True, text=True, check=True
        )
        builds.append(json.loads(done.stdout.splitlines()[-1]))
    best = min(builds, key=lambda built: built["seconds"])
    return best | {"bare": min(reads), "csv_bytes": path.stat().st_size, "rounds": rounds}


def home_of(path: Path) -> Path:
    """The home in which the pool of a measured file stands."""
    return WORK / f"home-{path.stem}"


def run(sizes: list[int]) -> dict[str, Any]:
    """Every build measurement, by name of the file."""
    found = {}
    for rows in sizes:
        found[f"{rows:,} made-up rows"] = measure("bench_rows", made(rows), 2 if rows <= 1_000_000 else 1)
    if path := official():
        found["the official IDS export"] = measure("unodc_ids", path, 3)
    return found


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], Path(sys.argv[2]))))
