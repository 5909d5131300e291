"""Breaks and events: breaks cut a series and end comparisons across them, events are numbered flags.

An event table has columns date_from, date_to (null for a day), kind (``break`` cuts; law, operation, team, holiday … do
not), reporter_country_code (null = all), title, source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from postflow.analysis.dates import Day, Span, day, spell_month
from postflow.analysis.result import Result, Table
from postflow.analysis.series import runs

METHOD = "series breaks"


@dataclass(frozen=True)
class Cut:
    """A break: months from ``first`` to ``last`` are on neither side; without ``last`` none are."""

    first: pd.Timestamp
    last: pd.Timestamp | None
    title: str

    @property
    def resumes(self) -> pd.Timestamp:
        """The first month of the new series."""
        return self.first if self.last is None else self.last + pd.offsets.MonthBegin(1)


def cuts(events: pd.DataFrame | None, reporters: Iterable[str] | None = None) -> list[Cut]:
    """The breaks that touch these reporters, in order of time; overlapping ones are joined."""
    if events is None or events.empty:
        return []
    wanted = None if reporters is None else set(reporters)
    found: list[Cut] = []
    ends = events["date_to"] if "date_to" in events else pd.Series(pd.NaT, index=events.index)
    dated = events.assign(
        date_from=pd.to_datetime(events["date_from"], errors="coerce"), date_to=pd.to_datetime(ends, errors="coerce")
    )
    for row in dated.dropna(subset="date_from").sort_values("date_from").to_dict("records"):
        if row.get("kind") != "break" or not _touches(row.get("reporter_country_code"), wanted):
            continue
        found = _joined(found, _cut(row))
    return found


def _touches(reporter: object, wanted: set[str] | None) -> bool:
    return wanted is None or not isinstance(reporter, str) or reporter in wanted


def _cut(row: dict[Any, Any]) -> Cut:
    start, end = row["date_from"], row["date_to"]
    month = start.to_period("M").to_timestamp()
    # A break inside a month leaves that month half old and half new.
    until = start if pd.isna(end) or end <= start else end
    last = None if until == start and start.day == 1 else until.to_period("M").to_timestamp()
    return Cut(month, last, str(row.get("title") or "series break"))


def _joined(found: list[Cut], cut: Cut) -> list[Cut]:
    if not found or cut.first > (found[-1].last or found[-1].first):
        return [*found, cut]
    before = found[-1]
    ends = [end for end in (before.last, cut.last) if end is not None]
    return [*found[:-1], Cut(before.first, max(ends) if ends else None, f"{before.title}; {cut.title}")]


def segments(
    series: pd.Series, events: pd.DataFrame | None = None, reporters: Iterable[str] | None = None
) -> list[pd.Series]:
    """The stretches between breaks and gaps, in order of time. No method may cross from one to the next."""
    parts = [series]
    for cut in cuts(events, reporters):
        last = parts.pop()
        parts += [last[last.index < cut.first], last[last.index >= cut.resumes]]
    return [run for part in parts for run in runs(part)]


def comparable(
    a: Span,
    b: Span,
    events: pd.DataFrame | None = None,
    reporters: Iterable[str] | None = None,
) -> Result:
    """May these two spans be compared? Not where a break lies in or between them.

    Args:
        a: first and last month of one span; b: of the other, in any order.
        events: the event table; reporters: the reporters in view.
    """
    start = min(day(a[0]), day(b[0])).to_period("M").to_timestamp()
    end = max(day(a[1]), day(b[1])).to_period("M").to_timestamp()
    between = [cut for cut in cuts(events, reporters) if cut.first <= end and cut.resumes > start]
    if between:
        names = "; ".join(f"{cut.title} ({spell_month(cut.first)})" for cut in between)
        return Result.cannot(
            METHOD, f"The two spans do not compare: the series breaks between them. {names}.", n=len(between)
        )
    return Result(method=METHOD, estimate=0.0, unit="breaks", sentence="No recorded break lies between the two spans.")


def numbered(events: pd.DataFrame | None, first: Day, last: Day) -> Table:
    """The events inside the span as numbered flags.

    Returns:
        rows — number, date_from, date_to, kind, title, source …; those outside the span are named in a warning.
    """
    if events is None or events.empty:
        return Table.cannot("events", "No events are recorded.")
    start, end = day(first), day(last) + pd.offsets.MonthEnd(0)
    begins = pd.to_datetime(events["date_from"], errors="coerce")
    ends = pd.to_datetime(events["date_to"], errors="coerce").fillna(begins) if "date_to" in events else begins
    inside = begins.notna() & (begins <= end) & (ends >= start)
    outside = [str(title) for title in events.loc[~inside, "title"]]
    warnings = (f"Outside the period shown: {'; '.join(outside)}.",) if outside else ()
    if not inside.any():
        return Table.cannot("events", "No recorded event falls inside the period shown.", warnings=warnings)
    rows = events[inside].assign(date_from=begins[inside]).sort_values("date_from", kind="stable")
    rows.insert(0, "number", range(1, len(rows) + 1))
    rows = rows.reset_index(drop=True)
    words = f"{len(rows)} recorded {'event falls' if len(rows) == 1 else 'events fall'} inside the period shown."
    return Table(
        method="events", estimate=len(rows), n=len(rows), unit="events", rows=rows, warnings=warnings, sentence=words
    )
