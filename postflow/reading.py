"""A delivered file is read by a process of its own, which is measured and ended where it goes beyond its limits.

What the file does to its reader then costs a message: not the page, not the pool, and not the memory of the machine. The
process hands its rows over as Parquet, and its errors as the parts of a ``DeliveryError``; nothing that it writes is run.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import psutil

from postflow import glance, limits, readers, unpacking
from postflow.errors import DeliveryError
from postflow.limits import MEGABYTE
from postflow.reading_process import ROWS, TOLD, Order, too_large, too_much

ROOT = Path(__file__).resolve().parent.parent
EVERY = 0.02
"""Seconds between two looks at the process."""
TIMES_WAITED = 8
"""Seconds of the clock for one of the processor: a busy machine is no fault of the file, a reader that waits for ever is."""
READER = ("-m", "postflow.reading_process")
NO_MEMORY = "memory allocation of"
"""What a library in Rust says when it dies of a block that the system does not give it."""
ORDER, LOG = "order.pickle", "reader.log"


def read(
    pool: duckdb.DuckDBPyConnection,
    path: Path,
    file_format: readers.FileFormat,
    names: Mapping[str, str],
    work_dir: Path,
    **more: Any,  # noqa: ANN401 – what readers.read takes besides
) -> readers.Delivered:
    """As ``readers.read``, with the same view, the same rows and the same errors, under limits.

    Raises:
        DeliveryError: as ``readers.read``, and where the file takes more memory or time than one of its size may.
        PoolError: the limits cannot be read.
    """
    order = _order(path, file_format, names, work_dir, more)
    _run(order)
    told = _told(order)
    pool.execute("drop view if exists delivered_file; drop table if exists delivered_rows")
    pool.read_parquet(str(order.folder / ROWS)).create_view("delivered_file")
    # JSON has lists for tuples.
    parts: dict[str, Any] = {key: tuple(said) if isinstance(said, list) else said for key, said in told.items()}
    return readers.Delivered(**parts)


def look(path: Path, work_dir: Path) -> glance.Glance:
    """As ``glance.look``, under limits.

    Raises:
        DeliveryError: as ``glance.look``, and where the file takes more memory or time than one of its size may.
        PoolError: the limits cannot be read.
    """
    unpacking.look(path)
    order = replace(_order(path, readers.FileFormat(""), {}, work_dir, {}), is_first_look=True)
    _run(order)
    return glance.Glance.of(_told(order))


def _order(
    path: Path, file_format: readers.FileFormat, names: Mapping[str, str], work_dir: Path, more: Mapping[str, Any]
) -> Order:
    allowed, size = limits.current(), path.stat().st_size
    folder = work_dir.absolute() / f"read-{len(list(work_dir.glob('read-*')))}"
    folder.mkdir(mode=0o700)
    return Order(
        path.absolute(), file_format, names, folder, more, allowed.memory_mb_of(size), allowed.seconds_of(size)
    )


def _run(order: Order) -> None:
    """Start the process and see it end.

    Raises:
        DeliveryError: it went beyond its limits.
    """
    found = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    (order.folder / ORDER).write_bytes(pickle.dumps(order))
    with (order.folder / ORDER).open("rb") as told, (order.folder / LOG).open("wb") as log:
        child = psutil.Popen(
            [sys.executable, *READER],
            stdin=told,
            stdout=log,
            stderr=log,
            env=os.environ | {"PYTHONPATH": found, "RUST_BACKTRACE": "0"},
        )
        try:
            _watch(child, order)
        finally:
            _end(child)


def _watch(child: psutil.Popen, order: Order) -> None:
    started = time.monotonic()
    while True:
        try:
            child.wait(EVERY)
            return
        except psutil.TimeoutExpired:
            memory, processor = _used(child)
        if memory > order.memory_mb * MEGABYTE:
            raise too_large(order)
        if processor > order.seconds or time.monotonic() - started > order.seconds * TIMES_WAITED:
            raise too_much(order, f"more than {order.seconds:,} seconds", "seconds")


def _used(child: psutil.Popen) -> tuple[int, float]:
    """Resident bytes and seconds of the processor, of the process and of those that it started."""
    memory, processor = 0, 0.0
    try:
        for process in [child, *child.children(recursive=True)]:
            with process.oneshot():
                memory += process.memory_info().rss
                processor += sum(process.cpu_times()[:2])
    except psutil.NoSuchProcess:
        pass  # it ended between two looks
    return memory, processor


def _end(child: psutil.Popen) -> None:
    """End the process and those that it started, where they live."""
    try:
        found = [*child.children(recursive=True), child]
    except psutil.NoSuchProcess:
        return
    for process in found:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(found, timeout=10)


def _told(order: Order) -> dict[str, Any]:
    """What the process says; where it died without a word, that."""
    try:
        told = json.loads((order.folder / TOLD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        raise _broken(order) from None
    if "message" in told:
        raise DeliveryError(**told)
    return told


def _broken(order: Order) -> DeliveryError:
    log = (order.folder / LOG).read_bytes()[-10_000:].decode("utf-8", "replace").strip()
    if NO_MEMORY in log:
        return too_large(order)
    last = log.splitlines()[-1][:300] if log else "it ended without a word"
    return DeliveryError(
        f"The file broke its reader: {last}.",
        file=order.path.name,
        next_step="Open the file, save it again, or ask for a plain CSV.",
    )
