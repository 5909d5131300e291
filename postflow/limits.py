"""What reading a delivery may cost, in one place.

The numbers of ``Limits`` hold unless ``limits.toml`` in POSTFLOW_HOME or an environment variable says another; the
variable goes first. docs/limits.md lists them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace

from postflow import home, toml
from postflow.errors import PoolError

FILE = "limits.toml"
VARIABLE = "POSTFLOW_LIMIT_"
MEGABYTE = 1_000_000
LEAST_MEMORY_MB, MEMORY_MB_PER_MB = 400, 60
"""A small file gets little memory, however much it unpacks to: text is read in pieces, and an honest workbook of one
megabyte needs some fifty (ten when unpacked, each of them five as cells and text)."""
LEAST_SECONDS, SECONDS_PER_MB = 8, 4


@dataclass(frozen=True)
class Limits:
    """Whole numbers above zero."""

    upload_mb: int = 2_000
    """Of one file that is handed in through a page; the server holds it in memory while the page is open."""
    unpacked_mb: int = 20_000
    """What a gzip or a zip may unpack to."""
    times_packed: int = 100
    """How many times its packed size that may be, where it is more than a hundred megabytes."""
    workbook_mb: int = 400
    """What a workbook may unpack to: a million rows need less."""
    columns: int = 1_000
    """Of one table, and of one declaration."""
    line_kb: int = 2_000
    """Of one row."""
    memory_mb: int = 4_000
    """Resident, of the process that reads one file and of its children."""
    seconds: int = 1_200
    """Of the processor, for reading one file."""

    def memory_mb_of(self, file_bytes: int) -> int:
        """Megabytes of memory for reading a file of this size on the disk."""
        return min(self.memory_mb, LEAST_MEMORY_MB + MEMORY_MB_PER_MB * file_bytes // MEGABYTE)

    def seconds_of(self, file_bytes: int) -> int:
        """Seconds of the processor for reading a file of this size on the disk."""
        return min(self.seconds, LEAST_SECONDS + SECONDS_PER_MB * file_bytes // MEGABYTE)


def current() -> Limits:
    """The limits that hold now.

    Raises:
        PoolError: limits.toml or a variable names no limit, or gives it another value than a whole number above zero.
    """
    told = _of_file() | _of_environment()
    names = {item.name for item in fields(Limits)}
    for where, name, value in told.values():
        if name not in names:
            raise PoolError(
                "There is no such limit.", file=where, field=name, next_step=f"There are: {', '.join(sorted(names))}."
            )
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise PoolError(
                "A limit is a whole number above zero.",
                file=where,
                field=name,
                value=str(value),
                next_step="Correct it, or take it away: each limit has a value of its own.",
            )
    return replace(Limits(), **{name: value for _, name, value in told.values()})


_Told = dict[str, tuple[str, str, object]]
"""By name: where it is said, the name and the value."""


def _of_file() -> _Told:
    path = home.folder() / FILE
    try:
        told = toml.read(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise PoolError(
            f"The limits cannot be read: {error}.", file=str(path), next_step="Correct the file, or take it away."
        ) from None
    return {name: (str(path), name, value) for name, value in told.items()}


def _of_environment() -> _Told:
    found: _Told = {}
    for variable, text in sorted(os.environ.items()):
        if variable.startswith(VARIABLE):
            name = variable.removeprefix(VARIABLE).lower()
            found[name] = ("", name, int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text)
    return found
