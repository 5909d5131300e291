"""In the process that reads one file: the order comes in as a pickle, rows and words go out as files. See ``reading``."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from postflow import glance, readers
from postflow.errors import DeliveryError, first_line

TOLD, ROWS = "told.json", "rows.parquet"
MEGABYTE = 1_000_000
FREE_OF_DATABASE_MB = 150
"""What the process needs besides the memory of its database: Python, the libraries and a piece of the file."""
ROOM_MB = 300
"""Memory that is asked for and never used: a single block beyond it is refused before a byte is written."""
THREADS = 2


@dataclass(frozen=True)
class Order:
    """What is to be read, and what that may cost."""

    path: Path
    file_format: readers.FileFormat
    names: Mapping[str, str]
    folder: Path
    """Where everything is written."""
    more: Mapping[str, Any]
    """What ``readers.read`` takes besides."""
    memory_mb: int
    seconds: int
    is_first_look: bool = False
    """Nobody has described the file yet: only its first rows are told."""


def too_much(order: Order, what: str, limit: str) -> DeliveryError:
    """The refusal of a file that costs more than one of its size may."""
    return DeliveryError(
        f"Reading the file takes {what}, which is more than a file of its size may.",
        file=order.path.name,
        next_step=f"Ask for a plain CSV, or for fewer rows a file. Where the file is sound, raise {limit} (docs/limits.md).",
    )


def too_large(order: Order) -> DeliveryError:
    """The refusal of a file that takes too much memory."""
    return too_much(order, f"more than {order.memory_mb:,} MB of memory", "memory_mb")


def _main() -> int:
    order: Order = pickle.loads(sys.stdin.buffer.read())
    _cap(order)
    try:
        told = _read(order)
    except DeliveryError as error:
        told = _parts(error)
    except (MemoryError, duckdb.OutOfMemoryException):
        told = _parts(too_large(order))
    except duckdb.Error as error:
        told = _parts(DeliveryError(f"The file cannot be read: {first_line(error)}", file=order.path.name))
    (order.folder / TOLD).write_text(json.dumps(told), encoding="utf-8")
    return 0


def _cap(order: Order) -> None:
    """What the system itself holds to, also where nobody watches any more; Windows knows no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (order.seconds + 5, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    most = (order.memory_mb + ROOM_MB) * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(order: Order) -> dict[str, Any]:
    if order.is_first_look:
        return asdict(glance.look(order.path, order.folder))
    settings: dict[str, Any] = {
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": f"{max(order.memory_mb - FREE_OF_DATABASE_MB, 1)}MB",
        "threads": THREADS,
        "temp_directory": str(order.folder),
    }
    with duckdb.connect(config=settings) as con:
        told = readers.read(con, order.path, order.file_format, order.names, order.folder, **order.more)
        con.table("delivered_file").write_parquet(str(order.folder / ROWS))
    return asdict(told)


def _parts(error: DeliveryError) -> dict[str, Any]:
    return {part: getattr(error, part) for part in ("message", "file", "row", "field", "value", "next_step")}


if __name__ == "__main__":
    sys.exit(_main())
