"""Trends, how sure: what each test allows to be said, what drove the change, season, effort; level and delays beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from postflow import captions, wording
from postflow.analysis import change_points, decomposition, intervals, seasonal, sensitivity, trend
from postflow.analysis.result import Change, Result, Table
from postflow.charts import spans as span_drawing
from postflow.charts.waterfall import waterfall
from postflow.figure import Figure
from postflow.figures import periods, told
from postflow.figures.level import delays, level
from postflow.figures.told import Basis
from postflow.numbers import count, signed
from postflow.scope import FISCAL_START_MONTH
from postflow.table import Body, Cell, Column
from postflow.table import Table as Shown
from postflow.view import Fetch, View

__all__ = ["delays", "drivers", "effort", "level", "newest_years", "season", "tests"]
NEWEST, AGO = "Newest reported year against the one before", "Last twelve finished months against a year ago"


def tests(fetch: Fetch, view: View, basis: Basis) -> Figure:
    """Each method's answer in a sentence, or why it has none."""
    series, known = basis.finished, basis.known
    wide = told.compared(fetch, basis)
    whole = wide.finished
    last = series.dropna().index[-1] if series.notna().any() else None
    answers: list[tuple[str, Result]] = []
    if last is not None:
        first = _newest_of(view, last)
        year, opens = _whole_year(last, view.basis)
        answers = [
            (NEWEST, newest_years(fetch, view, basis)),
            (AGO, trend.year_ago(whole, first, last, **wide.known)),
            (
                f"{wording.year_label(wording.year_of(pd.Timestamp(year, opens, 1), view.basis), view.basis)} against the mean of the five years before",
                trend.five_year(whole, year, start_month=opens, **wide.known),
            ),
            ("Steady trend", trend.trend(series, **known)),
            ("Steps in the level", change_points.change_points(series, **known)),
            ("Season", seasonal.seasonality(basis.in_whole_years)),
        ]
        if answers[1][1].can_say:
            answers[1] = (
                AGO,
                replace(
                    answers[1][1],
                    sentence=f"{_year_ago_words(first, last)}: {answers[1][1].sentence}",
                ),
            )
    answers.append(("Unfinished months", basis.coming))
    lines = [
        (name, told.first_up(told.polish(answer.sentence)), count(answer.n) if answer.n else "–")
        for name, answer in answers
    ]
    rows = pd.DataFrame(lines, columns=["question", "answer", "seizures"])
    rows["can_say"] = [answer.can_say for _, answer in answers]
    rows["method"] = [told.polish(answer.method) for _, answer in answers]
    able = sum(answer.can_say for _, answer in answers)
    return Figure(
        "trend_tests",
        f"{_verdict(answers)}; {able} of {len(answers)} questions can be answered",
        f"What the counts allow to be said, {told.who(basis)}; “rose” and “fell” only where the interval, the gaps and the reporters allow it",
        captions.caption(
            fetch,
            view,
            silent=f"{told.beyond(view)} {told.warnings(*(a for _, a in answers if a.can_say))}".strip(),
        ),
        rows,
        body=_answers(answers),
        alt="; ".join(f"{name}: {words}" for name, words, _ in lines),
        columns={
            "question": "What is asked",
            "answer": "The answer, or why there is none",
            "seizures": "How many seizures stand behind it",
            "method": "How it was worked out",
        },
    )


def _answers(answers: list[tuple[str, Result]]) -> Body:
    rows = tuple(
        (
            Cell(_arrow(answer)) if answer.can_say else Cell(hidden="not known"),
            Cell(name, is_bold=True),
            Cell(told.first_up(told.polish(answer.sentence))),
        )
        for name, answer in answers
    )
    return (Shown((Column("", "sign"), Column("question"), Column("answer")), rows, "answers"),)


def _arrow(answer: Result) -> str:
    direction = getattr(answer, "direction", "")
    return {"rose": "↗", "fell": "↘", "no clear change": "≈", "higher": "≠", "lower": "≠"}.get(direction, "✓")


def _verdict(answers: list[tuple[str, Result]]) -> str:
    """The headline: the year-ago comparison where it can be made, else the newest reported years."""
    by = dict(answers)
    for name in (AGO, NEWEST):
        found = by.get(name)
        if isinstance(found, Change) and found.can_say:
            return told.headline(found.sentence)
    return "No two periods can be compared"


def _newest_of(view: View, last: pd.Timestamp) -> pd.Timestamp:
    """First of the newest twelve months, or of those of them that the reader's period holds."""
    first, start = last - pd.DateOffset(months=11), view.scope.month_from
    within = start is None or first.date() >= start
    return first if within else first.replace(year=start.year, month=start.month)


def _year_ago_words(first: pd.Timestamp, last: pd.Timestamp) -> str:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 12:
        return f"Twelve months to {last:%B %Y} against the twelve before"
    return f"{wording.span(first, last)} against the same months a year before"


def newest_years(fetch: Fetch, view: View, basis: Basis) -> Change:
    """The newest reported period against the reported one before it, or why they cannot be compared."""
    pair = periods.newest_pair(periods.of(fetch, view), view)
    if pair and pair.before and basis.open and pair.last.start + pd.DateOffset(months=12) > basis.open[0]:
        why = f"{pair.last.label} holds months whose reports are still coming in, so it cannot be compared with {pair.before.label} yet."
        return Change.cannot("years compared", why)
    found = periods.verdict(pair, periods.noise(fetch, view, pair)) if pair else None
    if found is not None and pair is not None and pair.before is not None:
        return replace(found, sentence=f"{pair.last.label} against {pair.before.label}: {found.sentence}")
    if pair is None:
        return Change.cannot("years compared", "Nobody reported a year of this scope.")
    if pair.before is None:
        return Change.cannot("years compared", _only_year(pair, view))
    return Change.cannot(
        "years compared", f"{pair.last.label} and {pair.before.label} cannot be compared: {pair.why_not}."
    )


def _only_year(pair: periods.Pair, view: View) -> str:
    only = f"{pair.last.label} is the only reported year"
    return f"{only}{' of the period in view' if view.scope.month_from else ''}."


def _whole_year(last: pd.Timestamp, basis: str) -> tuple[int, int]:
    """The calendar year in which the newest whole year of the basis starts, and its first month."""
    opens = FISCAL_START_MONTH[basis]
    end = (opens - 2) % 12 + 1
    closing = last if last.month == end else last - pd.DateOffset(months=(last.month - end) % 12)
    return (closing - pd.DateOffset(months=11)).year, opens


def drivers(
    fetch: Fetch, view: View, basis: Basis, dimension: str, name: str, label: Callable[[str, str], str]
) -> Figure:
    """What drove the change between the last twelve finished months and the twelve before.

    Args:
        fetch: runs the caption's queries.
        view: what the reader looks at.
        basis: months by the dimension.
        dimension: departure, destination, drug, channel …
        name: the dimension in words.
        label: makes a reader's word of a category.
    """
    measure = f"Change by {name}, the last twelve finished months against the twelve before"
    basis = told.compared(fetch, basis)
    whole = basis.finished
    if not whole.notna().any():
        return told.cannot(fetch, view, "trend_drivers", "No change can be split", measure, "No month was reported.")
    end = whole.dropna().index[-1]
    new = (end - pd.DateOffset(months=11), end)
    old = (end - pd.DateOffset(months=23), end - pd.DateOffset(months=12))
    both = [whole.reindex(pd.date_range(*span, freq="MS")) for span in (new, old)]
    missing = sum(int(part.isna().sum()) for part in both)
    if missing:
        why = f"{missing} of the 24 months to {end:%B %Y} were not reported, so the change has no two like years to be split between."
        return told.cannot(fetch, view, "trend_drivers", "What drove the change cannot be told", measure, why)
    value = "quantity_kg" if view.measure == "kg" else "seizures"
    found = decomposition.contributions(
        basis.rows, new, old, measure=value, top=8, phi=intervals.pooled_dispersion(both)
    )
    if not found.can_say:
        return told.cannot(fetch, view, "trend_drivers", "No change can be split", measure, found)
    if len(found.rows) == 1:
        only = label(str(found.rows["category"].iloc[0]), dimension)
        return told.cannot(
            fetch,
            view,
            "trend_drivers",
            "Nothing to split the change by",
            measure,
            f"All seizures of both years are in one category: {only}.",
        )
    change = trend.year_ago(whole, *new, **basis.known)
    rows = found.rows.assign(
        category=[label(str(c), dimension) if c != decomposition.OTHER else c for c in found.rows["category"]]
    )
    ends = (f"12 months to {old[1]:%b %Y}", f"12 months to {new[1]:%b %Y}")
    is_kg = value != "seizures"
    return Figure(
        "trend_drivers",
        _driver_headline(rows, found, change, is_kg),
        f"{measure}, {'kilograms' if is_kg else 'seizures'}",
        captions.caption(fetch, view, silent=f"{told.beyond(view)} {told.warnings(found, change)}".strip()),
        rows,
        waterfall(rows, ends, is_kg),
        alt=told.polish(found.sentence),
        height=70 + 30 * (len(rows) + 2),
        columns={
            "category": name,
            "old": ends[0],
            "new": ends[1],
            "change": "Newer less older",
            "share_of_change": "Part of the net change",
            "low": "Lower end of the change",
            "high": "Upper end",
        },
    )


def _driver_headline(rows: pd.DataFrame, found: Table, change: Change, is_kg: bool) -> str:
    first = rows.iloc[0]
    unit = " kg" if is_kg else ""
    step, whole = signed(first.change) + unit, signed(found.estimate) + unit
    noise = "" if is_kg or first.low > 0 or first.high < 0 else ", which noise alone could make"
    if change.can_say and not change.is_arrow_allowed and not is_kg:
        noise = f"; in all {whole}: {change.direction}" + noise
        return f"{first.category} changed most, {step}{noise}"
    return f"{first.category} changed most: {step} of {whole}{noise}"


def season(fetch: Fetch, view: View, basis: Basis) -> Figure:
    """Month of the year against the year's level; only with three full years."""
    measure = "Each calendar month against the year’s level, 95 % interval"
    found = seasonal.seasonality(basis.in_whole_years)
    if found.rows.empty:
        return told.cannot(fetch, view, "trend_season", "A season cannot be told", measure, found, 0.5)
    rows = found.rows.rename(columns={"index": "value"})
    rows["is_clear"] = (rows.low > 1) | (rows.high < 1)
    rows["words"] = [f"×{row.value:.2f}  ({row.low:.2f}–{row.high:.2f})" for row in rows.itertuples()]
    most = float(rows.high.max())
    marks = [mark for mark in (0, 0.5, 1, 1.5, 2, 3, 4) if mark <= max(1.5, most * 1.25)]
    return Figure(
        "trend_season",
        told.headline(found.sentence) if found.can_say else "No season stands out of the noise",
        measure,
        captions.caption(
            fetch,
            view,
            silent=" ".join([told.warnings(found), "" if found.can_say else told.polish(found.sentence)]).strip(),
        ),
        rows,
        span_drawing.spans(rows, span_drawing.Axis(marks, level=1)),
        height=370,
        span=0.5,
        alt="; ".join(f"{row.name}: {row.words}" for row in rows.itertuples(index=False)),
        columns={"name": "Calendar month", "value": "Times the year’s level", "low": "Lower end", "high": "Upper end"},
    )


def effort(fetch: Fetch, view: View, basis: Basis) -> Figure:
    """The change under stated scenarios of detection effort: relative, not volume."""
    measure = "Relative, not volume: the last twelve finished months over the first twelve, if detection effort had changed as stated"
    found = sensitivity.sensitivity(basis.finished, events=basis.events, reporters=basis.reporters)
    if not found.can_say:
        return told.cannot(fetch, view, "trend_sensitivity", "Scenarios of effort cannot be drawn", measure, found, 0.5)
    rows = found.rows.rename(columns={"ratio": "value"}).assign(
        name=lambda part: [told.first_up(words) for words in part["label"]]
    )
    rows["is_clear"] = (rows.low > 1) | (rows.high < 1)
    rows["words"] = [f"×{row.value:.2f}  ({row.low:.2f}–{row.high:.2f})" for row in rows.itertuples()]
    marks = [0.1, 0.2, 0.5, 1, 2, 5, 10]
    marks = [m for m in marks if m <= rows.high.max() * 2.6 and m >= rows.low.min() / 2.6]
    return Figure(
        "trend_sensitivity",
        told.headline(found.sentence.replace("Relative, not volume. ", "")),
        measure,
        captions.caption(fetch, view, silent=told.warnings(found)),
        rows[["name", "effort", "value", "low", "high", "words", "is_clear"]],
        span_drawing.spans(rows, span_drawing.Axis(marks, is_log=True, level=1)),
        height=190,
        span=0.5,
        alt="; ".join(f"{row.name}: {row.words}" for row in rows[["name", "words"]].itertuples(index=False)),
        columns={
            "name": "Scenario",
            "effort": "Effort at the end, times that at the start",
            "value": "Newest over first twelve months",
            "low": "Lower end",
            "high": "Upper end",
        },
    )
