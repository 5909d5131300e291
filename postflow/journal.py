"""Journals: files of JSON lines that are only ever appended to. A cut or spoilt line costs itself and no other.

Lines end at a line feed and nowhere else, and everything beyond ASCII is escaped: no text can break a line in two.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postflow import disk

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Line:
    """One line that could be read."""

    row: int
    """From 1."""
    told: dict[str, Any]


@dataclass(frozen=True)
class Spoilt:
    """One line that could not."""

    row: int
    text: str
    """How it begins."""


def read(path: Path) -> tuple[list[Line], list[Spoilt]]:
    """Every line, oldest first, and the spoilt ones beside them; two empty lists where there is no such file.

    Raises:
        PoolError: the file is there and may not be read.
    """
    try:
        whole = path.read_bytes()
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise disk.unreadable(error) from None
    good: list[Line] = []
    spoilt: list[Spoilt] = []
    for row, line in enumerate(whole.removeprefix(_BYTE_ORDER_MARK).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            told = None
        if isinstance(told, dict):
            good.append(Line(row, told))
        else:
            spoilt.append(Spoilt(row, disk.plain_name(line[:80].decode("utf-8", "replace"))))
    return good, spoilt


def append(path: Path, told: dict[str, Any]) -> None:
    """Add one line and have it on the disk; where the last one was cut off, it stays cut and this one begins anew.

    Raises:
        OSError: the folder cannot be written or the disk is full.
    """
    disk.private_folder(path.parent)
    line = json.dumps(told).encode("ascii") + b"\n"
    is_new = not path.exists()
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.lseek(opened, 0, os.SEEK_END)
        if size:
            os.lseek(opened, size - 1, os.SEEK_SET)
            line = line if os.read(opened, 1) == b"\n" else b"\n" + line
        # One write in append mode: two people at once cannot tear each other's lines.
        while line:
            line = line[os.write(opened, line) :]
        os.fsync(opened)
    finally:
        os.close(opened)
    if is_new:
        disk.settle(path.parent)
