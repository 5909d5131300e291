"""Displacement: did it move next door after an event? Weighted quotient of Bowers and Johnson (2003).

With A the target, B its neighbours and C the rest, after minus before: WDQ = (B/C) / (A/C). It can be read only where
the target fell against the rest: below 0 displacement (below -1 more than was gained), above 0 the neighbours fell as
well. Its interval is Fieller's, on the dispersion-scaled counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from postflow.analysis.breaks import comparable
from postflow.analysis.dates import Day, day, spell_month
from postflow.analysis.intervals import alpha_for, change, pooled_dispersion
from postflow.analysis.like_for_like import differing
from postflow.analysis.result import Table, number

METHOD = "weighted displacement quotient (Bowers and Johnson 2003), Fieller interval"
MIN_MONTHS = 6
MIN_SEIZURES = 10
"""In each of target, neighbours and rest, before the event."""
EFFORT_KINDS = ("operation", "team", "law", "break", "team start")


@dataclass(frozen=True, kw_only=True)
class Displacement(Table):
    """``estimate`` is the quotient; rows has the countries, with or without a quotient."""

    effort: tuple[str, ...] = ()
    """What is known of effort in the target and each neighbour: always shown."""
    indexed: pd.DataFrame | None = None
    """Month × country, 100 = the months before the event."""


def displacement(
    wide: pd.DataFrame,
    event: Day,
    target: str,
    neighbours: Sequence[str],
    *,
    months: int = 12,
    events: pd.DataFrame | None = None,
    reporting: pd.DataFrame | None = None,
) -> Displacement:
    """Before and after an event in a target country, its neighbours and the rest.

    Args:
        wide: month × country of departure, counts, NaN in months that nobody reported (``series.by_category``).
        event: its date; the month of it belongs to neither side unless it is the first of the month.
        target: code of the country with the event; neighbours: where the traffic may have gone.
        months: looked at on each side.
        events: the event table, for effort and breaks.
        reporting: ``charts/reporters_by_period``, to tell where other reporters stand behind the two sides.

    Returns:
        rows — country, role (target, neighbour, rest), before, after, ratio, low, high, direction, share_before,
        share_after.
    """
    effort = effort_words(events, event, [target, *neighbours], months)
    sides = _sides(wide, event, months) if not wide.empty else (wide, wide)
    problem = _problem(wide, sides, target, neighbours, event)
    if problem:
        return Displacement(method=METHOD, can_say=False, sentence=problem, effort=effort)
    before, after = sides
    verdict = comparable(
        (before.index[0], before.index[-1]), (after.index[0], after.index[-1]), events, [target, *neighbours]
    )
    if not verdict.can_say:
        return Displacement(method=METHOD, can_say=False, sentence=verdict.sentence, effort=effort)
    rows = _countries(before, after, target, list(neighbours))
    quotient = _quotient(before, after, target, list(neighbours))
    spans = (after.index[0], after.index[-1]), (before.index[0], before.index[-1])
    differ = "" if reporting is None else differing(reporting, *spans)
    dropped = 2 * months - len(before) - len(after)
    notes = (f"{dropped} months of the {2 * months} are missing or not reported.",) if dropped > 0 else ()
    return Displacement(
        **quotient,
        method=METHOD,
        n=int(before.sum().sum() + after.sum().sum()),
        unit="quotient",
        rows=rows,
        effort=effort,
        indexed=_indexed(wide, before, after),
        warnings=(
            *((differ,) if differ else ()),
            *notes,
            "The counts follow effort as well as traffic; see the effort in each place.",
        ),
    )


def _sides(wide: pd.DataFrame, event: Day, months: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    at = day(event)
    month = at.to_period("M").to_timestamp()
    start = month if at.day == 1 else month + pd.offsets.MonthBegin(1)
    known = wide[wide.notna().all(axis=1)] if len(wide.columns) else wide
    before = known[(known.index < month) & (known.index >= month - pd.DateOffset(months=months))]
    return before, known[(known.index >= start) & (known.index < start + pd.DateOffset(months=months))]


def _problem(
    wide: pd.DataFrame, sides: tuple[pd.DataFrame, pd.DataFrame], target: str, neighbours: Sequence[str], event: Day
) -> str:
    if pd.isna(day(event)):
        return "The event has no date, so there is no before and after."
    when = spell_month(event)
    if wide.empty or target not in wide:
        return f"No seizures with departure {target} here, so nothing can be compared around {when}."
    if day(event) < wide.index[0] or day(event) > wide.index[-1] + pd.offsets.MonthEnd(0):
        return (
            f"The event ({when}) lies outside the months of the data, {spell_month(wide.index[0])} to "
            f"{spell_month(wide.index[-1])}."
        )
    if min(len(side) for side in sides) < MIN_MONTHS:
        return (
            f"Only {len(sides[0])} reported months before and {len(sides[1])} after {when}; both sides need "
            f"{MIN_MONTHS}."
        )
    near = [code for code in neighbours if code in wide and code != target]
    if not near:
        return "None of the neighbours has a seizure here."
    rest = [code for code in wide if code not in (target, *near)]
    small = [
        name
        for name, codes in (("the target", [target]), ("the neighbours", near), ("the rest", rest))
        if sides[0][codes].sum().sum() < MIN_SEIZURES
    ]
    return f"Fewer than {MIN_SEIZURES} seizures before {when} in {' and '.join(small)}." if small else ""


def _countries(before: pd.DataFrame, after: pd.DataFrame, target: str, neighbours: list[str]) -> pd.DataFrame:
    totals = before.sum().sum(), after.sum().sum()
    rows = []
    for code in [target, *[near for near in neighbours if near in before and near != target], "rest"]:
        role = "target" if code == target else "neighbour" if code != "rest" else "rest"
        columns = [code] if role != "rest" else [name for name in before if name not in (target, *neighbours)]
        old, new = before[columns].sum(axis=1), after[columns].sum(axis=1)
        phi, alpha = pooled_dispersion([old, new]), alpha_for(len(old) + len(new))
        step = change(new.sum(), old.sum(), new_months=len(new), old_months=len(old), phi=phi, alpha=alpha)
        rows.append(
            {
                "country": code,
                "role": role,
                "before": int(old.sum()),
                "after": int(new.sum()),
                "ratio": step.estimate,
                "low": step.low,
                "high": step.high,
                "direction": step.direction,
                "share_before": old.sum() / totals[0],
                "share_after": new.sum() / totals[1] if totals[1] else np.nan,
            }
        )
    return pd.DataFrame(rows)


def _quotient(before: pd.DataFrame, after: pd.DataFrame, target: str, neighbours: list[str]) -> dict[str, Any]:
    near = [code for code in neighbours if code in before and code != target]
    rest = [code for code in before if code not in (target, *near)]
    at = [before.columns.get_indexer(codes) for codes in ([target], near, rest)]
    sides = [[side.to_numpy()[:, columns].sum(axis=1) for columns in at] for side in (before, after)]
    counts = np.array([[months.sum() for months in side] for side in sides])
    phi = np.array([pooled_dispersion([pd.Series(old), pd.Series(new)]) for old, new in zip(*sides, strict=True)])
    if counts[1, 2] == 0:
        return {
            "can_say": False,
            "sentence": "The rest of the countries fell to nothing, so there is nothing to measure against.",
        }
    z = float(stats.norm.isf(alpha_for(len(before) + len(after)) / 2))
    limits = fieller(counts, phi, z)
    if limits is None:
        return {
            "can_say": False,
            "sentence": (
                f"Whether {target} fell against the rest cannot be told from noise, so no displacement is measured: "
                "it is neither seen nor ruled out."
            ),
        }
    estimate, low, high = limits
    words = _reading(low, high)
    return {
        "estimate": estimate,
        "low": low,
        "high": high,
        "can_say": True,
        "sentence": f"Displacement quotient {number(estimate)} ({number(low)} to {number(high)}): {words}.",
    }


def fieller(counts: np.ndarray, phi: np.ndarray, z: float) -> tuple[float, float, float] | None:
    """The quotient and its Fieller interval; None where the target did not fall against the rest beyond noise.

    Args:
        counts: before, after × target, neighbours, rest. phi: dispersion of the three. z: normal quantile.
    """
    a, b, c = counts[:, 0], counts[:, 1], counts[:, 2]
    gain, shift = a[1] / c[1] - a[0] / c[0], b[1] / c[1] - b[0] / c[0]
    # Half a seizure keeps an empty cell from passing for a sure one.
    var_gain = float(((phi[0] * np.maximum(a, 0.5) + phi[2] * a**2 / c) / c**2).sum())
    var_shift = float(((phi[1] * np.maximum(b, 0.5) + phi[2] * b**2 / c) / c**2).sum())
    both = float((phi[2] * a * b / c**3).sum())
    if gain >= 0 or gain**2 <= z**2 * var_gain:
        return None
    square, middle, last = gain**2 - z**2 * var_gain, gain * shift - z**2 * both, shift**2 - z**2 * var_shift
    root = np.sqrt(max(0.0, middle**2 - square * last))
    return float(shift / gain), float((middle - root) / square), float((middle + root) / square)


def _reading(low: float, high: float) -> str:
    if high < -1:
        return "the neighbours gained more than the target lost"
    if high < 0:
        return "part of what the target lost turned up next door"
    if low > 0:
        return "the neighbours fell as well"
    return "no displacement and no wider benefit can be told from noise"


def _indexed(wide: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    base = before.mean()
    span = wide.loc[before.index[0] : after.index[-1]]
    return span / base.where(base > 0) * 100


def effort_words(events: pd.DataFrame | None, event: Day, countries: Sequence[str], months: int) -> tuple[str, ...]:
    """For each country, the recorded changes of effort within the window, or that none is recorded."""
    at = day(event)
    words = []
    for code in countries:
        known: list[str] = []
        if events is not None and not events.empty:
            when = pd.to_datetime(events["date_from"], errors="coerce")
            near = (when >= at - pd.DateOffset(months=months)) & (when <= at + pd.DateOffset(months=months))
            own = (events["reporter_country_code"] == code) & events["kind"].isin(EFFORT_KINDS)
            known = [f"{row.title} ({spell_month(row.date_from)})" for row in events[near & own].itertuples()]
        words.append(
            f"{code}: {'; '.join(known) or 'no change of effort is recorded, which does not mean there was none'}."
        )
    return tuple(words)
