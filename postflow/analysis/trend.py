"""Trend: a test that allows for months that depend on one another; the same period a year ago; the five-year index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from postflow.analysis.breaks import segments
from postflow.analysis.dates import Day, day, spell_month
from postflow.analysis.dependence import Answer, against_zero, fit, roots
from postflow.analysis.intervals import change, change_between
from postflow.analysis.like_for_like import differing
from postflow.analysis.result import NAN, Change, Result, number
from postflow.analysis.seasonal import without_season
from postflow.analysis.series import dispersion, window

METHOD = "regression on square roots, season taken out, averaged over how much months depend on one another"
FIVE = "year over the mean of the five before"
MIN_MONTHS = 36
"""Under three years neither a season nor months that depend on one another can be told from a trend."""
MIN_SEIZURES = 30


@dataclass(frozen=True, kw_only=True)
class Trend(Result):
    """``estimate`` is the mean slope in seizures a month per year, over ``first`` to ``last``."""

    direction: str = "not known"
    """``rose``, ``fell``, ``higher``, ``lower``, ``no clear change`` or ``not known``, as in :class:`Change`."""
    p: float = NAN
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None


def trend(
    series: pd.Series,
    events: pd.DataFrame | None = None,
    reporters: Iterable[str] | None = None,
    reporting: pd.DataFrame | None = None,
) -> Trend:
    """Did the monthly count rise or fall steadily?

    The newest stretch without gap or break is tested, never a line through missing months. Where the months clearly
    depend on one another and the line does not stand out of what that makes, the answer is declined: a level that
    wanders and comes back draws a line in up to one stretch of five.

    Args:
        series: month → count, NaN where not reported; leave unfinished months out.
        events: breaks; reporters: whose breaks count.
        reporting: ``charts/reporters_by_period``; where other reporters stand behind the last year than behind the
            first, the direction is ``higher`` or ``lower``.
    """
    stretches = segments(series, events, reporters)
    if not stretches:
        return Trend.cannot(METHOD, "No month was reported, so there is no trend to test.")
    part = stretches[-1]
    months, total = len(part), float(part.sum())
    if months < MIN_MONTHS:
        cut = "since the last gap or break" if len(stretches) > 1 else "in all"
        return Trend.cannot(METHOD, f"Only {months} months {cut}; a trend test needs {MIN_MONTHS}.", n=int(total))
    if total < MIN_SEIZURES:
        return Trend.cannot(METHOD, f"Only {total:,.0f} seizures; a trend test needs {MIN_SEIZURES}.", n=int(total))
    if np.ptp(part) == 0:
        return Trend.cannot(METHOD, "Every month has the same count, so there is no trend to test.", n=int(total))
    ends = (part.index[-12], part.index[-1]), (part.index[0], part.index[11])
    return _tested(part, len(stretches), "" if reporting is None else differing(reporting, *ends))


@dataclass(frozen=True)
class Lines:
    """A straight line through each series: slope (a month more each month), its interval, and what the test says."""

    slope: np.ndarray
    low: np.ndarray
    high: np.ndarray
    answer: Answer


def lines(counts: np.ndarray) -> Lines:
    """The trend test of many series at once.

    Args:
        counts: series × month, without gaps.
    """
    values = without_season(roots(counts))
    months = values.shape[1]
    fits = fit(values, np.column_stack([np.ones(months), np.arange(months) - (months - 1) / 2]))
    # A straight line of roots is a curve of counts; this is its mean slope from the first month to the last.
    scale = values.mean(axis=1) / 2
    middle, reach = fits.estimate(SLOPE) * scale, fits.reach(SLOPE) * scale
    return Lines(middle, middle - reach, middle + reach, against_zero(fits, SLOPE))


SLOPE = np.array([0.0, 1.0])


def _tested(part: pd.Series, stretches: int, differ: str) -> Trend:
    line = lines(part.to_numpy(dtype=float)[None])
    answer, n = line.answer, int(part.sum())
    span = f"{spell_month(part.index[0])} to {spell_month(part.index[-1])}"
    p = float(answer.p[0])
    if answer.is_declined[0]:
        why = (
            f"{span}: the months depend on one another, so that a level which wanders could draw this line as well as "
            f"a steady rise or fall (p = {p:.3f}, and 0.01 is asked for)."
        )
        return Trend.cannot(METHOD, why, n=n)
    slope, low, high = (float(value[0]) * 12 for value in (line.slope, line.low, line.high))
    up, down = ("higher", "lower") if differ else ("rose", "fell")
    direction = (up if answer.sign[0] > 0 else down) if answer.is_clear[0] else "no clear change"
    notes = [differ] if differ else []
    notes += ["A steady trend is tested; a step or a rise and fall can hide."]
    if stretches > 1:
        notes.append(f"Only {span}: gaps and breaks are not bridged.")
    words = f"{_slope_words(direction, slope)} ({number(low)} to {number(high)}), p = {p:.3f}"
    return Trend(
        method=METHOD,
        estimate=slope,
        low=low,
        high=high,
        n=n,
        unit="seizures a month per year",
        warnings=tuple(notes),
        direction=direction,
        p=p,
        first=part.index[0],
        last=part.index[-1],
        sentence=f"{span}: {words}.",
    )


def _slope_words(direction: str, slope: float) -> str:
    """``fell by 54.9 seizures a month each year``; a slope that would print as zero is no amount."""
    if direction == "no clear change":
        return f"{direction}, a slope of {number(slope)} seizures a month each year"
    if float(number(abs(slope)).replace(",", "")) == 0:
        return f"{direction}, by too little a month to be told as a slope"
    return f"{direction} by {number(abs(slope))} seizures a month each year"


def year_ago(
    series: pd.Series,
    first: Day,
    last: Day,
    events: pd.DataFrame | None = None,
    reporters: Iterable[str] | None = None,
    reporting: pd.DataFrame | None = None,
) -> Change:
    """The span against the same months a year before; months missing on either side are left out of both.

    Args:
        series: month → count; first, last: first and last month of the newer span, at most twelve months.
        events: breaks; reporters: whose breaks count; reporting: as in :func:`trend`.
    """
    start, end = day(first), day(last)
    back = pd.DateOffset(years=1)
    ahead, behind = window(series, start, end), window(series, start - back, end - back)
    both = ahead.notna().to_numpy() & behind.notna().to_numpy()
    if not both.any():
        return Change.cannot("same months a year ago", "The same months a year ago, or these, were not reported.")
    lone = np.concatenate([ahead.index[~both], behind.index[~both]])
    matched = series.copy()
    matched[matched.index.isin(lone)] = np.nan
    spans = (start, end), (start - back, end - back)
    result = change_between(matched, *spans, events=events, reporters=reporters, reporting=reporting)
    if not result.can_say or both.all():
        return result
    note = f"{both.sum()} of {len(both)} months are in both years; the others are left out of both."
    return replace(result, warnings=(note, *result.warnings))


def five_year(
    series: pd.Series,
    year: int,
    *,
    start_month: int = 1,
    events: pd.DataFrame | None = None,
    reporters: Iterable[str] | None = None,
    reporting: pd.DataFrame | None = None,
) -> Change:
    """The year over the mean of the five before it, an index that US border statistics use.

    Args:
        series: month → count, NaN where not reported. All six years must be whole.
        year: the calendar year in which the newest year starts; start_month: 10 for the US fiscal year, 7, 4 …
        events: breaks; reporters: whose breaks count; reporting: as in :func:`trend`.
    """
    first = {at: day(f"{at}-{start_month:02d}-01") for at in range(year - 5, year + 1)}
    parts = {at: window(series, start, start + pd.DateOffset(months=11)) for at, start in first.items()}
    missing = [str(at) for at, part in parts.items() if part.isna().any()]
    if missing:
        return Change.cannot(
            FIVE, f"Not all of the six years is reported ({', '.join(missing)}), so there is no five-year index."
        )
    cut = segments(pd.concat(parts.values()), events, reporters)
    if len(cut) > 1:
        why = "A series break lies within the six years, so there is no five-year index."
        return replace(Change.cannot(FIVE, why), direction="not comparable")
    past = np.array([parts[at].sum() for at in range(year - 5, year)])
    yearly = float(past.var(ddof=1) / past.mean()) if past.sum() else 1.0
    phi = max(dispersion(pd.concat(parts.values())), yearly)
    alpha = float(2 * stats.norm.sf(stats.t.isf(0.025, 4)))
    spans = [(parts[at].index[0], parts[to].index[-1]) for at, to in ((year, year), (year - 5, year - 1))]
    result = change(
        float(parts[year].sum()),
        float(past.sum()),
        new_months=12,
        old_months=60,
        phi=phi,
        alpha=alpha,
        reporters_differ="" if reporting is None else differing(reporting, *spans),
    )
    if not result.can_say:
        return result
    mean = float(past.mean())
    return replace(
        result,
        method=f"{FIVE}; {result.method}",
        warnings=("The interval holds the scatter of the five years themselves.", *result.warnings),
        old=mean,
        sentence=_five_words(result, mean),
    )


def _five_words(result: Change, mean: float) -> str:
    """The year and the mean of the five before, both per year: their sum is no year's number."""
    if not mean:
        return f"{result.new:,.0f} against none in the five years before."
    times = f"{number(result.estimate)} times ({number(result.low)} to {number(result.high)})"
    usual = f"{mean:,.0f}" if mean >= 100 else f"{mean:,.1f}".removesuffix(".0")
    return f"{result.new:,.0f} against a mean of {usual} a year, {times}: {result.direction}."
