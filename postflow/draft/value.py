"""A first declaration as a value: what a person has said, what is taken for what, and what is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from postflow.draft import headers, marks
from postflow.draft.columns import Column
from postflow.draft.table import Table
from postflow.draft.wide import Wide
from postflow.glance import Glance
from postflow.sources import Source

STRICT = {"licence": "not-stated", "tlp": "TLP:AMBER+STRICT", "country": "ZZ", "contributor": "not stated"}
"""What holds until a person says another."""
FISCAL_YEARS = {"US": "us_fy", "AU": "au_fy", "NZ": "au_fy", "GB": "uk_fy"}


@dataclass(frozen=True)
class Said:
    """What a person has said of a file; empty where nothing was."""

    id: str = ""
    title: str = ""
    contributor: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2 of the contributor."""
    licence: str = ""
    redistribute: bool = False
    tlp: str = ""
    sheet: str = ""
    header_row: int = 0
    header_rows: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    """Header → canonical column, or ``ignored``."""
    marks: tuple[str, str] | None = None
    """Decimal and thousands mark."""
    day: str = ""
    """The form of a day, where its order was open."""
    measure: str = ""
    """What the cells of a wide table count."""
    each_row: str = ""
    unit: str = ""
    item_weight_unit: str = ""
    seizure_country: str = ""
    fiscal_basis: str = ""
    supersedes: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Per canonical column: their word = canonical word."""


def said_of(source: Source) -> Said:
    """What somebody has said who wrote a declaration: the start for describing its files anew."""
    part = {theirs for one in source.parts() for theirs in one.columns.values()}
    fields = {str(theirs): ours for ours, theirs in source.columns.items() if ours != "ignored"}
    fields |= {header: "ignored" for header in source.columns.get("ignored", []) if header and header not in part}
    own_day = [form for form in source.dates.day if form not in marks.PLAIN_DAYS]
    return Said(
        id=source.id,
        title=source.title,
        contributor=source.contributor.name,
        country=source.contributor.country,
        licence=source.licence.id,
        redistribute=source.licence.redistribute,
        tlp=source.handling.tlp,
        sheet=source.file.sheet if isinstance(source.file.sheet, str) and source.file.sheet != "*" else "",
        header_row=source.file.header_row,
        header_rows=source.file.header_rows,
        fields=fields,
        marks=(source.file.decimal_mark, source.file.thousands_mark),
        day=own_day[0] if own_day else "",
        each_row=source.each_row,
        unit=source.constants.get("unit", ""),
        item_weight_unit=source.units.item_weight if "item_weight" in source.columns else "",
        seizure_country=source.constants.get("seizure_country", ""),
        fiscal_basis=source.dates.fiscal_basis,
        supersedes=source.supersedes,
        values=source.values,
    )


@dataclass(frozen=True)
class Question:
    """What the file leaves open."""

    about: str
    """The field of ``Said`` that answers it."""
    words: str
    taken: str
    """What holds until it is answered; empty: nothing."""
    choices: tuple[str, ...] = ()
    """Some answers; empty: any text."""


@dataclass(frozen=True)
class Draft:
    """A first declaration."""

    glance: Glance
    said: Said
    table: Table
    columns: tuple[Column, ...]
    wide: Wide
    marks: marks.Marks
    dates: marks.Dates
    missing: tuple[str, ...]
    country: str
    today: date
    questions: tuple[Question, ...] = ()

    def header_of(self, name: str) -> str:
        """Their header of a canonical column; empty where there is none."""
        return next((column.header for column in self.columns if column.field == name), "")

    def has(self, name: str) -> bool:
        """Whether a column, a part or a constant tells the canonical column."""
        parts = any(name in {*told, *constants} for told, constants in self.wide.parts)
        return parts or bool(self.header_of(name)) or name in self.constants()

    def constants(self) -> dict[str, str]:
        """Canonical = the one value of every row."""
        told = {}
        if not self.header_of("seizure_country") and self.seizing_country():
            told["seizure_country"] = self.seizing_country()
        if unit := self.unit():
            told["unit"] = unit
        return told

    def seizing_country(self) -> str:
        """The country of every row where no column tells it; empty where nobody has said."""
        return self.said.seizure_country or (self.country if self.country != "ZZ" else "")

    def unit(self) -> str:
        """The unit of every amount, from the header of its column or from a person; empty where a column tells it."""
        if self.header_of("unit") or any("unit" in constants for _, constants in self.wide.parts):
            return ""
        if self.said.unit:
            return self.said.unit
        header = self.header_of("quantity")
        return headers.unit_of(header) if header else ""

    def by_year(self) -> bool:
        """Whether rows tell no more than a year."""
        header = self.header_of("seized_on")
        if self.header_of("month") or self.header_of("day"):
            return False
        if header:
            cells = self.table.cells(self.table.head.index(header))
            return bool(cells) and not any(marks.date_kind(cell) in ("day", "month") for cell in cells)
        fields = {name for _, constants in self.wide.parts for name in constants}
        periods = [constants[name] for _, constants in self.wide.parts for name in ("seized_on",) if name in constants]
        return "month" not in fields and all(marks.date_kind(period) in ("", "year") for period in periods)
