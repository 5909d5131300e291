"""Like for like: only the reporters that reported all through, so that a new reporter is not read as a rise."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from postflow.analysis.dates import Day, Span, day
from postflow.analysis.result import Result
from postflow.analysis.series import months_of

METHOD = "only reporters present throughout"


@dataclass(frozen=True, kw_only=True)
class Panel(Result):
    """The reporters present throughout; ``estimate`` is how many, of ``n``."""

    reporters: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None


def throughout(reporters: pd.DataFrame, first: Day | None = None, last: Day | None = None) -> Panel:
    """Who reported every month of every period from first to last?

    Args:
        reporters: ``charts/reporters_by_period`` — period_start (date), reporter_country_code, months_reported,
            months_in_period.
        first: start of the first period; None = the first in the rows. last: of the last period.
    """
    if reporters.empty:
        return Panel.cannot(METHOD, "It is not known who reported, so nobody can be said to be present throughout.")
    rows = reporters.assign(month=months_of(reporters["period_start"]))
    start = rows["month"].min() if first is None else day(first)
    end = rows["month"].max() if last is None else day(last)
    rows = rows[(rows["month"] >= start) & (rows["month"] <= end)]
    if rows.empty:
        return Panel.cannot(METHOD, "Nobody's reporting is known for this period.")
    periods = rows["month"].nunique()
    whole = (
        rows[rows["months_reported"] >= rows["months_in_period"]].groupby("reporter_country_code")["month"].nunique()
    )
    everyone = sorted(rows["reporter_country_code"].dropna().unique())
    kept = tuple(code for code in everyone if whole.get(code, 0) == periods)
    dropped = tuple(code for code in everyone if code not in kept)
    return _panel(kept, dropped, len(everyone), start, end)


def _panel(
    kept: tuple[str, ...], dropped: tuple[str, ...], everyone: int, start: pd.Timestamp, end: pd.Timestamp
) -> Panel:
    if not kept:
        why = f"None of {everyone} reporters reported throughout, so there is no like-for-like line."
        return Panel.cannot(METHOD, why, n=everyone)
    warnings = ("One reporter only: its own effort and rules drive the line.",) if len(kept) == 1 else ()
    left = f"; left out: {', '.join(dropped)}" if dropped else ""
    sentence = f"{len(kept)} of {everyone} reporters were present throughout: {', '.join(kept)}{left}."
    return Panel(
        method=METHOD,
        estimate=len(kept),
        n=everyone,
        unit="reporters",
        warnings=warnings,
        sentence=sentence,
        reporters=kept,
        dropped=dropped,
        first=start,
        last=end,
    )


def keep(rows: pd.DataFrame, panel: Panel, column: str = "category") -> pd.DataFrame:
    """The rows of the panel's reporters; none where there is no panel."""
    return rows[rows[column].isin(panel.reporters)]


def differing(reporters: pd.DataFrame, new: Span, old: Span) -> str:
    """Words for reporters that are in one of two spans only; empty where they are the same."""
    if reporters.empty:
        return "It is not known who reported."
    month, present = months_of(reporters["period_start"]), reporters["months_reported"] > 0
    sides = [
        set(reporters.loc[present & (month >= day(a)) & (month <= day(b)), "reporter_country_code"])
        for a, b in (new, old)
    ]
    if sides[0] == sides[1]:
        return ""
    words = [
        f"only in the newer period: {', '.join(sorted(sides[0] - sides[1]))}" if sides[0] - sides[1] else "",
        f"only in the older period: {', '.join(sorted(sides[1] - sides[0]))}" if sides[1] - sides[0] else "",
    ]
    return f"Reporters differ ({'; '.join(word for word in words if word)})."
