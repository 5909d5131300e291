"""Displacement: did it move next door after an event? Neighbours before and after, and what effort changed where."""

from __future__ import annotations

import math

import pandas as pd

from postflow import captions, wording
from postflow.analysis import displacement as method
from postflow.analysis.displacement import Displacement
from postflow.analysis.series import by_category
from postflow.charts import lines as line_drawing
from postflow.charts import spans as span_drawing
from postflow.charts.lines import Line, Look
from postflow.drawing import Drawing
from postflow.figure import Figure
from postflow.figures import events, tables, told
from postflow.figures.told import Basis
from postflow.numbers import count, share
from postflow.view import Fetch, View

NEIGHBOURS = {
    "NL": ("BE", "DE", "FR"),
    "BE": ("NL", "FR", "DE", "LU"),
    "DE": ("NL", "BE", "FR", "AT"),
    "FR": ("BE", "DE", "LU", "ES"),
    "LU": ("BE", "DE", "FR"),
    "GB": ("IE", "FR", "NL", "BE"),
}
"""Where traffic of a sending country could be posted next: land borders, and the Channel."""
MEASURE = "Seizures a month by stated departure, twelve months before and after"


def choices(view: View, basis: Basis) -> dict[str, str]:
    """The events of sending countries that the months in view can speak of: id → words, the newest first."""
    table = events.listed(view)
    near = table[table["reporter_country_code"].isin(list(NEIGHBOURS)) & ~table["kind"].isin(["break", "revision"])]
    near = near.drop_duplicates("event_id")
    months = basis.monthly.dropna().index
    inside = (
        (near["date_from"] > months[0]) & (near["date_from"] <= months[-1]) if len(months) else near["date_from"].isna()
    )
    ordered = pd.concat([near[inside].iloc[::-1], near[~inside].iloc[::-1]])
    rank = ordered["kind"].map({"team start": 0, "operation": 1}).fillna(2)
    ordered = ordered.assign(rank=rank, outside=~ordered.index.isin(near[inside].index)).sort_values(
        ["outside", "rank"], kind="stable"
    )
    return {row.event_id: f"{row.date_from:%B %Y}: {row.title}" for row in ordered.itertuples()}


def _event(view: View, event_id: str) -> pd.Series:
    table = events.listed(view)
    mine = table[(table["event_id"] == event_id) & table["reporter_country_code"].isin(list(NEIGHBOURS))]
    return mine.iloc[0]


def found(view: View, basis: Basis, event_id: str) -> Displacement:
    """The method's answer for an event; months whose reports still come in are left out.

    Args:
        view: whose events.
        basis: months by departure.
        event_id: one of :func:`choices`.
    """
    event = _event(view, event_id)
    target = str(event["reporter_country_code"])
    wide = by_category(basis.rows, basis.reporting).drop(columns="ZZ", errors="ignore")
    if basis.open:
        wide = wide[wide.index < basis.open[0]]
    return method.displacement(
        wide, event["date_from"], target, NEIGHBOURS[target], events=basis.events, reporting=basis.reporting
    )


def indexed(fetch: Fetch, view: View, answer: Displacement, event_id: str) -> Figure:
    """Target and neighbours, 100 = the months before the event."""
    event = _event(view, event_id)
    measure = "Three-month mean of seizures by departure, 100 = the mean of the months before the event"
    if answer.indexed is None or answer.rows.empty:
        return told.cannot(fetch, view, "displacement_indexed", "Before and after cannot be compared", measure, answer)
    target = str(answer.rows.loc[answer.rows["role"] == "target", "country"].iloc[0])
    shown = [code for code in answer.rows["country"] if code in answer.indexed and answer.indexed[code].notna().any()]
    smooth = answer.indexed[shown].rolling(3, center=True, min_periods=2).mean()
    tints = {
        code: tint
        for code, tint in zip([c for c in shown if c != target], ("transit", "import", "ink3", "void"), strict=False)
    }
    items = [
        Line(wording.country(code), smooth[code], tints.get(code, "ink"), width=3 if code == target else 1.8)
        for code in shown
    ]
    head = _headline(answer)
    return Figure(
        "displacement_indexed",
        head,
        measure,
        captions.caption(
            fetch, view, silent=f"{told.warnings(answer)} Months whose reports still come in are left out."
        ),
        answer.indexed[shown].reset_index(),
        _indexed(items, event["date_from"]),
        alt=_alt(answer),
        events=[(1, f"**{event['date_from']:%B %Y}.** {event['title']}. {event['source']}.")],
        columns={
            "month": "Month found",
            **{code: f"{wording.country(code)}: seizures, 100 = the months before" for code in shown},
        },
        height=340,
    )


def _indexed(items: list[Line], when: pd.Timestamp) -> Drawing:
    look = Look("Index, 100 = before", level=100, level_words="as before", flags=((1, when),))
    return line_drawing.lines(items, look)


def _headline(answer: Displacement) -> str:
    if answer.can_say:
        return told.headline(answer.sentence)
    return told.headline(f"No quotient: {answer.sentence}")


def _alt(answer: Displacement) -> str:
    return "; ".join(
        f"{_who(row.country)}: {count(row.before)} before, {count(row.after)} after" for row in answer.rows.itertuples()
    )


def _who(code: str) -> str:
    return "All others" if code == "rest" else wording.country(code)


def ratios(fetch: Fetch, view: View, answer: Displacement) -> Figure:
    """After over before by country, with intervals, and the shares before and after."""
    measure = f"{MEASURE}: after over before with 95 % interval; share of all departures before → after"
    if answer.rows.empty:
        return told.cannot(fetch, view, "displacement_ratios", "No ratio can be given", measure, answer, 0.5)
    rows = answer.rows.rename(columns={"ratio": "value"}).copy()
    rows["name"] = [_who(code) for code in rows["country"]]
    rows["value"] = [value if math.isfinite(value) else float("nan") for value in rows["value"]]
    rows["is_clear"] = [word in ("rose", "fell", "higher", "lower") for word in rows["direction"]]
    rows["words"] = [
        f"{count(r.before)} → {count(r.after)} · share {share(r.share_before, 1)} → {share(r.share_after, 1)}"
        for r in rows.itertuples()
    ]
    moved = [
        f"{row.name_} {row.direction} (×{row.value:.2f})"
        for row in rows.rename(columns={"name": "name_"}).itertuples()
        if row.role != "rest" and row.direction in ("rose", "fell", "higher", "lower")
    ]
    axis = span_drawing.Axis(
        [0.25, 0.5, 1, 2, 4],
        ["¼", "½", "1", "2", "4"],
        is_log=True,
        level=1,
        left_words="fewer than before",
        right_words="more",
    )
    return Figure(
        "displacement_ratios",
        told.first_up("; ".join(moved)) if moved else "No country clearly rose or fell",
        measure,
        captions.caption(fetch, view, silent=told.warnings(answer)),
        answer.rows,
        span_drawing.spans(rows, axis),
        alt=_alt(answer),
        height=100 + 34 * len(rows),
        span=0.55,
        columns={
            "country": "Stated departure",
            "role": "Target, neighbour or the rest",
            "before": "Seizures before",
            "after": "Seizures after",
            "ratio": "After over before, per month",
            "share_before": "Part of all departures before",
            "share_after": "Part after",
        },
    )


def effort(fetch: Fetch, view: View, answer: Displacement) -> Figure:
    """What is known of effort in the target and each neighbour: counts follow effort as well as traffic."""
    lines = [told.polish(words).split(": ", 1) for words in answer.effort]
    changed = [place for place, words in lines if "no change of effort" not in words]
    head = (
        f"Effort is known to have changed in {wording.joined(changed)}; counts follow it"
        if changed
        else "No change of effort is recorded in any of them, which does not mean there was none"
    )
    rows = pd.DataFrame(lines, columns=["country", "effort"])
    return Figure(
        "displacement_effort",
        head,
        "Recorded changes of effort within a year of the event, in the target and in each neighbour",
        captions.caption(
            fetch,
            view,
            silent="More checks find more, fewer find less: a rise next door can be a neighbour who started to look.",
        ),
        rows,
        body=tables.plain(("country", "known changes of effort"), [(told.first_up(a), b) for a, b in lines]),
        alt="; ".join(f"{a}: {b}" for a, b in lines),
        span=0.45,
        columns={"country": "Country", "effort": "What the event table holds"},
    )
