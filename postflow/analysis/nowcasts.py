"""Late reports of several services at once: each by its own delay, then summed with an interval, and scored in hindsight.

Pooled, a fast service would hide a slow one: the share reported at each age would be that of their mix, which changes
whenever one of them finds more. So each service has its own triangle, and the draws of their forecasts are added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from postflow.analysis import series
from postflow.analysis.delay import Nowcast, caveats, forecast, problem, usual_delay
from postflow.analysis.result import Table
from postflow.analysis.series import months_of
from postflow.analysis.triangle import DRAWS, MAX_DELAY, Triangle, known_at, pattern, triangle

METHOD = "chain ladder by service, negative-binomial forecasts added up"
RETRO = "past nowcasts of all services together against later reports"
RETRO_DRAWS = 300
INNER = (10, 90)
"""Percentiles of the inner interval."""


@dataclass(frozen=True)
class Services:
    """The services of a view by what is known of their delay."""

    able: dict[str, Triangle]
    bare: dict[str, str]
    """Service → why it has no nowcast."""
    extra: pd.Series
    """Month → seizures that stand as they are: of bare services, and without a date of report."""


@dataclass(frozen=True, kw_only=True)
class SummedNowcast(Nowcast):
    """``rows`` has ``low_80`` and ``high_80`` beside the 95 % ends; which services stand behind it."""

    services: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    """Services that report these months and are counted as they stand."""


def services(rows: pd.DataFrame, reporting: pd.DataFrame | None = None, *, max_delay: int = MAX_DELAY) -> Services:
    """A triangle for each service that says when it reported.

    Args:
        rows: reporter (the service), seized_month, reported_month (NaT = not told), seizures.
        reporting: period_start, reporter, months_reported, by month; months nobody reported leave the
            triangle, but not those at the end that are no longer than the service's usual delay. None = no gaps.
        max_delay: months after which a report is no longer waited for.
    """
    newest = months_of(rows["reported_month"]).max()
    told = None if pd.isna(newest) else newest
    extra = pd.Series(dtype=float)
    able: dict[str, Triangle] = {}
    bare: dict[str, str] = {}
    for code, mine in rows.groupby(series.services(rows)):
        heard = _heard(str(code), mine, reporting)
        of = triangle(mine, told, max_delay=max_delay, reported=heard)
        undated = mine["reported_month"].isna()
        if why := problem(of):
            bare[str(code)] = why
            undated[:] = True
        else:
            open_end = _open_end(heard, of, reporting)
            able[str(code)] = of if open_end is None else triangle(mine, told, max_delay=max_delay, reported=open_end)
        plain = mine[undated]
        counts = plain["seizures"].astype(float).groupby(months_of(plain["seized_month"])).sum()
        extra = extra.add(counts, fill_value=0.0)
    return Services(able, bare, extra)


def _heard(code: str, mine: pd.DataFrame, reporting: pd.DataFrame | None) -> pd.Series | None:
    """Month → 1 where the service reported."""
    if reporting is None:
        return None
    own = reporting[(series.services(reporting) == code) & (reporting["months_reported"] > 0)]
    months = pd.concat([months_of(own["period_start"]), months_of(mine["seized_month"])]).dropna()
    return pd.Series(1.0, index=pd.DatetimeIndex(months.unique()).sort_values())


def _open_end(heard: pd.Series | None, of: Triangle, reporting: pd.DataFrame | None) -> pd.Series | None:
    """The months heard and those after them that may only be late; None where there are none of these."""
    if heard is None or reporting is None:
        return None
    last = months_of(reporting.loc[reporting["months_reported"] > 0, "period_start"]).max()
    silent = pd.date_range(heard.index[-1], max(last, heard.index[-1]), freq="MS")[1:]
    if not len(silent):
        return None
    usual = usual_delay(of)
    if not usual.can_say or len(silent) > usual.estimate:
        return None  # for so long that the service has stopped
    return pd.concat([heard, pd.Series(1.0, index=silent)])


def nowcast_sum(of: Services, *, seed: int = 0) -> SummedNowcast:
    """What the unfinished months of all services together will come to.

    Returns:
        rows — seized_month, reported (so far), share_reported, estimate, low, high (95 %), low_80, high_80.
    """
    if not of.able:
        why = next(iter(of.bare.values()), "No seizure has both a date of finding and a date of report.")
        return SummedNowcast.cannot(METHOD, why)
    table, whole = _summed(of.able, of.extra, seed, DRAWS)
    since = table["seized_month"].min()
    bare = tuple(code for code in sorted(of.bare) if len(table) and since <= of.extra.index.max())
    common = {"method": METHOD, "services": tuple(sorted(of.able)), "bare": bare, "rows": table}
    if table.empty:
        return SummedNowcast(estimate=0.0, low=0.0, high=0.0, sentence="Every month is finished.", **common)
    low, high = np.percentile(whole, [2.5, 97.5])
    seen, mean = int(table["reported"].sum()), float(whole.mean())
    notes = ["A forecast: it holds only while delays stay as they were."]
    if bare:
        notes.append(f"Without dates of report, counted as they stand: {', '.join(bare)}.")
    return SummedNowcast(
        estimate=mean,
        low=float(low),
        high=float(high),
        n=seen,
        unit="seizures",
        warnings=(*dict.fromkeys(note for one in of.able.values() for note in caveats(one)), *notes),
        sentence=f"The last {len(table)} months stand at {seen:,} and will probably come to {mean:,.0f} "
        f"({low:,.0f} to {high:,.0f}), each service by its own delay.",
        **common,
    )


def _summed(able: dict[str, Triangle], extra: pd.Series, seed: int, draws: int) -> tuple[pd.DataFrame, np.ndarray]:
    """One row per month that is unfinished for any service, and the draws of their sum."""
    parts = []
    for at, of in enumerate(able.values()):
        table, lines = forecast(of, pattern(of, draws, seed + at), np.random.default_rng(seed + 1000 + at))
        # What a finished month holds, the last known cell of its line, stands in every draw.
        seen = pd.Series(np.nanmax(of.cumulative, axis=1), index=of.counts.index)
        parts.append((seen, dict(zip(table["seized_month"], lines, strict=True))))
    rows, whole = [], np.zeros(draws)
    for month in sorted({month for _, lines in parts for month in lines}):
        plain = float(extra.get(month, 0.0))
        line = np.full(draws, plain)
        for seen, lines in parts:
            line = line + lines.get(month, float(seen.get(month, 0.0)))
        reported = plain + sum(float(seen.get(month, 0.0)) for seen, _ in parts)
        whole = whole + line
        share = reported / line.mean() if line.mean() > 0 else 1.0
        rows.append((month, int(reported), share, float(line.mean()), *np.percentile(line, [2.5, 97.5, *INNER])))
    names = ["seized_month", "reported", "share_reported", "estimate", "low", "high", "low_80", "high_80"]
    return pd.DataFrame(rows, columns=names), whole


def score(of: Services, *, editions: int = 12, max_delay: int = MAX_DELAY, seed: int = 0) -> Table:
    """How the same nowcast would have done at earlier months, the latest old enough for all its reports to be in.

    Args:
        of: the services; those without dates of report are left out.
        editions: how many earlier months to stand in.
        max_delay: months waited for. seed: of the draws.

    Returns:
        ``estimate`` = share of final counts inside the 80 % interval, with its own interval (Wilson); rows — as_of,
        seized_month, reported, estimate, low, high, low_80, high_80, final, is_within, is_within_80.
    """
    if not of.able:
        return Table.cannot(RETRO, "No service says when it reported, so no nowcast can be scored.")
    newest = max(one.as_of for one in of.able.values()) - pd.DateOffset(months=max_delay)
    found = []
    for back in range(editions):
        stand = newest - pd.DateOffset(months=back)
        then = {code: cut for code, one in of.able.items() if not problem(cut := known_at(one, stand))}
        if not then:
            continue
        table, _ = _summed(then, pd.Series(dtype=float), seed, RETRO_DRAWS)
        final = sum(of.able[code].counts.sum(axis=1).reindex(table["seized_month"]).fillna(0.0) for code in then)
        found.append(table.assign(as_of=stand, final=np.asarray(final, dtype=float)))
    if not found or not sum(len(part) for part in found):
        return Table.cannot(RETRO, "The reports do not reach back far enough to score a nowcast.")
    return _scored(pd.concat([part for part in found if len(part)], ignore_index=True))


def _scored(rows: pd.DataFrame) -> Table:
    rows["is_within"] = rows["final"].between(rows["low"], rows["high"])
    rows["is_within_80"] = rows["final"].between(rows["low_80"], rows["high_80"])
    hits, n = int(rows["is_within_80"].sum()), len(rows)
    low, high = proportion_confint(hits, n, method="wilson")
    ours, bare = ((rows[name] - rows["final"]).abs().sum() for name in ("estimate", "reported"))
    notes = ["Months overlap between editions, so the hits are not independent."]
    if bare > 0 and ours >= bare:
        notes.append("The nowcast did no better than the bare counts: do not trust it here.")
    error = f"; its error was {ours / bare:.0%} of that of the bare counts" if bare > 0 else ""
    return Table(
        method=RETRO,
        estimate=hits / n,
        low=float(low),
        high=float(high),
        n=n,
        unit="share",
        rows=rows,
        warnings=tuple(notes),
        sentence=f"Of the last {n} unfinished months nowcast this way, {hits / n:.0%} of the final counts fell inside "
        f"the 80% interval and {rows['is_within'].mean():.0%} inside the 95% one{error}.",
    )
