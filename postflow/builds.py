"""Builds on disk: immutable DuckDB files, and per pool one small pointer that names the one in use."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from postflow import home
from postflow.errors import PoolError

KEPT_BUILDS, LEAST_BUILDS, KEPT_BYTES = 12, 3, 2_000_000_000
"""A link opens the build that it was made on while that is kept: the newest twelve, fewer where they grow beyond 2 GB."""
SETTINGS = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@dataclass(frozen=True)
class PoolFile:
    """A published build."""

    path: Path
    pool: str
    build_id: str
    data_through: str
    """Last month with a counted record, ``2026-04``; empty in an empty pool."""


def current(pool: str = "real") -> PoolFile | None:
    """The build in use, or None where none was published yet."""
    path = home.builds_folder() / f"{pool}.json"
    try:
        pointer = json.loads(path.read_text(encoding="utf-8"))
        target = path.parent / pointer["file"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return PoolFile(target, pool, pointer["build_id"], pointer["data_through"]) if target.exists() else None


def kept(pool: str, build_id: str) -> PoolFile | None:
    """A build that was published before and is still kept, or None; the one in use counts too."""
    path = home.builds_folder() / f"{pool}-{build_id}.duckdb"
    if not re.fullmatch(r"[0-9a-f]{12}", build_id) or not path.is_file():
        return None
    try:
        with connect(path) as con:
            rows = con.execute("select data_through from build where build_id = ?", [build_id]).fetchall()
    except duckdb.Error:
        return None
    return PoolFile(path, pool, build_id, f"{rows[0][0]:%Y-%m}" if rows and rows[0][0] else "") if rows else None


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a build for reading only."""
    return duckdb.connect(path, read_only=True, config=SETTINGS)


def verify(part: Path) -> None:
    """Reopen the finished file and hold it to its promise: nothing vanished.

    Raises:
        PoolError: rows do not add up, which is a fault of Postflow.
    """
    with connect(part) as con:
        wrong = con.execute(
            """select file_name, rows_in from delivery
            where rows_in <> rows_accepted + rows_quarantined
            or (rows_accepted <> (select count(*) from seizure where delivery_id = delivery.delivery_id) + rows_superseded
            and rows_accepted <> (select count(*) from figure where delivery_id = delivery.delivery_id))"""
        ).fetchall()
        whole = con.execute(
            "select (select count(*) from seizure) = (select coalesce(sum(records), 0) from cube)"
        ).fetchall()[0]
    if wrong or not whole[0]:
        raise PoolError(
            f"Rows do not add up in {wrong or 'the cube'}: this is a fault of Postflow.",
            next_step="Report it; the last good build stays in use.",
        )


def publish(part: Path, target: Path) -> None:
    """Move a finished file into place, on disk before it is named."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


def sweep(pool: str, in_use: Path) -> None:
    """Delete old builds but the newest few; one that is open elsewhere is left for the next time."""
    builds = sorted(
        home.builds_folder().glob(f"{pool}-*.duckdb"), key=lambda path: path.stat().st_mtime_ns, reverse=True
    )
    kept, size = 1, in_use.stat().st_size
    for path in [path for path in builds if path != in_use]:
        size += path.stat().st_size
        kept += 1
        if kept <= LEAST_BUILDS or (kept <= KEPT_BUILDS and size <= KEPT_BYTES):
            continue
        try:
            path.unlink()
        except PermissionError:
            continue
