"""The filters, as one frozen value that every query, page, caption and export shares.

``queries/macros.sql`` declares the same fields as a struct and is the only place that applies them.
``None`` means "not filtered"; an empty tuple matches nothing.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from postflow.errors import ScopeError

UNKNOWN = "ZZ"
"""The country code of what nobody stated; a visible value, never dropped."""

PERIOD_BASES = ("month", "quarter", "year", "us_fy", "au_fy", "uk_fy")
FISCAL_START_MONTH = {"year": 1, "us_fy": 10, "au_fy": 7, "uk_fy": 4}
"""First month of the year in each basis; fiscal years are named for the calendar year in which they end."""


@dataclass(frozen=True)
class Scope:
    """What the reader filtered to. Field for field the struct of the macro ``in_scope``."""

    drugs: tuple[str, ...] | None = None
    departures: tuple[str, ...] | None = None
    """ISO 3166-1 alpha-2 codes, ``ZZ`` for not stated."""
    destinations: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    sides: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    """Source or series ids."""
    month_from: date | None = None
    """First day of the first month."""
    month_to: date | None = None
    """First day of the last month, which is included."""
    possible_duplicates: bool = True
    """Count rows that are identical to another row of the same file."""
    inferred_destinations: bool = True
    """Read an inferred destination as the destination; off, it counts as not stated."""
    outliers: bool = True
    """Count records whose weight is beyond belief."""
    same_seizure_once: bool = True
    """Count a seizure that two services reported once."""

    def params(self) -> dict[str, object]:
        """The struct for ``$scope``: lists instead of tuples."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def without(self, *names: str) -> Scope:
        """The same scope with the named fields back at their defaults."""
        defaults = {f.name: f.default for f in fields(self)}
        return replace(self, **{name: defaults[name] for name in names})


def months_of(text: str, basis: str = "year") -> tuple[date, date]:
    """First and last month of a period as people write it: 2025, 2025-03, 2025-Q1, FY2025.

    Args:
        text: the period.
        basis: which fiscal year ``FY…`` means: ``us_fy`` (from October), ``au_fy`` (July), ``uk_fy`` (April).

    Raises:
        ScopeError: the text is none of these forms.
    """
    word = text.strip().upper()
    if word.startswith("0000"):  # no calendar has the year 0
        word = ""
    if match := re.fullmatch(r"(\d{4})-(\d{2})(?:-\d{2})?", word):
        year, month = int(match[1]), int(match[2])
        if 1 <= month <= 12:
            return date(year, month, 1), date(year, month, 1)
    if match := re.fullmatch(r"(\d{4})-?Q([1-4])", word):
        start = 3 * int(match[2]) - 2
        return date(int(match[1]), start, 1), date(int(match[1]), start + 2, 1)
    if match := re.fullmatch(r"(FY)?\s?(\d{4})", word):
        start = FISCAL_START_MONTH.get(basis, 1) if match[1] else 1
        if match[1] and start == 1:
            raise ScopeError(
                "A fiscal year needs a basis.",
                field="period",
                value=text,
                next_step="Add --period us_fy, au_fy or uk_fy.",
            )
        year = int(match[2])
        if 1 < year < 9999:
            return (
                (date(year, 1, 1), date(year, 12, 1))
                if start == 1
                else (
                    date(year - 1, start, 1),
                    date(year, start - 1, 1),
                )
            )
    raise ScopeError("Not a period.", field="period", value=text, next_step="Write 2025, 2025-03, 2025-Q1 or FY2025.")
