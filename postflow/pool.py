"""The pool: every accepted record of every source, as one immutable DuckDB file per build.

``build`` is the data's way written out. A build's id is made of its inputs' checksums, so the same inputs give the same
pool; a build is published by moving a finished, checked file into place and then one small pointer.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from postflow import __version__, duplicates, home, mapping, queries, readers, sources, tracking, validation, vocabulary
from postflow.errors import DeliveryError, PoolError, SourceError
from postflow.mapping import Delivery
from postflow.sources import Source

KEPT_BUILDS, LEAST_BUILDS, KEPT_BYTES = 12, 3, 2_000_000_000
"""A link opens the build that it was made on while that is kept: the newest twelve, fewer where they grow beyond 2 GB."""
SETTINGS = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}

Progress = Callable[[str], None]


@dataclass(frozen=True)
class PoolFile:
    """A published build."""

    path: Path
    pool: str
    build_id: str
    data_through: str
    """Last month with a counted record, ``2026-04``; empty in an empty pool."""


@dataclass(frozen=True)
class Report:
    """What became of one file."""

    source_id: str
    file_name: str
    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    possible_duplicates: int
    outliers: int
    held: tuple[tuple[int, str, str, str, str], ...]
    """(row, rule, field, value, reason) of the first rows in quarantine."""
    unlisted: tuple[tuple[str, str, int], ...]
    """(field, word, rows) that the vocabulary does not list."""
    month_from: str
    month_to: str


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
        _verify(part)
        _publish(part, target)
    with connect(target) as con:
        reports = [
            _report(con, *row)
            for row in con.execute(
                "select delivery_id, source_id, file_name, rows_in, rows_accepted, rows_quarantined, month_from, month_to from delivery order by source_id, file_name"
            ).fetchall()
        ]
        through = con.execute("select data_through from build").fetchall()[0]
    published = PoolFile(target, pool, identity, f"{through[0]:%Y-%m}" if through[0] else "")
    pointer = {"file": target.name, "build_id": identity, "data_through": published.data_through}
    home.replace_text(home.builds_folder() / f"{pool}.json", json.dumps(pointer))
    _sweep(pool, target)
    return published, reports


def _fill(
    con: duckdb.DuckDBPyConnection,
    pool: str,
    identity: str,
    files: list[tuple[Delivery, str]],
    work: Path,
    progress: Progress,
) -> None:
    con.execute(queries.FOLDER.joinpath("schema.sql").read_text(encoding="utf-8"))
    con.execute(queries.FOLDER.joinpath("macros.sql").read_text(encoding="utf-8"))
    vocabulary.load_reference(con)
    mapping.lay_templates(con)
    for source in every_source(pool).values():
        _list_source(con, source)
    for delivery, checksum in files:
        progress(f"reading {delivery.source.id}: {delivery.file_name}")
        ingest(con, delivery, checksum, work, tracking.key_of(pool, home.folder()))
    progress("superseding, marking, counting")
    _supersede(con)
    duplicates.mark(con, pool)
    rules = [(source.id, source.coverage.unit, source.coverage.every_drug) for source in every_source(pool).values()]
    con.execute("create temp table coverage_rule (source_id varchar, unit varchar, every_drug boolean)")
    if rules:
        con.executemany("insert into coverage_rule values (?, ?, ?)", rules)
    queries.relation(con, "build/coverage").insert_into("coverage")
    queries.relation(con, "build/revisions").insert_into("revision")
    queries.relation(con, "build/cube").create("cube")
    con.execute(
        "insert into build select $id, $pool, $version, (select max(seized_month) from seizure), $inputs",
        {"id": identity, "pool": pool, "version": __version__, "inputs": len(files)},
    )
    mapping.clear(con)
    con.execute(
        "drop table record_template; drop table figure_template; drop view if exists delivered_file; drop view if exists broken"
    )


def ingest(con: duckdb.DuckDBPyConnection, delivery: Delivery, checksum: str, work: Path, key: bytes = b"") -> str:
    """Read, map and check one file into the pool; return its delivery id. Without a key no tracking number is kept.

    Raises:
        DeliveryError: the file is not what its source.toml says.
    """
    source = delivery.source
    if delivery.path.parent == source_folder(source.id) and source.provenance.sha256 not in ("", checksum):
        raise DeliveryError(
            "The shipped file is not the one its source.toml describes.",
            file=delivery.file_name,
            field="provenance.sha256",
            value=checksum,
            next_step="Restore the file, or correct the checksum if the change is meant.",
        )
    delivery_id = hashlib.sha256(f"{source.id}|{checksum}".encode()).hexdigest()[:16]
    told = mapping.read(con, delivery, work)
    _expect(source, delivery, told)
    if source.kind == "reference":
        accepted, held = _ingest_figures(con, source, delivery_id)
    else:
        mapping.to_canonical(con, source, delivery_id, key)
        mapping.hash_tracking(con, key)
        accepted, held = validation.split(con, source.id, delivery_id)
        queries.relation(con, "mapping/numbers_before").insert_into("number_before")
        queries.relation(con, "mapping/unlisted_words").create_view("unlisted")
        con.execute("insert into unlisted_word select $id, field, word, rows from unlisted", {"id": source.id})
    if accepted == 0:
        raise DeliveryError(
            "Not one row of the file could be accepted.",
            file=delivery.file_name,
            next_step="Compare the columns, date formats and number marks in source.toml with the file.",
        )
    con.execute(
        """insert into delivery select $id, $source_id, $file_name, $sha256, $received_on, $rows_in, $accepted, $held, 0,
        (select min(seized_month) from seizure where delivery_id = $id), (select max(seized_month) from seizure where delivery_id = $id), 0""",
        {
            "id": delivery_id,
            "source_id": source.id,
            "file_name": delivery.file_name,
            "sha256": checksum,
            "received_on": delivery.received_on,
            "rows_in": told.rows,
            "accepted": accepted,
            "held": held,
        },
    )
    return delivery_id


def _expect(source: Source, delivery: Delivery, told: readers.Delivered) -> None:
    if source.expect.rows and not source.expect.rows[0] <= told.rows <= source.expect.rows[1]:
        raise DeliveryError(
            f"The file has {told.rows:,} rows; its source expects {source.expect.rows[0]:,} to {source.expect.rows[1]:,}.",
            file=delivery.file_name,
            next_step="See whether the file is whole; if it is, widen expect.rows in source.toml.",
        )


def _ingest_figures(con: duckdb.DuckDBPyConnection, source: Source, delivery_id: str) -> tuple[int, int]:
    queries.relation(con, "mapping/delivered_figure").create_view("delivered_figure")
    marks = {"decimal_mark": source.file.decimal_mark, "thousands_mark": source.file.thousands_mark}
    queries.relation(con, "mapping/figures", source_id=source.id, delivery_id=delivery_id, **marks).create("incoming")
    con.execute(
        """insert into quarantine select $source_id, $delivery_id, row_number, 'figure_without_value', 'value', null,
        'a figure has a number and says what it measures', raw_row.raw_row
        from incoming inner join raw_row using (row_number) where incoming.value is null or incoming.measure is null""",
        {"source_id": source.id, "delivery_id": delivery_id},
    )
    con.execute("insert into figure select * from incoming where value is not null and measure is not null")
    held, total = con.execute(
        "select count(*) filter (value is null or measure is null), count(*) from incoming"
    ).fetchall()[0]
    return total - held, held


def _list_source(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    con.execute(
        "insert into source values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            source.id,
            source.series_id,
            source.title,
            source.kind,
            source.precedence,
            source.supersedes,
            source.grain,
            source.synthetic,
            source.contributor.name,
            source.contributor.country,
            source.contributor.publisher or source.contributor.name,
            source.licence.id,
            source.licence.redistribute,
            source.licence.note,
            source.handling.tlp,
            source.handling.europol,
            source.provenance.obtained_on,
            source.provenance.obtained_from,
            source.provenance.citation,
            source.coverage.unit,
            source.note,
        ],
    )


def _supersede(con: duckdb.DuckDBPyConnection) -> None:
    """Move the records that a newer edition replaces to ``superseded``."""
    queries.relation(con, "build/editions").create("edition")
    queries.relation(con, "build/superseded").create("replaced")
    con.execute(
        """insert into superseded select seizure.*, replaced.superseded_by
        from seizure inner join replaced on seizure.rowid = replaced.seizure_rowid;
        delete from seizure where rowid in (select seizure_rowid from replaced);
        update delivery set edition = edition.edition from edition where delivery.delivery_id = edition.delivery_id;
        update delivery set rows_superseded = told.rows
        from (select delivery_id, count(*) as rows from superseded group by delivery_id) as told
        where delivery.delivery_id = told.delivery_id;
        drop table replaced;"""
    )


def _verify(part: Path) -> None:
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


def _publish(part: Path, target: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


def _sweep(pool: str, in_use: Path) -> None:
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


def _report(
    con: duckdb.DuckDBPyConnection,
    delivery_id: str,
    source_id: str,
    file_name: str,
    rows_in: int,
    accepted: int,
    held: int,
    month_from: object,
    month_to: object,
) -> Report:
    marks = con.execute(
        """select count(*) filter (is_possible_duplicate), count(*) filter (is_outlier) from
        (select * from seizure union all select * exclude (superseded_by) from superseded) where delivery_id = ?""",
        [delivery_id],
    ).fetchall()[0]
    rows = con.execute(
        "select row_number, rule, field, coalesce(value, ''), reason from quarantine where delivery_id = ? order by row_number limit 10",
        [delivery_id],
    ).fetchall()
    words = con.execute(
        "select field, word, rows from unlisted_word where source_id = ? order by rows desc, field, word limit 10",
        [source_id],
    ).fetchall()
    return Report(
        source_id,
        file_name,
        rows_in,
        accepted,
        held,
        marks[0],
        marks[1],
        tuple(rows),
        tuple(words),
        f"{month_from or '':%Y-%m}" if month_from else "",
        f"{month_to:%Y-%m}" if month_to else "",
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
    published, reports = build(pool, extra=added, progress=progress)
    receipts = [
        (home.Receipt(d.source.id, home.sha256(d.path), d.file_name, d.received_on.isoformat()), d.path) for d in added
    ]
    home.keep(pool, receipts)
    names = {(delivery.source.id, delivery.file_name) for delivery in added}
    return published, [report for report in reports if (report.source_id, report.file_name) in names]


def check(pool: str, added: list[Delivery], progress: Progress = _silent) -> list[Report]:
    """What ``add`` would say of the files, in memory and without keeping anything.

    Raises:
        DeliveryError: a file cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="postflow-check-") as work, duckdb.connect(config=SETTINGS) as con:
        con.execute(queries.FOLDER.joinpath("schema.sql").read_text(encoding="utf-8"))
        con.execute(queries.FOLDER.joinpath("macros.sql").read_text(encoding="utf-8"))
        vocabulary.load_reference(con)
        mapping.lay_templates(con)
        for delivery in added:
            progress(f"reading {delivery.source.id}: {delivery.file_name}")
            ingest(con, delivery, home.sha256(delivery.path), Path(work), tracking.key_of(pool, home.folder()))
        rows = con.execute(
            "select delivery_id, source_id, file_name, rows_in, rows_accepted, rows_quarantined, month_from, month_to from delivery order by source_id, file_name"
        ).fetchall()
        return [_report(con, *row) for row in rows]


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
