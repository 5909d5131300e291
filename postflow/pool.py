"""The pool: every accepted record of every source, as one immutable DuckDB file per build.

``build`` is the data's way written out. A build's id is made of its inputs' checksums, so the same inputs give the same
pool; a build is published by moving a finished, checked file into place and then one small pointer.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from postflow import (
    __version__,
    builds,
    duplicates,
    home,
    ingest,
    queries,
    reports,
    sources,
    tracking,
    vocabulary,
)
from postflow.builds import SETTINGS, PoolFile, connect, current, kept
from postflow.errors import DeliveryError, PoolError, SourceError
from postflow.ingest import Progress
from postflow.mapping import Delivery
from postflow.reports import Report
from postflow.sources import Source

__all__ = ["Delivery", "PoolFile", "Report", "add", "build", "check", "connect", "current", "kept"]


def _silent(_: str) -> None:
    return None


def every_source(pool: str) -> dict[str, Source]:
    """The sources of one pool: shipped ones and those in the home; real and synthetic never meet.

    Raises:
        SourceError: a source.toml is wrong.
    """
    known = sources.every(sources.FOLDER, home.sources_folder())
    return {name: source for name, source in known.items() if source.synthetic == (pool == "exercise")}


def source_folder(source_id: str) -> Path:
    """The folder of a source's declaration; the home's own wins over the shipped one."""
    own = home.sources_folder() / source_id
    return own if own.exists() else sources.FOLDER / source_id


def deliveries(pool: str) -> list[Delivery]:
    """Every file that belongs in the pool, shipped and added, in a fixed order.

    Raises:
        SourceError: a shipped file is missing, or an added file's source is gone.
    """
    known = every_source(pool)
    found = [
        Delivery(source, source_folder(source.id) / source.file.path, source.file.path, source.provenance.obtained_on)
        for source in known.values()
        if source.file.path
    ]
    for receipt in home.receipts(pool):
        if receipt.source_id not in known:
            raise SourceError(
                "An added file belongs to a source that is gone.",
                file=receipt.file_name,
                field="source",
                value=receipt.source_id,
                next_step="Put its source.toml back, or remove the file from received.json.",
            )
        path = home.delivered_folder(pool) / receipt.source_id / receipt.kept_name
        received_on = home.date.fromisoformat(receipt.received_on)
        found.append(Delivery(known[receipt.source_id], path, receipt.file_name, received_on))
    return sorted(found, key=lambda delivery: (delivery.source.id, delivery.path.name))


def build_id(pool: str, files: list[tuple[Delivery, str]]) -> str:
    """Twelve hex digits made of the files' checksums, their declarations, the reference data and the queries."""
    digest = hashlib.sha256(f"{pool}|{__version__}|{duckdb.__version__}".encode())
    digest.update(tracking.fingerprint(tracking.key_of(pool, home.folder())).encode())
    for delivery, checksum in files:
        digest.update(f"{delivery.source.model_dump_json()}|{delivery.received_on}|{checksum}".encode())
    inputs = [*vocabulary.FOLDER.glob("*.csv"), *queries.FOLDER.glob("**/*.sql"), *duplicates.inputs(pool)]
    skipped = ("charts", "data_room", "records", "ui", "exercise")
    for path in sorted(path for path in inputs if path.parent.name not in skipped):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def build(
    pool: str = "real", extra: list[Delivery] | None = None, progress: Progress = _silent
) -> tuple[PoolFile, list[Report]]:
    """Make the pool of every delivery (and ``extra`` ones), check it, publish it. An unchanged pool is not made again.

    Raises:
        DeliveryError, SourceError: a file or its declaration is wrong; the pool in use stays.
        PoolError: another build is running, or the folder cannot be written.
    """
    files = [(delivery, home.sha256(delivery.path)) for delivery in deliveries(pool)]
    for delivery in extra or []:
        checksum = home.sha256(delivery.path)
        if (delivery.source.id, checksum) not in {(known.source.id, known_sum) for known, known_sum in files}:
            files.append((delivery, checksum))
    files.sort(key=lambda item: (item[0].source.id, item[1]))
    try:
        home.builds_folder().mkdir(parents=True, exist_ok=True)
        with FileLock(home.builds_folder() / f"{pool}.lock", timeout=0):
            return _build_locked(pool, files, progress)
    except Timeout:
        raise PoolError(
            "Another build of this pool is running.", next_step="Wait until it is done, then try again."
        ) from None
    except OSError as error:
        raise home.unwritable(error) from None
    except duckdb.IOException as error:
        raise PoolError(
            f"The pool cannot be written: {str(error).splitlines()[0]}",
            next_step="Free space, or point POSTFLOW_HOME elsewhere. The last good build stays in use.",
        ) from None


def _build_locked(pool: str, files: list[tuple[Delivery, str]], progress: Progress) -> tuple[PoolFile, list[Report]]:
    identity = build_id(pool, files)
    target = home.builds_folder() / f"{pool}-{identity}.duckdb"
    if not target.exists():
        for stale in home.builds_folder().glob(f"{pool}-*.part*"):
            stale.unlink()
        part = target.with_suffix(".part")
        with tempfile.TemporaryDirectory(dir=home.builds_folder(), prefix="work-") as work:
            con = duckdb.connect(part, config=SETTINGS | {"temp_directory": work})
            try:
                con.execute("begin")
                _fill(con, pool, identity, files, Path(work), progress)
                con.execute("commit; checkpoint")
            finally:
                con.close()
        builds.verify(part)
        builds.publish(part, target)
    with connect(target) as con:
        told = reports.every(con)
        through = con.execute("select data_through from build").fetchall()[0]
    published = PoolFile(target, pool, identity, f"{through[0]:%Y-%m}" if through[0] else "")
    pointer = {"file": target.name, "build_id": identity, "data_through": published.data_through}
    home.replace_text(home.builds_folder() / f"{pool}.json", json.dumps(pointer))
    builds.sweep(pool, target)
    return published, told


def _fill(
    con: duckdb.DuckDBPyConnection,
    pool: str,
    identity: str,
    files: list[tuple[Delivery, str]],
    work: Path,
    progress: Progress,
) -> None:
    ingest.lay(con)
    for source in every_source(pool).values():
        ingest.list_source(con, source)
    for delivery, checksum in files:
        progress(f"reading {delivery.source.id}: {delivery.file_name}")
        _as_declared(delivery, checksum)
        ingest.ingest(con, delivery, checksum, work, tracking.key_of(pool, home.folder()))
    progress("superseding, marking, counting")
    ingest.mark_and_count(con, pool, every_source(pool).values())
    ingest.seal(con, pool, identity, len(files))


def _as_declared(delivery: Delivery, checksum: str) -> None:
    source = delivery.source
    if delivery.path.parent == source_folder(source.id) and source.provenance.sha256 not in ("", checksum):
        raise DeliveryError(
            "The shipped file is not the one its source.toml describes.",
            file=delivery.file_name,
            field="provenance.sha256",
            value=checksum,
            next_step="Restore the file, or correct the checksum if the change is meant.",
        )


def add(
    pool: str, added: list[Delivery], keep: bool = True, progress: Progress = _silent
) -> tuple[PoolFile | None, list[Report]]:
    """Check the files; with ``keep``, keep them and publish a pool that holds them.

    Raises:
        DeliveryError, SourceError, PoolError: as ``build``; nothing is kept then.
    """
    if not keep:
        return None, check(pool, added, progress)
    published, told = build(pool, extra=added, progress=progress)
    receipts = [
        (home.Receipt(d.source.id, home.sha256(d.path), d.file_name, d.received_on.isoformat()), d.path) for d in added
    ]
    home.keep(pool, receipts)
    names = {(delivery.source.id, delivery.file_name) for delivery in added}
    return published, [report for report in told if (report.source_id, report.file_name) in names]


def check(pool: str, added: list[Delivery], progress: Progress = _silent) -> list[Report]:
    """What ``add`` would say of the files, in memory and without keeping anything.

    Raises:
        DeliveryError: a file cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="postflow-check-") as work, duckdb.connect(config=SETTINGS) as con:
        ingest.lay(con)
        for delivery in added:
            progress(f"reading {delivery.source.id}: {delivery.file_name}")
            ingest.ingest(con, delivery, home.sha256(delivery.path), Path(work), tracking.key_of(pool, home.folder()))
        return reports.every(con)
