"""Tables that are no plain list of rows: blank lines, notes, two header rows, several sheets, wide tables, totals.

``reshape`` writes such a file again as a plain CSV in which each row carries the number that a spreadsheet shows for it.
Everything is text; nothing is read into a cell. A plain file never comes here: DuckDB reads it by itself.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from postflow.errors import DeliveryError
from postflow.vocabulary import one_space

SHEET_STRIDE = 10_000_000_000
"""Row keys of one sheet: more than any sheet has rows. The macro ``shown_row`` takes it off again."""
ROW_STEP = 1_000
"""Keys that one delivered row may become where it is split into parts."""
SHEET_COLUMN = "(sheet)"
"""The header under which a source may map the name of the sheet that a row stands on."""
HEADER_JOIN = " | "
"""Between the cells of a header of several rows."""
NOTE_WORDS = re.compile(
    r"(?i)\W*(source|sources|note|notes|nb|n\.b\.|footnote|bron|noot|quelle|anmerkung|hinweis|fuente|nota|notas|fonte|"
    r"kilde|källa|anm|zdroj|pozn|šaltinis|pastaba|allikas|märkus|remarque|provisional|\*|¹|\(?\d\))"
)


@dataclass(frozen=True)
class Part:
    """One of the rows that a delivered row becomes."""

    columns: Mapping[str, str]
    """Canonical = their header."""
    constants: Mapping[str, str]


@dataclass(frozen=True)
class Shape:
    """How a table differs from a plain list of rows; as its source.toml says it, all headers theirs."""

    header_row: int = 1
    header_rows: int = 1
    missing: frozenset[str] = frozenset()
    fill_down: tuple[str, ...] = ()
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    drug_marks: tuple[str, ...] = ()
    decimal_mark: str = "."
    thousands_mark: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether a reader that knows nothing of shapes gives the same rows."""
        return not (
            self.header_rows > 1
            or self.missing
            or self.fill_down
            or self.leave_out
            or self.totals
            or self.parts
            or self.drug_marks
        )

    @property
    def row_step(self) -> int:
        """Keys that a delivered row has."""
        return ROW_STEP if self.parts or self.drug_marks else 1


@dataclass(frozen=True)
class Sheet:
    """One CSV in UTF-8, and the name of the sheet that it was; empty for a text file."""

    path: Path
    name: str
    delimiter: str
    quote: str


Match = Callable[[list[str], str], list[str]]
"""From their header and the sheet's name to our names, in order; blank-headed columns are ``ignored_blank_…``."""


def records(path: Path, delimiter: str, quote: str, *, strict: bool = False) -> Iterator[list[str]]:
    """The records of a CSV in UTF-8, each a list of cells."""
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, delimiter=delimiter, quotechar=quote, strict=strict)


def header_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """One header of several rows: ``MDMA | Number``. An upper cell that is blank goes on from the left, as merged cells do."""
    if len(rows) == 1:
        return [one_space(cell) for cell in rows[0]]
    width = max(len(row) for row in rows)
    filled = []
    for row in rows[:-1]:
        cells, last = [], ""
        for cell in [*row, *[""] * (width - len(row))]:
            last = one_space(cell) or last
            cells.append(last)
        filled.append(cells)
    lowest = [one_space(cell) for cell in [*rows[-1], *[""] * (width - len(rows[-1]))]]
    names = []
    for place, low in enumerate(lowest):
        own = [one_space(row[place]) if place < len(row) else "" for row in rows[:-1]]
        above = [cells[place] for cells in filled] if low else own
        names.append(HEADER_JOIN.join(filter(None, [*above, low])))
    return names


def is_note(cells: Sequence[str], *, is_apart: bool) -> bool:
    """Whether a row that is too short for the table is a note beside it.

    Args:
        is_apart: it stands below a blank row, under the table.
    """
    told = [cell.strip() for cell in cells if cell.strip()]
    if not told or is_apart or NOTE_WORDS.match(told[0]):
        return True
    return len(told) == 1 and " " in told[0]


def reshape(
    sheets: Sequence[Sheet], shape: Shape, match: Match, out: Path, file_name: str, sheet_as: str = ""
) -> tuple[list[str], list[str]]:
    """Write the sheets as one plain CSV; return its columns and what is worth a warning.

    Args:
        sheet_as: our name for the column of the sheet's name; empty: none.

    The first two columns are ``row_number`` (the row's key) and ``row_mark`` (``note``, ``left out``, ``total``,
    ``shared`` for a drug whose amount is that of several, or empty).

    Raises:
        DeliveryError: a row cannot be split, or a total is not the sum of its rows.
    """
    warnings: list[str] = []
    columns: list[str] = []
    with out.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        for place, sheet in enumerate(sheets):
            table = _Table(sheet, shape, match, file_name)
            columns = ["row_number", "row_mark", *([sheet_as] if sheet_as else []), *table.written]
            for number, mark, row in table.rows():
                key = (place * SHEET_STRIDE + number) * shape.row_step
                for part, (part_mark, cells) in enumerate(
                    table.parts(row) if not mark else [("", table.common_of(row))]
                ):
                    own = [sheet.name] if sheet_as else []
                    writer.writerow([key + part, mark or part_mark, *own, *table.cells(cells)])
            warnings += table.warnings
    return columns, warnings


class _Table:
    """One sheet on its way to plain rows."""

    def __init__(self, sheet: Sheet, shape: Shape, match: Match, file_name: str) -> None:
        self.sheet, self.shape, self.file_name = sheet, shape, file_name
        self.warnings: list[str] = []
        self.records = enumerate(self._read(), start=1)
        above = [
            cells for _, cells in zip(range(shape.header_row - 1 + shape.header_rows), self._cells(), strict=False)
        ]
        self.head = header_of(above[shape.header_row - 1 :] or [[]])
        self.ours = match(self.head, sheet.name)
        self.place = {name: place for place, name in enumerate(self.head) if name}
        split = {theirs for part in shape.parts for theirs in part.columns.values()}
        self.common = [
            (place, ours)
            for place, ours in enumerate(self.ours)
            if self.head[place] not in split and not ours.startswith("ignored_blank_")
        ]
        per_part = [name for part in shape.parts for name in (*part.columns, *part.constants)]
        self.written = [ours for _, ours in self.common] + sorted(set(per_part))
        self.blank = [place for place, ours in enumerate(self.ours) if ours.startswith("ignored_blank_")]
        self.last: dict[int, str] = {}
        self.details: list[list[str]] = []

    def _read(self) -> Iterator[list[str]]:
        number = 0
        try:
            for cells in records(self.sheet.path, self.sheet.delimiter, self.sheet.quote, strict=True):
                number += 1
                yield cells
        except csv.Error as error:
            raise DeliveryError(
                f"The text cannot be split into rows: {error}.",
                file=self.file_name,
                row=number + 1,
                next_step="Look for a quote that is never closed, or stands inside a cell.",
            ) from None

    def _cells(self) -> Iterator[list[str]]:
        for _, cells in self.records:
            yield cells

    def rows(self) -> Iterator[tuple[int, str, list[str]]]:
        """Number, mark and cells of each row that is not blank, as wide as the header."""
        width, waiting, is_apart = len(self.head), [], False
        for number, cells in self.records:
            if not any(cell.strip() for cell in cells):
                is_apart = True
                continue
            if len(cells) < width:
                waiting.append((number, cells, is_apart))
                continue
            for short in waiting:
                yield self._note(*short[:2], is_apart=False)
            waiting, is_apart = [], False
            yield from self._whole(number, cells)
        for short in waiting:
            yield self._note(*short[:2], is_apart=short[2])

    def _note(self, number: int, cells: list[str], *, is_apart: bool) -> tuple[int, str, list[str]]:
        if not is_note(cells, is_apart=is_apart):
            raise self._ragged(number, cells)
        words = self.sheet.delimiter.join(cell for cell in cells if cell)
        self.warnings.append(f"Row {number} is a note, not a row: {words[:120]!r}.")
        kept = next((place for place, ours in self.common if not ours.startswith("ignored_")), 0)
        row = [""] * len(self.head)
        row[kept] = words
        return number, "note", row

    def _whole(self, number: int, cells: list[str]) -> Iterator[tuple[int, str, list[str]]]:
        if any(cell.strip() for cell in cells[len(self.head) :]):
            raise self._ragged(number, cells)
        for place in self.blank:
            if cells[place].strip():
                raise DeliveryError(
                    "A column without a name holds values.",
                    file=self.file_name,
                    row=number,
                    field=f"column {place + 1}",
                    value=cells[place][:80],
                    next_step='Give it a name in the file, or list "" under ignored in source.toml.',
                )
        row = ["" if one_space(cell) in self.shape.missing else cell for cell in cells[: len(self.head)]]
        for name in self.shape.fill_down:
            place = self.place[name]
            row[place] = self.last[place] = row[place] if row[place].strip() else self.last.get(place, "")
        if self._is_in(row, self.shape.leave_out):
            yield number, "left out", row
        elif self._is_in(row, self.shape.totals):
            self._check_sum(number, row)
            yield number, "total", row
        else:
            if self.shape.totals:
                self.details.append(row)
            yield number, "", row

    def _is_in(self, row: Sequence[str], listed: Mapping[str, tuple[str, ...]]) -> bool:
        return any(
            one_space(row[self.place[name]]).lower() in [word.lower() for word in words]
            for name, words in listed.items()
        )

    def _ragged(self, number: int, cells: Sequence[str]) -> DeliveryError:
        return DeliveryError(
            f"The row has {len(cells)} fields; the header has {len(self.head)}.",
            file=self.file_name,
            row=number,
            value=self.sheet.delimiter.join(cells)[:80],
            next_step="Correct the row, or the delimiter and quotes in source.toml.",
        )

    # ---------- a total is the sum of its rows ----------

    def _amounts(self) -> list[int]:
        split = {theirs for part in self.shape.parts for theirs in part.columns.values()}
        counted = {
            name for place, name in enumerate(self.head) if self.ours[place] in ("seizures", "quantity", "value")
        }
        return [self.place[name] for name in self.head if name in split | counted]

    def _check_sum(self, number: int, row: Sequence[str]) -> None:
        amounts = self._amounts()
        own = {self.place[name] for name in self.shape.totals}
        keys = [place for place, _ in self.common if place not in amounts and place not in own and row[place].strip()]
        under = [detail for detail in self.details if all(detail[key].strip() == row[key].strip() for key in keys)]
        for place in amounts:
            told, parts = self._number(row[place]), [self._number(detail[place]) for detail in under]
            known = [part for part in parts if part is not None]
            if told is None or not under or len(known) < len([1 for detail in under if detail[place].strip()]):
                continue
            # Rounded rows may miss a rounded total by half of the last digit each.
            decimals = max(
                (
                    len(cell.partition(self.shape.decimal_mark)[2])
                    for cell in [row[place], *[detail[place] for detail in under]]
                ),
                default=0,
            )
            slack = 0.5 * 10.0**-decimals * len(known) if decimals else 0
            if abs(told - sum(known)) > slack + 1e-9:
                raise DeliveryError(
                    f"The total says {told:,g}; the rows that it adds up come to {sum(known):,g}.",
                    file=self.file_name,
                    row=number,
                    field=self.head[place],
                    value=row[place],
                    next_step="Ask the contributor which is right, or leave the row out under [rows] leave_out.",
                )

    def _number(self, cell: str) -> float | None:
        plain = one_space(cell)
        if self.shape.thousands_mark:
            plain = plain.replace(self.shape.thousands_mark, "")
        try:
            return float(plain.replace(self.shape.decimal_mark, "."))
        except ValueError:
            return None

    # ---------- one delivered row becomes several ----------

    def parts(self, row: list[str]) -> list[tuple[str, dict[str, str]]]:
        """Mark and cells of each row that the delivered one becomes; at least one."""
        common = self.common_of(row)
        full = []
        for part in self.shape.parts:
            cells = {name: row[self.place[theirs]] for name, theirs in part.columns.items()}
            if any(cell.strip() for cell in cells.values()):
                full.append(common | dict(part.constants) | cells)
        if self.shape.parts and not full:
            return [("nothing told", common)]
        return [item for cells in full or [common] for item in self._drugs(cells)]

    def _drugs(self, cells: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
        named = [cells.get("drug", "")]
        for mark in self.shape.drug_marks:
            named = [piece for name in named for piece in name.split(mark)]
        named = [one_space(name) for name in named if name.strip()]
        if len(named) < 2:
            return [("", cells)]
        return [("shared", cells | {"drug": name}) for name in named]

    def common_of(self, row: list[str]) -> dict[str, str]:
        """Our names and the cells that all parts of the row share."""
        return {ours: row[place] for place, ours in self.common}

    def cells(self, row: dict[str, str]) -> list[str]:
        """In the order of ``written``."""
        return [row.get(name, "") for name in self.written]
