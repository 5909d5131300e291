"""Builds on disk: immutable DuckDB files, and per pool one small pointer that names the one in use."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from postflow import disk, home, journal
from postflow.errors import PoolError

KEPT_BUILDS, LEAST_BUILDS, KEPT_BYTES = 12, 3, 2_000_000_000
"""A link opens the build that it was made on while that is kept: the newest twelve, fewer where they grow beyond 2 GB."""
SETTINGS: dict[str, str | float | list[str]] = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_DAMAGED = (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException)


@dataclass(frozen=True)
class PoolFile:
    """A published build."""

    path: Path
    pool: str
    build_id: str
    data_through: str
    """Last month with a counted record, ``2026-04``; empty in an empty pool."""
    amiss: str = ""
    """What is wrong where this is not the build that was last published."""


def current(pool: str = "real") -> PoolFile | None:
    """The build in use, or None where none was published yet.

    Where the pointer cannot be read, the journal of what was published says which build was the last; where that one
    is missing or cut, the last whole one is opened. Both are said in ``PoolFile.amiss``.

    Raises:
        PoolError: builds were published and not one can be opened.
    """
    pointer = _pointer(pool)
    if pointer and _has_its_size(pointer):
        return _pool_file(pool, pointer)
    published = [line.told for line in journal.read(_journal(pool))[0] if _is_pointer(line.told)]
    if not published and not _path(pool).exists():
        return None
    again = "Run `python -m postflow build`" + ("." if pool == "real" else " --pool exercise.")
    amiss = (
        f"The build in use, {pointer['file']}, is missing or cut off"
        if pointer
        else f"The note of which build is in use, {_path(pool).name}, cannot be read"
    )
    for told in reversed(published):
        if told != pointer and _has_its_size(told):
            return replace(
                _pool_file(pool, told), amiss=f"{amiss}; this is the last whole build, {told['build_id']}. {again}"
            )
    raise PoolError(f"{amiss}, and no other build is kept.", next_step=again)


def _path(pool: str) -> Path:
    return home.builds_folder() / f"{pool}.json"


def _journal(pool: str) -> Path:
    return home.builds_folder() / f"{pool}.jsonl"


def _pointer(pool: str) -> dict[str, Any] | None:
    try:
        told = json.loads(_path(pool).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    except OSError as error:
        raise disk.unreadable(error) from None
    return told if _is_pointer(told) and told["file"].startswith(f"{pool}-") else None


def _is_pointer(told: object) -> bool:
    return (
        isinstance(told, dict)
        and all(isinstance(told.get(name), str) for name in ("file", "build_id", "data_through"))
        and bool(re.fullmatch(rf"(real|exercise)-{re.escape(told['build_id'])}\.duckdb", told["file"]))
        and bool(re.fullmatch(r"[0-9a-z]{12}", told["build_id"]))
        and bool(re.fullmatch(r"([0-9]{4}-[0-9]{2})?", told["data_through"]))
    )


def _pool_file(pool: str, told: Mapping[str, Any]) -> PoolFile:
    return PoolFile(home.builds_folder() / told["file"], pool, told["build_id"], told["data_through"])


def _has_its_size(told: Mapping[str, Any]) -> bool:
    """Whether the build is there and not cut; one of an older version is taken as it is."""
    path = home.builds_folder() / told["file"]
    return path.is_file() and told.get("bytes", path.stat().st_size) == path.stat().st_size


def is_whole(target: Path) -> bool:
    """Whether a build is there byte for byte as it was published."""
    pool = target.name.split("-")[0]
    told = [line.told for line in journal.read(_journal(pool))[0] if line.told.get("file") == target.name]
    return bool(told) and target.is_file() and _has_its_size(told[-1]) and told[-1].get("sha256") == disk.sha256(target)


def point(published: PoolFile) -> None:
    """Name a build as the one in use: in the journal of what was published, then in the pointer."""
    told = {
        "file": published.path.name,
        "build_id": published.build_id,
        "data_through": published.data_through,
        "bytes": published.path.stat().st_size,
        "sha256": disk.sha256(published.path),
    }
    pointer = _pointer(published.pool)
    if pointer == told:
        return
    journal.append(_journal(published.pool), told)
    disk.replace_text(_path(published.pool), json.dumps(told))


@contextmanager
def reading(file: PoolFile) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a build for reading only, and say in words where it turns out to be damaged.

    Raises:
        PoolError: the file is missing or damaged.
    """
    try:
        with connect(file.path) as con:
            yield con
    except duckdb.CatalogException:
        raise PoolError(
            "This build was made by another version of Postflow, which kept other tables.",
            file=file.path.name,
            next_step="Run `python -m postflow build`.",
        ) from None
    except duckdb.Error as error:
        raise damage(error, file.path) from None


def damage(error: duckdb.Error, path: Path) -> Exception:
    """What a damaged build is said to be; any other error as it is."""
    if not (isinstance(error, _DAMAGED) or type(error) is duckdb.Error):
        return error
    name = path.name.split("-")[0]
    return PoolError(
        "The build is missing or damaged.",
        file=path.name,
        value=str(error).splitlines()[0][:120],
        next_step=f"Run `python -m postflow build{'' if name == 'real' else f' --pool {name}'}`: it is made again.",
    )


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


def place(part: Path, target: Path) -> None:
    """Move a finished file into place, on disk before it is named."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(target)
    disk.settle(target.parent)


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
