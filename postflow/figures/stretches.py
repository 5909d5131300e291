"""The two newest stretches that a view may set side by side, and what may be said of each part of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from postflow.analysis import decomposition, intervals, series, trend
from postflow.analysis.result import Change
from postflow.figures import honest, periods, told, trends
from postflow.figures.told import Basis
from postflow.numbers import weight
from postflow.view import Fetch, View

MONTHS = 12
LEVEL = 0.95
BY = ("departure", "destination", "channel", "drug", "side")
"""What a change is split by: the first of these that has more than one value."""


@dataclass(frozen=True)
class Span:
    """A stretch of months that is compared."""

    label: str
    first: pd.Timestamp
    last: pd.Timestamp
    is_year_to: bool = False
    """Twelve months that end anywhere, not a calendar or fiscal year."""

    @property
    def months(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last month."""
        return self.first, self.last

    @property
    def within(self) -> str:
        """As it stands after "in": ``2016``, ``the 12 months to Aug 2025``."""
        return f"the {self.label}" if self.is_year_to else self.label

    @property
    def earlier(self) -> str:
        """As it stands where it is the older of two."""
        return "the twelve before" if self.is_year_to else self.label


@dataclass(frozen=True)
class Two:
    """The newest stretch that is finished, the one before it, and what may be said of the two."""

    new: Span | None
    old: Span | None
    answer: Change
    who: frozenset[str] = frozenset()
    """Services that reported the newer one."""
    none_before: str = periods.NONE_REPORTED
    """Why there is no older one, where there is none."""

    @property
    def may_compare(self) -> bool:
        """Both are reported in full and no break lies between."""
        return (
            self.old is not None
            and self.answer.can_say
            and self.answer.direction not in ("not comparable", "not known")
        )

    @property
    def caveat(self) -> str:
        """Why a clear difference is no rise or fall that was watched; empty where it may be."""
        if self.answer.direction not in ("higher", "lower"):
            return ""
        return (
            "other services reported"
            if any(note.startswith("Reporters") for note in self.answer.warnings)
            else "across a gap"
        )


def compared(fetch: Fetch, view: View, basis: Basis) -> Two:
    """The last twelve finished months and the twelve before where all are reported, else the two newest reported periods."""
    wide = told.compared(fetch, basis)
    whole = wide.finished
    if whole.notna().any():
        end = whole.dropna().index[-1]
        new, old = (_year_to(end - pd.DateOffset(months=back)) for back in (0, MONTHS))
        start = view.scope.month_from
        if (start is None or new.first >= pd.Timestamp(start)) and all(
            whole.reindex(pd.date_range(*span.months, freq="MS")).notna().all() for span in (new, old)
        ):
            return Two(new, old, trend.year_ago(whole, *new.months, **wide.known), _reporters(wide, new))
    pair = periods.newest_pair(periods.of(fetch, view), view)
    answer = honest.newest_years(fetch, view, basis)
    if pair is None:
        return Two(None, None, answer)
    if pair.before is None:
        return Two(_span(pair.last, view), None, answer, pair.last.reporters, pair.why_not)
    return Two(_span(pair.last, view), _span(pair.before, view), answer, pair.last.reporters)


def _year_to(end: pd.Timestamp) -> Span:
    return Span(f"12 months to {end:%b %Y}", end - pd.DateOffset(months=MONTHS - 1), end, is_year_to=True)


def _span(period: periods.Period, view: View) -> Span:
    """A period as far as it lies within the reader's."""
    start, end = view.scope.month_from, view.scope.month_to
    first, last = period.start, period.start + pd.DateOffset(months=period.months - 1)
    if start is not None and first.date() < start:
        first = first.replace(year=start.year, month=start.month)
    if end is not None and last.date() > end:
        last = last.replace(year=end.year, month=end.month)
    part = f" ({period.months_reported} of {period.months} months)" if period.is_unfinished else ""
    return Span(period.label + part, first, last)


def _reporters(basis: Basis, span: Span) -> frozenset[str]:
    told_months = inside(basis.reporting, span)
    return frozenset(told_months.loc[told_months["months_reported"] > 0, "reporter"])


def inside(rows: pd.DataFrame, span: Span) -> pd.DataFrame:
    """The rows whose period starts in the stretch."""
    start = pd.to_datetime(rows["period_start"])
    return rows[(start >= span.first) & (start <= span.last)]


def seizures(rows: pd.DataFrame, span: Span | None) -> int:
    """How many seizures the rows count in the stretch."""
    return int(inside(rows, span)["seizures"].sum()) if span else 0


def kilograms(rows: pd.DataFrame, span: Span | None) -> str:
    """The kilograms of the stretch as printed; empty where nothing was weighed."""
    kg = pd.to_numeric(inside(rows, span)["quantity_kg"]).sum(min_count=1) if span else None
    return "" if kg is None or pd.isna(kg) else weight(float(kg))


def noise(basis: Basis, rows: pd.DataFrame, two: Two) -> tuple[float, float]:
    """Dispersion of a part's own months in the two stretches, and the alpha that its uncertainty calls for.

    Args:
        basis: who reported which month.
        rows: the part's rows by month.
        two: both stretches are known.
    """
    if two.new is None or two.old is None:
        return 1.0, 1 - LEVEL
    months = series.monthly(rows, basis.reporting)
    both = [months.reindex(pd.date_range(*span.months, freq="MS")) for span in (two.old, two.new)]
    known = sum(int(part.notna().sum()) for part in both)
    return intervals.pooled_dispersion(both), intervals.alpha_for(known, LEVEL)


def is_clear(basis: Basis, rows: pd.DataFrame, two: Two) -> bool:
    """Whether the interval of a part's ratio leaves no doubt about the direction."""
    phi, alpha = noise(basis, rows, two)
    found = intervals.change(seizures(rows, two.new), seizures(rows, two.old), phi=phi, alpha=alpha)
    return found.can_say and not found.low <= 1 <= found.high


def split(fetch: Fetch, view: View, two: Two, most: int) -> tuple[str, pd.DataFrame]:
    """The dimension that tells most apart, and its parts, largest difference first.

    Args:
        fetch: runs ``charts/seizures_by_period_and_reporter``.
        view: what the reader looks at.
        two: what is compared.
        most: rows at most, the last of them all others together.

    Returns:
        The dimension (empty where nothing can be split) and per part: code, category (as a reader writes it), old,
        new, change, low, high (95 % interval of the change, widened by the scatter of the part's own months).
    """
    if not two.may_compare or two.old is None or two.new is None:
        return "", pd.DataFrame()
    for name in BY:
        basis = told.compared(fetch, told.basis(fetch, view, name))
        found = decomposition.contributions(basis.rows, two.new.months, two.old.months, top=most - 1)
        if found.can_say and len(found.rows) > 1:
            return name, _judged(basis, found.rows, two, name)
    return "", pd.DataFrame()


def _judged(basis: Basis, rows: pd.DataFrame, two: Two, name: str) -> pd.DataFrame:
    alone = set(rows["category"]) - {decomposition.OTHER}
    known = basis.rows["category"].fillna("unknown").astype(str)
    limits = []
    for row in rows.itertuples():
        mine = basis.rows[known == row.category] if row.category in alone else basis.rows[~known.isin(alone)]
        phi, alpha = noise(basis, mine, two)
        limits.append(intervals.difference_limits(float(row.new), float(row.old), phi, alpha))
    named = [code if code == decomposition.OTHER else trends.label(str(code), name) for code in rows["category"]]
    low, high = zip(*limits, strict=True)
    return rows.assign(code=rows["category"], category=named, low=low, high=high)
