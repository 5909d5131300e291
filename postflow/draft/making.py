"""From a first look at a file, and what a person has said of it, to a first declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from postflow import reshape, vocabulary
from postflow.draft import columns, marks, table, wide
from postflow.draft.columns import Column
from postflow.draft.questions import open_questions
from postflow.draft.table import Table
from postflow.draft.value import STRICT, Draft, Said
from postflow.draft.wide import Wide
from postflow.glance import Glance
from postflow.sources import Source


def draft(glance: Glance, today: date, said: Said | None = None) -> Draft:
    """The first declaration of a file.

    Args:
        glance: what the file shows.
        today: the day on which it was obtained.
        said: what a person has said.
    """
    said = said or Said()
    found = table.find(glance, said.sheet, said.header_row, said.header_rows)
    parts = wide.find(found, said.fields, said.measure)
    matched = columns.match(found, said.fields, parts.taken or {})
    matched = _sheet_column(found, matched, parts, said)
    numbers = _cells_of(found, matched, (*columns.NUMBER_FIELDS, "part"))
    days = _cells_of(found, matched, (*columns.DATE_FIELDS, "month"))
    country = said.country or _country(matched)
    mark = (
        marks.Marks(*said.marks)
        if said.marks
        else marks.marks(
            (cell for cell in numbers if marks.is_number(cell)), glance.delimiter, is_workbook=glance.format != "csv"
        )
    )
    made = Draft(
        glance,
        said,
        found,
        matched,
        parts,
        mark,
        _dates(days, said, is_month_first=country == "US"),
        _missing(found, matched, [*numbers, *days]),
        said.country or STRICT["country"],
        today,
    )
    return replace(made, questions=tuple(open_questions(made)))


def _cells_of(found: Table, matched: Iterable[Column], fields: Iterable[str]) -> list[str]:
    wanted = {column.header for column in matched if column.field in set(fields)}
    return [cell for place, header in enumerate(found.head) if header in wanted for cell in found.cells(place)]


def _dates(cells: list[str], said: Said, *, is_month_first: bool) -> marks.Dates:
    told = marks.dates(cells, is_month_first=is_month_first)
    if not said.day:
        return told
    others = [
        form
        for form in told.day
        if form.replace("%d", "").replace("%m", "") != said.day.replace("%d", "").replace("%m", "")
    ]
    return marks.Dates((said.day, *others), told.month, told.languages)


def _missing(found: Table, matched: Iterable[Column], cells: Iterable[str]) -> tuple[str, ...]:
    """Marks for missing among numbers and dates; NA is left alone where it may be Namibia."""
    told = {cell for cell in cells if cell.lower() in marks.MISSING}
    places = _cells_of(found, matched, columns.COUNTRY_FIELDS)
    return tuple(sorted(told - ({cell for cell in places if cell.upper() == "NA"} if told else set())))


def _country(matched: Iterable[Column]) -> str:
    """The one seizing country of all rows, where a column tells it."""
    own = next((column for column in matched if column.field == "seizure_country" and column.distinct == 1), None)
    word = vocabulary.fold(own.samples[0]) if own else ""
    return vocabulary.shared_words().get(("country", word), "") if word else ""


def _sheet_column(found: Table, matched: tuple[Column, ...], parts: Wide, said: Said) -> tuple[Column, ...]:
    """Sheets that are named for their years tell the year, where no column does."""
    told = {column.field for column in matched} | {name for _, constants in parts.parts for name in constants}
    by_hand = said.fields.get(reshape.SHEET_COLUMN, "")
    is_years = len(found.sheets) > 1 and all(marks.YEAR.fullmatch(name.strip()) for name in found.sheets)
    is_open = is_years and not told & {"year", "seized_on", "fiscal_year"}
    chosen = by_hand or ("year" if is_open else "")
    if not chosen or chosen == "ignored":
        return matched
    reason = "a person chose it" if by_hand else "the sheets are named for their years"
    return (
        *matched,
        Column(
            reshape.SHEET_COLUMN,
            chosen,
            reason,
            "hand" if by_hand else "shape",
            len(found.rows),
            len(found.sheets),
            found.sheets,
        ),
    )


def recognise(glance: Glance, known: Mapping[str, Source]) -> str:
    """The id of the source whose form the file has: the same format and the same columns; empty where none has it.

    Args:
        known: the sources, by id; one that ships its file is none that a file is delivered to.
    """
    for name, source in known.items():
        if source.file.format == glance.format and _has_form(glance, source):
            return name
    return ""


def _has_form(glance: Glance, source: Source) -> bool:
    wanted = {vocabulary.fold(theirs) for theirs in source.names() if theirs and theirs != reshape.SHEET_COLUMN}
    first, rows = source.file.header_row - 1, source.file.header_rows
    named = source.file.sheet
    sheets = (
        [sheet for sheet in glance.sheets if sheet.name == named]
        if isinstance(named, str) and named != "*"
        else list(glance.sheets)
    )
    for sheet in sheets:
        head = reshape.header_of([list(row) for row in sheet.rows[first : first + rows]] or [[]])
        if wanted == {vocabulary.fold(name) for name in head if name}:
            return True
    return False
