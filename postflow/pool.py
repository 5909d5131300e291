"""The pool: every accepted record of every source, as one immutable DuckDB file per build.

``build`` is the data's way written out. A build's id is made of its inputs' checksums, so the same inputs give the same
pool. ``add`` makes a pool with the new files first, keeps the files when that went well, and publishes last: a pool in
use never holds rows that are not kept. What was kept and cannot be read any more is left out, and the pool says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from postflow import (
    __version__,
    builds,
    decisions,
    disclosure,
    disk,
    duplicates,
    home,
    ingest,
    queries,
    reports,
    sources,
    tracking,
    unpacking,
    vocabulary,
)
from postflow.builds import SETTINGS, PoolFile, connect, current, kept
from postflow.errors import DeliveryError, PoolError, PostflowError, SourceError
from postflow.ingest import LeftOut, Progress
from postflow.mapping import Delivery
from postflow.reports import Report
from postflow.sources import Source

__all__ = ["Delivery", "PoolFile", "Report", "add", "build", "check", "connect", "current", "kept"]


def _silent(_: str) -> None:
    return None


def every_source(pool: str) -> dict[str, Source]:
    """The sources of one pool: shipped ones and those in the home; real and synthetic never meet.

    A declaration in the home that cannot be read is not among them; ``broken_sources`` says why.

    Raises:
        SourceError: a shipped source.toml is wrong.
    """
    known = sources.every(sources.FOLDER) | _own_sources()[0]
    return {name: source for name, source in known.items() if source.synthetic == (pool == "exercise")}


def broken_sources() -> dict[str, SourceError]:
    """Declarations in the home that cannot be read, by the name of their folder."""
    return _own_sources()[1]


def _own_sources() -> tuple[dict[str, Source], dict[str, SourceError]]:
    known, broken = {}, {}
    for path in sorted(home.sources_folder().glob("*/source.toml")):
        try:
            known[path.parent.name] = sources.load(path)
        except SourceError as error:
            broken[path.parent.name] = error
    return known, broken


@dataclass(frozen=True)
class _Inputs:
    """What a build is made of."""

    declared: dict[str, Source]
    files: tuple[tuple[Delivery, str], ...]
    """Deliveries with the checksums of what lies there, by source and checksum."""
    left_out: tuple[LeftOut, ...]

    def without(self, delivery: Delivery, error: DeliveryError) -> _Inputs:
        """The same without a file that cannot be read."""
        files = tuple(item for item in self.files if item[0] != delivery)
        return replace(self, files=files, left_out=(*self.left_out, _left_out(delivery, error)))


def _left_out(delivery: Delivery, error: PostflowError) -> LeftOut:
    return LeftOut(
        delivery.source.id, delivery.file_name, delivery.sha256, delivery.received_on, error.message, error.next_step
    )


def inputs(pool: str, declared: Mapping[str, Source] | None = None, also: tuple[Delivery, ...] = ()) -> _Inputs:
    """What a build would be made of now: every file of the pool, shipped and added, and what cannot be had of them.

    Args:
        declared: declarations that go before those in the home.
        also: files that belong to the pool besides.

    Raises:
        SourceError, DeliveryError: a shipped file or its declaration is wrong.
        PoolError: the folder cannot be read.
    """
    known = every_source(pool) | dict(declared or {})
    found, lost = _received(pool, known)
    files: dict[tuple[str, str], Delivery] = {}
    for delivery in [*_shipped(known), *found, *also]:
        try:
            files.setdefault((delivery.source.id, _checked(delivery)), delivery)
        except DeliveryError as error:
            if not delivery.is_received:
                raise
            lost.append(_left_out(delivery, error))
    ordered = sorted(files.items(), key=lambda item: item[0])
    return _Inputs(known, tuple((delivery, key[1]) for key, delivery in ordered), tuple(sorted(lost)))


def _shipped(known: Mapping[str, Source]) -> Iterator[Delivery]:
    for source in known.values():
        folder = sources.FOLDER / source.id
        if source.file.path and (folder / source.file.path).exists():
            path = sources.file_of(source, folder)
            told = source.provenance
            yield Delivery(source, path, source.file.path, told.obtained_on, told.sha256, was_read=bool(told.sha256))
        elif source.file.path and folder.exists():
            raise DeliveryError(
                "A shipped file is missing.",
                file=str(folder / source.file.path),
                next_step="Restore it, or take path out of [file] in source.toml.",
            )


def _received(pool: str, known: Mapping[str, Source]) -> tuple[list[Delivery], list[LeftOut]]:
    found, lost = [], []
    broken = broken_sources()
    for receipt in home.receipts(pool):
        received_on = home.date.fromisoformat(receipt.received_on)
        if receipt.source_id in known:
            path = home.kept_path(pool, receipt)
            found.append(
                Delivery(known[receipt.source_id], path, receipt.file_name, received_on, receipt.sha256, True, True)
            )
            continue
        told = broken.get(receipt.source_id)
        lost.append(
            LeftOut(
                receipt.source_id,
                receipt.file_name,
                receipt.sha256,
                received_on,
                f"Its source.toml cannot be read: {told.message}" if told else "Its source.toml is gone.",
                "Put source.toml back, or withdraw the file: `python -m postflow withdraw`.",
            )
        )
    for path in home.unlisted(pool):
        lost.append(
            LeftOut(
                path.parent.name,
                disk.plain_name(path.name),
                home.sha256(path),
                None,
                "A file lies among the added ones that was never received.",
                f"Add it with `python -m postflow add`, or take it out of {path.parent}.",
            )
        )
    return found, lost


def _checked(delivery: Delivery) -> str:
    """The checksum of the file as it lies there.

    Raises:
        DeliveryError: it is missing, cannot be read, or is not the file that was received or is shipped.
    """
    again = "Put it back from a backup, or withdraw it (`python -m postflow withdraw`) and add it again."
    try:
        checksum = home.sha256(delivery.path)
    except FileNotFoundError:
        raise DeliveryError("A received file is missing.", file=delivery.file_name, next_step=again) from None
    except OSError as error:
        raise DeliveryError(
            f"A received file cannot be opened: {error.strerror}.", file=delivery.file_name, next_step=again
        ) from None
    if delivery.sha256 in ("", checksum):
        return checksum
    if delivery.is_received:
        raise DeliveryError(
            "A received file is not the one that was received.", file=delivery.file_name, next_step=again
        )
    raise DeliveryError(
        "The shipped file is not the one its source.toml describes.",
        file=delivery.file_name,
        field="provenance.sha256",
        value=checksum,
        next_step="Restore the file, or correct the checksum if the change is meant.",
    )


DECIDING = (
    *("disclosure", "duplicates", "ingest", "linkage", "mapping", "pool", "readers"),
    *("reshape", "sources", "spreadsheet", "toml", "tracking", "unpacking", "validation", "vocabulary"),
)
"""Modules that decide on what is in a build."""
DECIDING_PACKAGES = ("duckdb", "python-calamine", "splink")


def build_id(pool: str, wanted: _Inputs) -> str:
    """Twelve hex digits made of all that a build depends on.

    That is names and checksums of the files, their declarations, the reference data, the queries, the code that reads, maps and
    links, and the packages that it leans on.
    """
    packages = [f"{name} {version(name)}" for name in DECIDING_PACKAGES]
    digest = hashlib.sha256("|".join([pool, __version__, *packages]).encode())
    digest.update(tracking.fingerprint(tracking.key_of(pool, home.folder())).encode())
    digest.update(disclosure.fingerprint(disclosure.key_of(pool, home.folder())).encode())
    for delivery, checksum in wanted.files:
        told = (delivery.source.model_dump_json(), str(delivery.received_on), delivery.file_name, checksum)
        digest.update("|".join(told).encode())
    for told in wanted.left_out:
        digest.update(repr(told).encode())
    read = [*vocabulary.FOLDER.glob("*.csv"), *queries.FOLDER.glob("**/*.sql"), *duplicates.inputs(pool)]
    read += [Path(__file__).with_name(f"{name}.py") for name in DECIDING]
    skipped = ("charts", "data_room", "records", "ui", "exercise", "trial")
    for path in sorted(path for path in read if path.parent.name not in skipped):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def locked(pool: str) -> Generator[None]:
    """One process at a time changes a pool; what goes wrong with its folder is said in words.

    Raises:
        PoolError: another process has it, or the folder cannot be written.
    """
    try:
        disk.private_folder(home.builds_folder())
        with FileLock(home.builds_folder() / f"{pool}.lock", timeout=0, mode=0o600):
            yield
    except Timeout:
        raise PoolError(
            "Another build of this pool is running.", next_step="Wait until it is done, then try again."
        ) from None
    except OSError as error:
        raise home.unwritable(error) from None
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        raise PoolError(
            f"The pool cannot be written: {str(error).splitlines()[0]}",
            next_step="Free space, or point POSTFLOW_HOME elsewhere. The last good build stays in use.",
        ) from None


def build(
    pool: str = "real", extra: list[Delivery] | None = None, progress: Progress = _silent
) -> tuple[PoolFile, list[Report]]:
    """Make the pool of every delivery (and ``extra`` ones), check it, publish it. An unchanged pool is not made again.

    What was amiss and could be mended, and what had to be left out, is said to ``progress``.

    Raises:
        DeliveryError, SourceError: a shipped file or its declaration is wrong; the pool in use stays.
        PoolError: another build is running, or the folder cannot be written.
    """
    with locked(pool):
        for words in _mended(pool):
            progress(words)
        wanted = inputs(pool, also=tuple(extra or ()))
        return _publish(pool, *_made(pool, wanted, set(), progress), progress)


def _mended(pool: str) -> list[str]:
    """What is put right before anything else, in words."""
    said = home.close() + home.recover(pool, every_source(pool))
    said += [str(error) for error in broken_sources().values()]
    return said + decisions.spoilt(pool)


def _made(pool: str, wanted: _Inputs, strict: set[str], progress: Progress) -> tuple[Path, str, _Inputs]:
    """A finished and checked file of a build, in place but not named yet, and what it holds.

    Args:
        strict: sources that must be read whole; a received file of another one is left out where it cannot be.
    """
    while True:
        if wanted.left_out and not wanted.files:
            first = wanted.left_out[0]
            raise DeliveryError(first.reason, file=first.file_name, next_step=first.next_step)
        identity = build_id(pool, wanted)
        target = home.builds_folder() / f"{pool}-{identity}.duckdb"
        if builds.is_whole(target):
            return target, identity, wanted
        failed: list[Delivery] = []
        try:
            _make(pool, identity, wanted, target, progress, failed)
            return target, identity, wanted
        except DeliveryError as error:
            if not failed or not failed[0].is_received or failed[0].source.id in strict:
                raise
            wanted = wanted.without(failed[0], error)


def _make(pool: str, identity: str, wanted: _Inputs, target: Path, progress: Progress, failed: list[Delivery]) -> None:
    for stale in home.builds_folder().glob(f"{pool}-*.part*"):
        stale.unlink()
    with disk.work_folder(home.builds_folder(), "work") as work:
        part = work / "candidate.duckdb"
        con = duckdb.connect(part, config=SETTINGS | {"temp_directory": str(work)})
        try:
            con.execute("begin")
            _fill(con, pool, identity, wanted, work, progress, failed)
            con.execute("commit; checkpoint")
        finally:
            con.close()
        builds.verify(part)
        builds.place(part, target)


def _fill(
    con: duckdb.DuckDBPyConnection,
    pool: str,
    identity: str,
    wanted: _Inputs,
    work: Path,
    progress: Progress,
    failed: list[Delivery],
) -> None:
    ingest.lay(con)
    for source in wanted.declared.values():
        ingest.list_source(con, source)
    for delivery, checksum in wanted.files:
        progress(f"reading {delivery.source.id}: {delivery.file_name}")
        try:
            ingest.ingest(con, delivery, checksum, work, tracking.key_of(pool, home.folder()))
        except DeliveryError as error:
            failed.append(delivery)
            raise error.about(delivery.path.name, delivery.file_name) from None
    progress("superseding, marking, counting")
    ingest.mark_and_count(con, pool, disclosure.key_of(pool, home.folder()))
    ingest.list_left_out(con, wanted.left_out)
    ingest.seal(con, pool, identity, len(wanted.files))


def _publish(
    pool: str, target: Path, identity: str, wanted: _Inputs, progress: Progress
) -> tuple[PoolFile, list[Report]]:
    for told in wanted.left_out:
        progress(f"LEFT OUT {told.source_id}: {told.file_name}: {told.reason} {told.next_step}")
    with connect(target) as con:
        said = reports.every(con)
        through = con.execute("select data_through from build").fetchall()[0]
    published = PoolFile(target, pool, identity, f"{through[0]:%Y-%m}" if through[0] else "")
    builds.point(published)
    builds.sweep(pool, target)
    return published, said


def add(
    pool: str,
    added: list[Delivery],
    keep: bool = True,
    progress: Progress = _silent,
    declared: Mapping[str, str] | None = None,
) -> tuple[PoolFile | None, list[Report]]:
    """Check the files; with ``keep``, keep them and publish a pool that holds them.

    Args:
        pool: ``real`` or ``exercise``.
        added: the files.
        keep: False says what would happen, and leaves nothing behind.
        progress: is told what is done.
        declared: text of the source.toml of new or changed sources, kept with the files.

    Raises:
        DeliveryError, SourceError, PoolError: as ``build``; nothing is kept then.
    """
    _look(added)
    if not keep:
        return None, check(pool, added, progress)
    with locked(pool):
        for words in _mended(pool):
            progress(words)
        day = _day(pool)
        items = [
            (home.Receipt(d.source.id, home.sha256(d.path), d.file_name, max(day, d.received_on.isoformat())), d.path)
            for d in added
        ]
        home.begin(pool, items)
        try:
            made = _made(pool, _with(pool, added, items), {d.source.id for d in added}, progress)
        except BaseException:
            home.forget(pool)
            raise
        home.keep(pool, items, declared)
        published, told = _publish(pool, *made, progress)
    names = {(delivery.source.id, delivery.file_name) for delivery in added}
    return published, [report for report in told if (report.source_id, report.file_name) in names]


def _look(added: list[Delivery]) -> None:
    """Refuse what is no file before a checksum of it is taken, which of a pipe never ends."""
    for delivery in added:
        unpacking.look(delivery.path)


def _with(pool: str, added: list[Delivery], items: list[tuple[home.Receipt, Path]]) -> _Inputs:
    """What the pool would be made of with the begun files: their kept copies are read, so what counts is what is kept."""
    known = {receipt.key for receipt in home.receipts(pool)}
    new = {
        receipt.key: Delivery(
            delivery.source,
            home.kept_path(pool, receipt),
            receipt.file_name,
            home.date.fromisoformat(receipt.received_on),
            receipt.sha256,
            True,
        )
        for delivery, (receipt, _) in zip(added, items, strict=True)
        if receipt.key not in known
    }
    wanted = inputs(pool, {delivery.source.id: delivery.source for delivery in added}, tuple(new.values()))
    begun = {delivery.path.name for delivery in new.values()}
    return replace(
        wanted, left_out=tuple(told for told in wanted.left_out if told.received_on or told.file_name not in begun)
    )


def _day(pool: str) -> str:
    """The earliest day that a file can be received on: not before the last one, whatever the clock says."""
    return max((receipt.received_on for receipt in home.receipts(pool)), default="")


def check(pool: str, added: list[Delivery], progress: Progress = _silent) -> list[Report]:
    """What ``add`` would say of the files, in memory and without keeping anything.

    Raises:
        DeliveryError: a file cannot be read.
    """
    _look(added)
    others = _of_same_series(pool, added)
    key = tracking.key_of(pool, home.folder())
    with checked(pool, added, progress) as con, disk.work_folder() as work:
        found = reports.every(con)
        known = {item.source.id for item in added}
        for source in {item.source.id: item.source for item in others if item.source.id not in known}.values():
            ingest.list_source(con, source)
        for delivery in others:
            progress(f"comparing with {delivery.source.id}: {delivery.file_name}")
            with suppress(DeliveryError), _undone(con):
                ingest.ingest(con, delivery, home.sha256(delivery.path), work, key)
        ingest.supersede(con)
        told = reports.told_by_newer(con)
        return [replace(report, told_by_newer=told[report.sha256]) for report in found]


@contextmanager
def checked(pool: str, added: list[Delivery], progress: Progress = _silent) -> Generator[duckdb.DuckDBPyConnection]:
    """The rows of the files alone, in memory, with the tables that the last of them was read through.

    Raises:
        DeliveryError: a file cannot be read.
    """
    _look(added)
    disk.sweep_temporary()
    key = tracking.key_of(pool, home.folder())
    with disk.work_folder() as work, duckdb.connect(config=SETTINGS) as con:
        ingest.lay(con)
        for source in {item.source.id: item.source for item in added}.values():
            ingest.list_source(con, source)
        for delivery in added:
            progress(f"reading {delivery.source.id}: {delivery.file_name}")
            ingest.ingest(con, delivery, home.sha256(delivery.path), work, key)
        yield con


def _of_same_series(pool: str, added: list[Delivery]) -> list[Delivery]:
    """The files of the pool that tell what these tell; none where what is shipped cannot be had."""
    series = {delivery.source.series_id for delivery in added if delivery.source.kind == "records"}
    mine = {home.sha256(delivery.path) for delivery in added}
    try:
        wanted = inputs(pool)
    except (SourceError, DeliveryError):
        return []
    return [item for item, checksum in wanted.files if item.source.series_id in series and checksum not in mine]


@contextmanager
def _undone(con: duckdb.DuckDBPyConnection) -> Generator[None]:
    """What is begun inside and fails leaves nothing behind."""
    con.execute("begin")
    try:
        yield
    except DeliveryError:
        con.execute("rollback")
        raise
    con.execute("commit")


@contextmanager
def candidate(pool: str, added: list[Delivery], progress: Progress = _silent) -> Generator[duckdb.DuckDBPyConnection]:
    """The pool as it would be with the files in it, to be looked at; gone afterwards, and nothing is kept.

    Raises:
        DeliveryError, SourceError, PoolError: as ``add``.
    """
    _look(added)
    disk.sweep_temporary()
    wanted = inputs(pool, {delivery.source.id: delivery.source for delivery in added}, tuple(added))
    with disk.work_folder() as work:
        for attempt in range(len(wanted.files)):
            failed: list[Delivery] = []
            with duckdb.connect(work / f"candidate-{attempt}.duckdb", config=SETTINGS) as con:
                try:
                    _fill(con, pool, "candidate", wanted, work, progress, failed)
                except DeliveryError as error:
                    if not failed or not failed[0].is_received:
                        raise
                    wanted = wanted.without(failed[0], error)
                    continue
                yield con
                return


def amiss(pool: str, found: PoolFile, inside: set[str]) -> list[str]:
    """What is wrong with a pool that the build in use cannot say of itself, a sentence a line.

    Args:
        pool: ``real`` or ``exercise``.
        found: the build in use.
        inside: checksums of the files that the build knows.
    """
    said = (
        []
        if builds.is_whole(found.path)
        else [
            f"The build {found.path.name} is not, byte for byte, as it was published. Run `python -m postflow build`: "
            "it is made again."
        ]
    )
    waiting = [receipt for receipt in home.receipts(pool) if receipt.sha256 not in inside]
    said += [
        f"{receipt.file_name} of {receipt.source_id} is kept and not in this build. Run `python -m postflow build`."
        for receipt in waiting
    ]
    said += [f"{told.source_id}: {told.file_name}: {told.reason} {told.next_step}" for told in _amiss_now(pool)]
    return said + [str(error) for error in broken_sources().values()] + decisions.spoilt(pool)


def _amiss_now(pool: str) -> tuple[LeftOut, ...]:
    try:
        return inputs(pool).left_out
    except DeliveryError as error:
        return (LeftOut("shipped", error.file, "", None, error.message, error.next_step),)
