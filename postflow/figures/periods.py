"""Periods as they were reported: which are gaps, which are unfinished, which two may be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from postflow import wording
from postflow.analysis import intervals
from postflow.analysis.result import Change
from postflow.analysis.series import services
from postflow.numbers import spell
from postflow.view import Fetch, View

NONE_REPORTED, NONE_IN_VIEW = "no earlier period was reported", "no earlier period is in view"


@dataclass(frozen=True)
class Period:
    """One period of a scope."""

    label: str
    start: pd.Timestamp
    seizures: int
    kg: float | None
    """None where no record of the period has kilograms."""
    reporters: frozenset[str]
    """Services that reported any month of it, by the names that tell them apart."""
    months_reported: int
    """Months of the period that its most complete service reported."""
    months: int
    heard: frozenset[tuple[str, int]] = frozenset()
    """(service, months that it reported) of each that reported any."""
    months_asked: int | None = None
    """Months of it inside the period that the reader chose; None = all."""

    @property
    def is_gap(self) -> bool:
        """Nobody reported any month of it."""
        return not self.reporters

    @property
    def is_unfinished(self) -> bool:
        """Some of its months are reported, not all."""
        return 0 < self.months_reported < self.months


def of(fetch: Fetch, view: View, basis: str | None = None) -> list[Period]:
    """The periods of a view without holes, in order of time.

    Args:
        fetch: runs ``charts/seizures_by_period`` and ``charts/reporters_by_period``.
        view: the scope and the basis.
        basis: another basis than the view's.
    """
    basis = basis or view.basis
    rows = fetch("charts/seizures_by_period", scope=view.scope, period=basis).dropna(subset=["period_start"])
    found = from_rows(rows, fetch("charts/reporters_by_period", scope=view.scope, period=basis))
    return [replace(period, months_asked=_asked(period, view)) for period in found]


def _asked(period: Period, view: View) -> int | None:
    """How many months of a period the reader's filter keeps; None where it keeps all."""
    months = pd.date_range(period.start, periods=period.months, freq="MS")
    start, end = view.scope.month_from, view.scope.month_to
    inside = [
        month for month in months if (start is None or month.date() >= start) and (end is None or month.date() <= end)
    ]
    return None if len(inside) == len(months) else len(inside)


def from_rows(rows: pd.DataFrame, told: pd.DataFrame) -> list[Period]:
    """The periods of counted rows and of the reporters behind them, in order of time.

    Args:
        rows: period_start, seizures, quantity_kg.
        told: ``charts/reporters_by_period``.
    """
    counted = rows.groupby("period_start").agg(
        seizures=("seizures", "sum"), kg=("quantity_kg", lambda kg: kg.sum(min_count=1))
    )
    found = []
    for (start, label), mine in told.groupby(["period_start", "period"]):
        have = counted.loc[start] if start in counted.index else None
        heard = mine[mine.months_reported > 0]
        found.append(
            Period(
                label=str(label),
                start=pd.Timestamp(start),
                seizures=0 if have is None else int(have.seizures),
                kg=None if have is None or pd.isna(have.kg) else float(have.kg),
                reporters=frozenset(services(heard)),
                months_reported=int(mine.months_reported.max()),
                months=int(mine.months_in_period.iloc[0]),
                heard=frozenset(zip(services(heard), heard.months_reported, strict=True)),
            )
        )
    return found


@dataclass(frozen=True)
class Pair:
    """The newest reported period and the one that it may be compared with."""

    last: Period
    before: Period | None
    silent: tuple[Period, ...]
    """Gaps between the two."""
    why_not: str
    """Why they may not be compared; empty where they may."""


def newest_pair(periods: list[Period], view: View | None = None) -> Pair | None:
    """The last reported period and the reported one before it; None where nobody reported anything.

    Args:
        periods: in order of time.
        view: tells whether earlier periods are left out by the reader rather than unreported.
    """
    told = [period for period in periods if not period.is_gap]
    if not told:
        return None
    last = told[-1]
    if len(told) == 1:
        is_cut = view is not None and view.scope.month_from is not None
        return Pair(last, None, (), NONE_IN_VIEW if is_cut else NONE_REPORTED)
    before = told[-2]
    silent = tuple(period for period in periods if before.start < period.start < last.start)
    why = ""
    if last.is_unfinished or before.is_unfinished:
        short = last if last.is_unfinished else before
        why = f"{short.label} holds {short.months_reported} of {short.months} months"
        if short.months_reported == short.months_asked:
            why = f"the period in view holds {short.months_asked} of {short.months} months of {short.label}"
    elif last.reporters != before.reporters:
        why = "not the same services reported"
    elif last.heard != before.heard:
        why = _unlike(last, before)
    return Pair(last, before, silent, why)


def _unlike(last: Period, before: Period) -> str:
    """Words for the first service that reported other numbers of months of two periods."""
    now, then = dict(last.heard), dict(before.heard)
    name = min(name for name in now if now[name] != then[name])
    return (
        f"{wording.service(name, wording.spoken)} reported {now[name]} of {last.months} months of {last.label}"
        f" and {then[name]} of {before.label}"
    )


def noise(fetch: Fetch, view: View, pair: Pair) -> tuple[float, float]:
    """How far the months of two periods scatter beyond counting noise, and the alpha that this calls for.

    Args:
        fetch: runs ``charts/seizures_by_period`` and ``charts/reporters_by_period`` by month.
        view: the scope.
        pair: the two periods.
    """
    months = [month for month in of(fetch, view, "month") if not month.is_gap]
    parts = []
    for period in (pair.last, pair.before):
        end = period.start + pd.DateOffset(months=period.months) if period else None
        inside = [float(month.seizures) for month in months if period and period.start <= month.start < end]
        parts.append(pd.Series(inside, dtype=float))
    return intervals.noise(parts)


def verdict(pair: Pair, noise: tuple[float, float] = (1.0, 0.05)) -> Change | None:
    """The newest period against the one before, with what the interval allows to be said; None where they may not be compared."""
    if pair.before is None or pair.why_not:
        return None
    gap = f"{wording.joined([period.label for period in pair.silent])} not reported" if pair.silent else ""
    phi, alpha = noise
    return intervals.change(pair.last.seizures, pair.before.seizures, phi=phi, alpha=alpha, gap=gap)


def words(reporters: frozenset[str], most: int = 3) -> str:
    """The services of a period: ``New Zealand``, or ``twelve services``."""
    names = [wording.service(name, wording.spoken) for name in sorted(reporters, key=wording.service)]
    return wording.joined(names) if len(names) <= most else f"{spell(len(names))} services"


def pretty(period: Period) -> str:
    """The label as a sentence writes it: ``December 2016`` for ``2016-12``."""
    return f"{period.start:%B %Y}" if period.months == 1 else period.label
