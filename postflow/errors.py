"""What can go wrong, as one tree; everything else is a fault of Postflow and stays loud.

PostflowError
├── ScopeError       a filter value that is not known
├── QueryError       a query that is missing, or given other parameters than it names
├── SourceError      a source.toml that is missing or wrong
├── DeliveryError    a file that cannot be read as its source.toml says
├── PoolError        a build that cannot be made, kept or opened
└── ExportError      an output that cannot be written, or may not leave
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST = {"message": 2_000, "file": 400, "field": 200, "value": 200, "next_step": 4_000}
"""Signs of each part of a message: what a file calls a column may be megabytes long."""


def plain(text: str, longest: int = 2_000, keep: str = "") -> str:
    """Text as it can be shown on any screen: what moves the cursor, turns the line or is no character is written out.

    Args:
        longest: signs; of a longer text the beginning is kept, and three dots say so.
        keep: signs that stay as they are although they are not printable.
    """
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return "".join(
        sign if sign.isprintable() or sign in keep else sign.encode("unicode_escape").decode() for sign in text
    )


def first_line(error: Exception) -> str:
    """What a library says, without the lines in which it shows its own working."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text and '"' not in text else f"'{text}'"


class PostflowError(Exception):
    """A message for people: what is wrong, where, and what to do next. Whatever a file holds, it is plain text.

    Args:
        message: one sentence.
        file: the file's name, not its folder.
        row: the number a spreadsheet shows for the row.
        field: column or key.
        value: the value as it was given.
        next_step: what the reader can do now.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        row: int | None = None,
        field: str = "",
        value: str = "",
        next_step: str = "",
    ) -> None:
        self.message = plain(message, LONGEST["message"])
        self.file = plain(file, LONGEST["file"])
        self.row = row
        self.field = plain(field, LONGEST["field"])
        self.value = plain(value, LONGEST["value"])
        self.next_step = plain(next_step, LONGEST["next_step"], keep="\n")
        where = [
            f"file {self.file}" if file else "",
            f"row {row}" if row is not None else "",
            f"field {self.field}" if field else "",
            f"value {_quoted(self.value)}" if value else "",
        ]
        placed = ", ".join(filter(None, where))
        super().__init__(" ".join(filter(None, [self.message, f"({placed})" if placed else "", self.next_step])))


class ScopeError(PostflowError):
    """A filter value that is not known."""


class QueryError(PostflowError):
    """A query that is missing, or given other parameters than it names."""


class SourceError(PostflowError):
    """A source.toml that is missing or wrong."""


class DeliveryError(PostflowError):
    """A file that cannot be read as its source.toml says."""

    def about(self, kept_name: str, file_name: str) -> DeliveryError:
        """The same of a kept copy, which the reader knows by the name it was delivered under."""
        name = file_name if self.file == kept_name else self.file
        return DeliveryError(
            self.message, file=name, row=self.row, field=self.field, value=self.value, next_step=self.next_step
        )


class PoolError(PostflowError):
    """A build that cannot be made, kept or opened."""


class ExportError(PostflowError):
    """An output that cannot be written, or may not leave."""


class NothingToDraw(PostflowError):
    """A finding whose rows hold nothing that could be drawn; the message is the reason that readers see."""


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A question that names the known words which are most like a wrong one; other words where none is like it."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word[:80].casefold(), folded, n=2)
    return f"Is it {' or '.join(folded[name] for name in near)}?" if near else otherwise
