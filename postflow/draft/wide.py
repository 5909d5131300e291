"""Columns that are rows: a table as wide as its years, drugs or measures, and rows of several amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from postflow import vocabulary
from postflow.draft import headers, marks
from postflow.draft.headers import WideHeader
from postflow.draft.table import Table

MOSTLY = 0.7


@dataclass(frozen=True)
class Wide:
    """The parts that each row becomes."""

    parts: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...] = ()
    """Columns and constants of each, as ``[[part]]`` has them."""
    taken: Mapping[str, str] | None = None
    """Header → why it is one of them."""
    measure: str = ""
    """The measure that no header says and that was taken: seizures or quantity."""
    needs_unit: bool = False
    """Whether amounts are told without a unit."""
    fiscal: bool = False
    """Whether periods are fiscal years."""

    def unpivot(self) -> tuple[list[str], str, str] | None:
        """Columns, the field of their header and the field of their cells, where that is all there is to say."""
        simple = [
            (next(iter(columns.items())), dict(constants))
            for columns, constants in self.parts
            if len(columns) == 1 and len(constants) == 1
        ]
        if len(simple) < len(self.parts) or len(simple) < 2:
            return None
        fields = {(cell, *constants) for (cell, _), constants in simple}
        if len(fields) > 1 or any(theirs != next(iter(constants.values())) for (_, theirs), constants in simple):
            return None
        (cell, header) = fields.pop()
        return [theirs for (_, theirs), _ in simple], header, cell


def find(table: Table, by_hand: Mapping[str, str], measure: str = "") -> Wide:
    """The wide part of a table; an empty one where it is none.

    Args:
        by_hand: headers of which a person has said what they are.
        measure: what a person says that the cells count, where no header does.
    """
    told = {
        header: found
        for place, header in enumerate(table.head)
        if header and header not in by_hand and (found := headers.wide(header)) and _may_count(table.cells(place))
    }
    wide = {header: found for header, found in told.items() if found.is_wide}
    if len(wide) >= 2:
        return _parts(table, wide, measure)
    units = {header: found for header, found in told.items() if found.unit}
    has_unit = any(headers.field_of(header)[0] == "unit" for header in table.head)
    return _amounts(units) if len(units) >= 2 and not has_unit else Wide()


def _may_count(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if cell.lower() not in marks.MISSING]
    return not told or sum(marks.is_number(cell) or marks.is_integer(cell) for cell in told) >= MOSTLY * len(told)


def _parts(table: Table, wide: Mapping[str, WideHeader], measure: str) -> Wide:
    places = {header: place for place, header in enumerate(table.head)}
    is_open = any(not found.measure for found in wide.values())
    if is_open and not measure:
        cells = [cell for header, found in wide.items() if not found.measure for cell in table.cells(places[header])]
        told = [cell for cell in cells if cell.lower() not in marks.MISSING]
        measure = "seizures" if all(marks.is_integer(cell) for cell in told) else "quantity"
    groups: dict[tuple[str, str, str, str], dict[str, str]] = {}
    units: dict[tuple[str, str, str, str], str] = {}
    for header, found in wide.items():
        cell = found.measure or measure
        # A second amount of the same row, in tablets beside kilograms, is a part of its own.
        group = (found.drug, found.period_field, found.period, "")
        if cell in groups.get(group, {}):
            group = (*group[:3], found.unit or header)
        groups.setdefault(group, {})[cell] = header
        if found.unit and cell == "quantity":
            units[group] = found.unit
    parts = tuple((columns, _constants(group, units.get(group, ""))) for group, columns in groups.items())
    return Wide(
        parts,
        {header: _reason(found) for header, found in wide.items()},
        measure if is_open else "",
        any("quantity" in columns and "unit" not in constants for columns, constants in parts),
        any(found.period_field == "fiscal_year" for found in wide.values()),
    )


def _constants(group: tuple[str, str, str, str], unit: str) -> dict[str, str]:
    drug, field, period, _ = group
    told = {"drug": drug, field: period, "unit": unit}
    return {name: value for name, value in told.items() if name and value}


def _reason(found: WideHeader) -> str:
    what = [
        word
        for word, is_told in (("the drug", found.drug), ("the period", found.period), ("the measure", found.measure))
        if is_told
    ]
    return f"its header tells {' and '.join(what)} of its cells"


def _amounts(units: Mapping[str, WideHeader]) -> Wide:
    """Amounts in several units of one row."""
    parts = tuple(({"quantity": header}, {"unit": found.unit}) for header, found in units.items())
    return Wide(parts, dict.fromkeys(units, "it is one of several amounts of a row, each in a unit of its own"))


def drugs(wide: Wide) -> set[str]:
    """The drugs that headers name."""
    known = vocabulary.canonical_values()["drug"]
    return {constants["drug"] for _, constants in wide.parts if constants.get("drug") in known}
