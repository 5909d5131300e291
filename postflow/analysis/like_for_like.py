"""Like for like: only the services that reported all through, so that a new one is not read as a rise."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from postflow.analysis.dates import Day, Span, day
from postflow.analysis.dates import month as month_of
from postflow.analysis.result import Result
from postflow.analysis.series import months_of, services

METHOD = "only reporters present throughout"


@dataclass(frozen=True, kw_only=True)
class Panel(Result):
    """The reporters present throughout; ``estimate`` is how many, of ``n``."""

    reporters: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    service_ids: tuple[str, ...] = ()
    """Of those present throughout, to find their rows by."""
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None


def throughout(reporters: pd.DataFrame, first: Day | None = None, last: Day | None = None) -> Panel:
    """Who reported every month of every period from first to last?

    Args:
        reporters: ``charts/reporters_by_period`` — period_start (date), service_id, reporter, months_reported,
            months_in_period.
        first: start of the first period; None = the first in the rows. last: of the last period.
    """
    if reporters.empty:
        return Panel.cannot(METHOD, "It is not known who reported, so nobody can be said to be present throughout.")
    rows = reporters.assign(month=months_of(reporters["period_start"]), who=services(reporters))
    start = rows["month"].min() if first is None else day(first)
    end = rows["month"].max() if last is None else day(last)
    rows = rows[(rows["month"] >= start) & (rows["month"] <= end)]
    if rows.empty:
        return Panel.cannot(METHOD, "Nobody's reporting is known for this period.")
    periods = rows["month"].nunique()
    whole = rows[rows["months_reported"] >= rows["months_in_period"]].groupby("who")["month"].nunique()
    everyone = sorted(rows["who"].dropna().unique())
    kept = tuple(name for name in everyone if whole.get(name, 0) == periods)
    found = _panel(kept, tuple(name for name in everyone if name not in kept), start, end)
    if "service_id" not in rows or not found.can_say:
        return found
    ids = rows.loc[rows["who"].isin(kept), "service_id"].unique()
    return replace(found, service_ids=tuple(sorted(ids)))


def _panel(kept: tuple[str, ...], dropped: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp) -> Panel:
    everyone = len(kept) + len(dropped)
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
    """The rows of the panel's services, by their ids or by the names that tell them apart; none without a panel."""
    return rows[rows[column].isin(panel.service_ids if column == "service_id" else panel.reporters)]


def differing(reporters: pd.DataFrame, new: Span, old: Span) -> str:
    """Words for services that did not report both spans alike; empty where all did.

    Spans of one length compare month by month: a service that skipped March and June is unlike one that skipped
    July and August. Spans of other lengths compare by the calendar months that were reported of every year in them.
    """
    if reporters.empty:
        return "It is not known who reported."
    sides = [_heard(reporters, *span) for span in (new, old)]
    only = [sorted(set(sides[at]) - set(sides[1 - at])) for at in (0, 1)]
    both = sorted(set(sides[0]) & set(sides[1]))
    in_part = [name for name in both if not _alike(sides[0][name], sides[1][name])]
    words = [
        f"only in the newer period: {', '.join(only[0])}" if only[0] else "",
        f"only in the older period: {', '.join(only[1])}" if only[1] else "",
        f"not in the same months of both: {', '.join(in_part)}" if in_part else "",
    ]
    said = "; ".join(word for word in words if word)
    return f"Reporters differ ({said})." if said else ""


def _heard(reporters: pd.DataFrame, first: Day, last: Day) -> dict[str, pd.Series]:
    """Service → calendar month of the span → the share of the times it came round that the service reported it."""
    span = pd.date_range(month_of(first), month_of(last), freq="MS")
    starts, present = months_of(reporters["period_start"]), reporters["months_reported"] > 0
    came = pd.Series(1, index=span).groupby(span.month).sum()
    mine = pd.DataFrame({"who": services(reporters), "month": starts})[present & starts.isin(span)]
    heard = {}
    for name, part in mine.groupby("who"):
        times = part["month"].dt.month.value_counts().reindex(came.index, fill_value=0)
        heard[str(name)] = times / came
    return heard


def _alike(new: pd.Series, old: pd.Series) -> bool:
    """Whether a service reported the same share of each calendar month; all of those that only one span has."""
    both = new.index.intersection(old.index)
    rest = [*new.drop(both), *old.drop(both)]
    return bool((new[both] - old[both]).abs().max() < 1e-6 if len(both) else True) and all(one == 1 for one in rest)
