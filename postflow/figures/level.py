"""Trends, month by month: the level with its steps, the months still to come in, and how late reports come."""

from __future__ import annotations

import pandas as pd

from postflow import captions, wording
from postflow.analysis import change_points, intervals
from postflow.analysis.breaks import cuts
from postflow.analysis.nowcasts import SummedNowcast
from postflow.analysis.result import Table
from postflow.charts import lines as line_drawing
from postflow.charts import spans as span_drawing
from postflow.charts.lines import Line, Look, Span
from postflow.figure import Figure
from postflow.figures import events, tables, told
from postflow.figures.told import Basis
from postflow.numbers import count
from postflow.view import Fetch, View

UNDATED = "No row says when it was reported, so the newest months cannot be told from finished ones; read them as a lower bound."


def level(fetch: Fetch, view: View, basis: Basis) -> Figure:
    """The monthly total with its interval and its steps; gaps and breaks cut it, unfinished months stand apart."""
    measure = (
        f"Seizures a month, all {told.who(basis)}, with the 95 % interval of each count and the level between steps"
    )
    series = basis.monthly
    if not series.notna().any():
        return told.cannot(
            fetch,
            view,
            "trend_level",
            "Nobody reported a month of this scope",
            measure,
            "No month was reported, so there is no level.",
        )
    found = change_points.change_points(basis.finished, **basis.known)
    coming = basis.coming
    flags = events.touching(view, basis.countries, series.index[0], series.index[-1])
    silent = ["The band is counting noise only, not reporting bias.", *_open_words(basis, coming), told.warnings(found)]
    rows = _level_rows(series, basis, found, coming)
    return Figure(
        "trend_level",
        _level_headline(found, basis),
        measure,
        captions.caption(fetch, view, silent=" ".join(filter(None, silent))),
        rows,
        line_drawing.lines(*_level_drawing(rows, basis, found, coming, flags)),
        alt=f"{told.headline(found.sentence)}. {_course(series)}",
        events=events.notes(flags),
        height=340,
        columns={
            "month": "Month found",
            "seizures": "Number of seizures; empty = not reported",
            "low": "Lower end of the 95 % interval",
            "high": "Upper end",
            "level": "Mean between steps",
            "nowcast": "What the month will probably come to",
            "nowcast_low": "Lower end",
            "nowcast_high": "Upper end",
        },
    )


def _level_headline(found: Table, basis: Basis) -> str:
    if not found.can_say:
        return "No step can be told: " + told.polish(found.sentence[:1].lower() + found.sentence[1:]).rstrip(".")
    if found.rows.empty:
        return f"No step stands out of the noise in {count(len(basis.finished.dropna()))} reported months"
    last = found.rows.iloc[-1]
    clear = last.ratio_low > 1 or last.ratio_high < 1
    verb = "differs" if not clear or last.reporters else "rose" if last.ratio > 1 else "fell"
    more = "" if len(found.rows) == 1 else f"; {len(found.rows)} steps in all"
    change = "" if verb == "differs" else f" to {last.ratio:.2f} times"
    note = ", while reporters came or went" if last.reporters else ""
    return (
        f"The level {verb}{change} about {last.month:%B %Y}: {last.before:.0f} → {last.after:.0f} a month{note}{more}"
    )


def _open_words(basis: Basis, coming: SummedNowcast) -> list[str]:
    if basis.open:
        words = f"Shaded: {len(basis.open)} months inside the usual delay of reports, left out of every fit."
        return [words, told.polish(coming.sentence) if coming.can_say else ""]
    return ["Months are not marked as unfinished: " + told.polish(coming.sentence)] if not coming.can_say else []


def _level_rows(series: pd.Series, basis: Basis, found: Table, coming: SummedNowcast) -> pd.DataFrame:
    band = intervals.band(series)
    rows = pd.DataFrame(
        {
            "month": series.index,
            "seizures": series.to_numpy(),
            "low": band["low"].to_numpy(),
            "high": band["high"].to_numpy(),
        }
    )
    rows["level"] = change_points.levels(basis.finished, found).reindex(series.index).to_numpy()
    table = (
        coming.rows.set_index("seized_month")
        if coming.can_say and len(coming.rows)
        else pd.DataFrame(columns=["estimate", "low", "high"])
    )
    for column, name in (("estimate", "nowcast"), ("low", "nowcast_low"), ("high", "nowcast_high")):
        values = pd.to_numeric(table[column].reindex(series.index), errors="coerce")
        rows[name] = values.where(series.index.isin(basis.open)).to_numpy()
    return rows


def _level_drawing(
    rows: pd.DataFrame, basis: Basis, found: Table, coming: SummedNowcast, flags: pd.DataFrame
) -> tuple[list[Line], Look]:
    wide = rows.set_index("month")
    shut = ~wide.index.isin(basis.open)
    items = [
        Line(
            "seizures",
            wide["seizures"].where(shut),
            "transit",
            wide["low"].where(shut),
            wide["high"].where(shut),
            width=1.5,
            is_named=False,
        )
    ]
    if basis.open:
        joined = wide.index >= basis.open[0] - pd.DateOffset(months=1)
        items.append(
            Line(
                "reported so far",
                wide["seizures"].where(joined),
                "transit",
                dash="dot",
                width=1.5,
                is_named=not wide["nowcast"].notna().any(),
            )
        )
    if wide["nowcast"].notna().any():
        items.append(
            Line("nowcast", wide["nowcast"], "ink", wide["nowcast_low"], wide["nowcast_high"], dash="dash", width=1.6)
        )
    if found.can_say:
        items.append(Line("level", wide["level"], "ink", is_step=True, width=2.6, is_named=not basis.open))
    about = (
        [Span(row.month_low, row.month_high, "about", "about here") for row in found.rows.itertuples()]
        if found.can_say
        else []
    )
    spans = [*about, *([Span(basis.open[0], basis.open[-1], "open", "late reports")] if basis.open else [])]
    numbered = tuple((int(row.number), row.date_from) for row in flags.itertuples())
    breaks = tuple(cut.resumes for cut in cuts(basis.events, basis.reporters))
    return items, Look("Seizures a month", spans=tuple(spans), flags=numbered, cuts=breaks)


def _course(series: pd.Series) -> str:
    by = series.groupby(series.index.year).sum(min_count=1)
    return "; ".join(f"{year}: {'not reported' if pd.isna(n) else count(n)}" for year, n in by.items())


def delays(fetch: Fetch, view: View, basis: Basis) -> Figure:
    """How long the reports of each service usually take."""
    measure = "Months until 95 % of a month’s seizures are reported, by reporting service, 95 % interval"
    able = {code: usual for code, usual in basis.usual.items() if usual.can_say}
    without = [wording.service(code) for code, usual in basis.usual.items() if not usual.can_say]
    if not able:
        reason = next(iter(basis.usual.values())).sentence if basis.usual else UNDATED
        return told.cannot(fetch, view, "trend_delays", "How late reports come is not known", measure, reason, 0.5)
    rows = pd.DataFrame(
        [
            {
                "name": wording.service(code),
                "value": u.estimate,
                "low": u.low,
                "high": u.high,
                "seizures": u.n,
                "words": f"{u.estimate:.0f}  ({u.low:.0f}–{u.high:.0f})",
            }
            for code, u in able.items()
        ]
    )
    rows = rows.sort_values("value", ascending=False, ignore_index=True)
    top = rows.iloc[0]
    marks = list(range(0, int(rows.high.max()) + 3, 2))
    past = told.polish(basis.hindsight.sentence)
    silent = told.warnings(*able.values(), *([basis.hindsight] if basis.hindsight.can_say else []))
    if without:
        silent += f" No delay is known of {wording.joined(without)}: their newest months stand as they are."
    return Figure(
        "trend_delays",
        f"Reports come latest from {top['name']}: {top.value:.0f} months until 95 % are in",
        measure,
        captions.caption(fetch, view, silent=silent.strip()),
        rows,
        span_drawing.spans(rows, span_drawing.Axis(marks)),
        height=60 + 28 * len(rows),
        span=0.5,
        body=tables.bullets([past]),
        alt="; ".join(f"{row['name']}: {row.words} months" for _, row in rows.iterrows()) + f". {past}",
        columns={
            "name": "Reporting service",
            "value": "Months",
            "low": "Lower end",
            "high": "Upper end",
            "seizures": "Seizures with both dates",
        },
    )
