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


class PostflowError(Exception):
    """A message for people: what is wrong, where, and what to do next.

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
        self.message, self.file, self.row, self.field, self.value, self.next_step = (
            message,
            file,
            row,
            field,
            value,
            next_step,
        )
        where = [
            f"file {file}" if file else "",
            f"row {row}" if row is not None else "",
            f"field {field}" if field else "",
            f"value {value!r}" if value else "",
        ]
        placed = ", ".join(filter(None, where))
        super().__init__(" ".join(filter(None, [message, f"({placed})" if placed else "", next_step])))


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
