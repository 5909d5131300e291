"""Ways out of Postflow. Everything passes ``gate``; every format takes what the gate let out, and nothing else.

out = exports.gate(figure, view, "csv", sources=fetch("charts/sources", scope=view.scope))
exports.save(exports.make(out), Path("corridor.csv"))
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from postflow.errors import ExportError
from postflow.exports.gate import Item, gate
from postflow.exports.outgoing import Leaving, Outgoing, Source

__all__ = ["BRIEFING", "DECK", "FORMATS", "Format", "Item", "Leaving", "Outgoing", "Source", "gate", "make", "save"]

DECK = ("pptx", "pdf", "html", "xlsx")
"""Formats that take several figures."""
BRIEFING = ("pdf", "docx", "html", "md")

MAKERS = {
    "csv": ("tables", "csv"),
    "xlsx": ("tables", "xlsx"),
    "parquet": ("tables", "parquet"),
    "png": ("picture", "png"),
    "svg": ("picture", "vector"),
    "pptx": ("pptx", "make"),
    "pdf": ("pdf", ""),
    "html": ("page", ""),
    "docx": ("documents", "docx"),
    "md": ("documents", "markdown"),
}
"""Format → module and function that write it."""


@dataclass(frozen=True)
class Format:
    """A kind of file."""

    name: str
    suffix: str
    mime: str
    words: str


FORMATS = {
    item.name: item
    for item in (
        Format("csv", ".csv", "text/csv", "CSV"),
        Format("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
        Format("parquet", ".parquet", "application/vnd.apache.parquet", "Parquet"),
        Format("png", ".png", "image/png", "Picture (PNG)"),
        Format("svg", ".svg", "image/svg+xml", "Picture (SVG)"),
        Format("pptx", ".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "Slides"),
        Format("pdf", ".pdf", "application/pdf", "PDF"),
        Format("html", ".html", "text/html", "One web page, offline"),
        Format("docx", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
        Format("md", ".md", "text/markdown", "Markdown"),
    )
}


def make(out: Outgoing, **options: object) -> bytes:
    """The file that ``out.format`` names.

    Args:
        out: what the gate let out.
        options: of the format: width, height, mode, scale and engine of pictures, mode of PDF, template of slides.

    Raises:
        ExportError: no such format, or it does not take what was let out, or the file cannot be made.
    """
    if not isinstance(out, Outgoing):
        raise ExportError("Only what the gate let out can be exported.", next_step="Call exports.gate first.")
    maker = _maker(out)
    try:
        return maker(out, **options)
    except ExportError:
        raise
    except (MemoryError, OSError, ImportError) as error:
        raise ExportError(
            f"The {out.format} file could not be made: {error}.",
            next_step="Free memory or disk, or choose another format.",
        ) from error


def _maker(out: Outgoing) -> Callable[..., bytes]:
    name = out.format
    if name not in FORMATS:
        raise ExportError("No such format.", value=name, next_step=f"There are: {', '.join(FORMATS)}.")
    if out.briefing is not None and name not in BRIEFING:
        raise ExportError(f"A briefing is not made as {name}.", next_step=f"Choose {', '.join(BRIEFING)}.")
    if out.briefing is None and name in ("docx", "md"):
        raise ExportError(f"Only a briefing is made as {name}.", next_step=f"Choose {', '.join(DECK)}.")
    module, function = MAKERS[name]
    if module in ("pdf", "page"):
        function = "briefing" if out.briefing else "deck"
    # imported here: python-pptx and openpyxl cost half a second that a page without exports need not pay
    return getattr(import_module(f"postflow.exports.{module}"), function)


def save(data: bytes, path: Path) -> None:
    """Write a file whole or not at all.

    Raises:
        ExportError: the folder is missing, read-only or full.
    """
    if not path.name or "\0" in str(path):
        raise ExportError("No file can have this name.", file=str(path), next_step="Choose another name.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        if part.parent.is_dir():
            with suppress(OSError):  # the folder itself is read-only; nothing was left there
                part.unlink(missing_ok=True)
        raise ExportError(
            f"The file cannot be written: {error.strerror}.",
            file=str(path),
            next_step="Choose a folder that you may write, with free space.",
        ) from None
