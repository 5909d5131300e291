"""The nowcast held against what came later: how often the interval was right, and whether it beat waiting."""

from __future__ import annotations

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from postflow.analysis.delay import MAX_DELAY, final_counts, nowcast
from postflow.analysis.result import Table
from postflow.analysis.series import months_of

METHOD = "past nowcasts against later reports"


def retro_score(
    rows: pd.DataFrame, *, editions: int = 12, max_delay: int = MAX_DELAY, truth: pd.Series | None = None
) -> Table:
    """Nowcast as of earlier months and compare with the counts known now, or with the truth where there is one.

    Args:
        rows: as :func:`postflow.analysis.delay.triangle`.
        editions: how many earlier months to stand in, the latest being old enough for all its reports to be in.
        max_delay: months waited for.
        truth: month → true count, in an exercise; None = the latest reports.

    Returns:
        ``estimate`` = share of months inside the 95 % interval, with its own interval (Wilson); rows — as_of,
        seized_month, age, reported, estimate, low, high, final, is_within.
    """
    told = months_of(rows["reported_month"]).dropna()
    if told.empty:
        return Table.cannot(METHOD, "No seizure has a date of report, so no nowcast can be scored.")
    newest = told.max() - pd.DateOffset(months=max_delay)
    stands = [newest - pd.DateOffset(months=back) for back in range(editions)]
    final = final_counts(rows) if truth is None else truth
    parts = [_scored(rows, stand, max_delay, final) for stand in stands]
    scored = pd.concat([part for part in parts if len(part)]) if any(len(part) for part in parts) else pd.DataFrame()
    if scored.empty:
        return Table.cannot(METHOD, "The reports do not reach back far enough to score a nowcast.")
    return _told(scored.reset_index(drop=True))


def _scored(rows: pd.DataFrame, stand: pd.Timestamp, max_delay: int, final: pd.Series) -> pd.DataFrame:
    then = nowcast(rows, stand, max_delay=max_delay)
    if not then.can_say or then.rows.empty:
        return pd.DataFrame()
    table = then.rows.assign(as_of=stand, final=then.rows["seized_month"].map(final).fillna(0.0))
    months = table["seized_month"]
    table["age"] = (stand.year - months.dt.year) * 12 + stand.month - months.dt.month
    table["is_within"] = (table["final"] >= table["low"]) & (table["final"] <= table["high"])
    return table


def _told(scored: pd.DataFrame) -> Table:
    hits, n = int(scored["is_within"].sum()), len(scored)
    low, high = proportion_confint(hits, n, method="wilson")
    ours = float((scored["estimate"] - scored["final"]).abs().sum())
    bare = float((scored["reported"] - scored["final"]).abs().sum())
    verdict = f"its error is {ours / bare:.0%} of that of the bare counts" if bare > 0 else "nothing came late"
    notes = ["Months overlap between editions, so the hits are not independent."]
    if bare > 0 and ours >= bare:
        notes.append("The nowcast did no better than the bare counts: do not show it.")
    return Table(
        method=METHOD,
        estimate=hits / n,
        low=float(low),
        high=float(high),
        n=n,
        unit="share",
        rows=scored,
        warnings=tuple(notes),
        sentence=f"{hits} of {n} past nowcasts held the later count; {verdict}.",
    )
