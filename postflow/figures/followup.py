"""Follow-up: what happened after the seizure, by year of seizure; counts only, and protected ones."""

from __future__ import annotations

import pandas as pd

from postflow import captions, disclosure
from postflow.analysis import followup as method
from postflow.charts import compare
from postflow.charts import spans as span_drawing
from postflow.figure import Figure
from postflow.figures import tables, told
from postflow.numbers import count, share
from postflow.table import Body
from postflow.view import Fetch, View

STEPS = {"case_opened": "case opened", "suspect": "suspect known", "prosecuted": "prosecuted", "verdict": "verdict"}
PAIRS = {
    ("seized_on", "case_opened_on"): "seizure to case",
    ("case_opened_on", "prosecuted_on"): "case to prosecution",
    ("prosecuted_on", "verdict_on"): "prosecution to verdict",
}
MOST_YEARS = 8
MOVED = f"{disclosure.MOVED} A later step can so come out one or two above an earlier one. "


def funnel(fetch: Fetch, view: View) -> Figure:
    """The share of each year's seizures that reached each step."""
    measure = "Share of each year’s single seizures that reached each step; by year of seizure"
    answer = method.funnel(fetch("charts/follow_up", scope=view.scope))
    if not answer.can_say:
        return told.cannot(
            fetch, view, "followup_funnel", "What followed the seizures is not known here", measure, answer
        )
    rows = answer.rows
    cohorts = [str(year) for year in sorted(rows["cohort"].unique())][-MOST_YEARS:]
    mine = rows[rows["cohort"].astype(str).isin(cohorts) & rows["step"].isin(list(STEPS))]
    drawn = pd.DataFrame(
        {"name": mine["step"].map(STEPS), "period": mine["cohort"].astype(str), "value": mine["share"] * 100}
    )
    return Figure(
        "followup_funnel",
        _funnel_headline(rows),
        f"{measure}, per cent",
        captions.caption(fetch, view, silent=MOVED + told.warnings(answer)),
        rows,
        compare.small_multiples(drawn.dropna(subset=["value"]), list(STEPS.values()), cohorts, {}, {}),
        body=_funnel_table(rows, cohorts),
        alt="; ".join(f"{STEPS[r.step]} {r.cohort}: {share(r.share, 1)}" for r in mine.itertuples()),
        height=230,
        columns={
            "cohort": "Year of seizure",
            "step": "Step reached",
            "seizures": "Seizures, moved by chance but for the first step",
            "share": "Part of the year’s seizures",
            "low": "Lower end",
            "high": "Upper end",
        },
    )


def _funnel_headline(rows: pd.DataFrame) -> str:
    case = rows[rows["step"] == "case_opened"].iloc[-1]
    # A zero may be one or two: it is not said to be none.
    some = share(case["share"], 1) if case["share"] else "hardly any"
    words = f"A case was opened for {some} of the seizures of {case['cohort']}"
    shown = rows[(rows["step"] == "verdict") & (rows["share"] > 0)]
    if len(shown):
        verdict = shown.iloc[0]
        words += f"; of those of {verdict['cohort']}, {share(verdict['share'], 1)} have a verdict by now"
    return words


def _funnel_table(rows: pd.DataFrame, cohorts: list[str]) -> Body:
    wide = rows[rows["cohort"].astype(str).isin(cohorts)].pivot(index="cohort", columns="step", values="seizures")
    lines = [(year, *(count(line[step]) for step in ("seized", *STEPS))) for year, line in wide[::-1].iterrows()]
    return tables.plain(("seized in", "seizures", *STEPS.values()), lines, numeric=range(1, 6))


def days(fetch: Fetch, view: View) -> Figure:
    """Median days from one step to the next, the newest year that may be shown of each."""
    measure = "Median days between steps by year of seizure, 95 % interval; among those that got there"
    answer = method.days_between(fetch("charts/follow_up_days", scope=view.scope))
    if not answer.can_say:
        return told.cannot(fetch, view, "followup_days", "How long the steps take is not known here", measure, answer)
    rows = answer.rows[~answer.rows["is_hidden"]].copy()
    rows["pair"] = [PAIRS[(a, b)] for a, b in zip(rows["from"], rows["to"], strict=True)]
    rows = pd.concat([rows[rows["pair"] == pair].tail(3) for pair in PAIRS.values()], ignore_index=True)
    rows["name"] = rows["pair"] + ", " + rows["cohort"].astype(str)
    rows["value"] = rows["median_days"]
    rows["words"] = [
        f"{r.value:.0f} days" + (f" ({r.low:.0f}–{r.high:.0f})" if pd.notna(r.low) else "") + f" of {count(r.reached)}"
        for r in rows.itertuples()
    ]
    top = float(max(rows["high"].max(), rows["value"].max()))
    step = next(s for s in (10, 30, 60, 90, 180, 365, 730) if top / s < 7)
    marks = list(range(0, int(top) + step + 1, step))
    longest = rows.loc[rows["value"].idxmax()]
    return Figure(
        "followup_days",
        f"The longest wait is from {longest['pair']}: {longest['value']:.0f} days at the median for {longest['cohort']}",
        measure,
        captions.caption(fetch, view, silent=f"{disclosure.MOVED} {told.warnings(answer)}"),
        answer.rows,
        span_drawing.spans(rows, span_drawing.Axis(marks)),
        alt="; ".join(f"{r.name}: {r.words}" for r in rows[["name", "words"]].itertuples(index=False)),
        height=70 + 30 * len(rows),
        columns={
            "cohort": "Year of seizure",
            "from": "First step",
            "to": "Next step",
            "reached": "How many have both dates, moved by chance; empty = too few",
            "median_days": "Half took about as many days or fewer",
            "low": "Lower end",
            "high": "Upper end",
        },
    )
