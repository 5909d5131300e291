"""What several figures share: the rows behind a method, a sentence in place of a number, words as readers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from postflow import captions, vocabulary, wording
from postflow.analysis import delay, like_for_like, nowcasts, series
from postflow.analysis.result import Result, Table
from postflow.figure import Figure
from postflow.figures import events
from postflow.numbers import MINUS, THIN, count
from postflow.table import Body, Cell, Column
from postflow.table import Table as Shown
from postflow.view import Fetch, View

MONTHS = 12


def polish(text: str) -> str:
    """A sentence of the analysis as figures print it: thin spaces, true minus, countries by name."""
    text = re.sub(r"(?<=\d),(?=\d{3})", THIN, text)
    text = re.sub(r"(?<![\w.])-(?=\d)", MINUS, text)
    text = re.sub(r"(?<=\d)\s?%", f"{THIN}%", text)
    text = text.replace("p = 0.000", "p < 0.001")
    text = re.sub(r"\b1 (month|seizure|year|event)s\b", r"1 \1", text)
    return re.sub(r"\b[A-Z]{2}\b(?! [A-Z][a-z])", lambda m: _named(m[0]), text)


def _named(code: str) -> str:
    """A country as sentences name it; the word itself where it is no country's code."""
    if code == "US":
        return "the US"
    return wording.spoken(code) if code in vocabulary.country_names() else code


def first_up(text: str) -> str:
    """The sentence with a capital."""
    return text[:1].upper() + text[1:]


def headline(sentence: str) -> str:
    """A sentence without its full stop, as headlines are."""
    return first_up(polish(sentence)).rstrip(". ")


def why(sentence: str) -> Body:
    """The body of a figure that has nothing to draw: a hatched field and why."""
    return (Shown((Column("", "sign"), Column("")), ((Cell(hidden="not known"), Cell(polish(sentence))),), "answers"),)


def cannot(
    fetch: Fetch, view: View, key: str, head: str, measure: str, result: Result | str, span: float = 1.0
) -> Figure:
    """A figure that says what cannot be said, and why.

    Args:
        fetch: runs the queries of the caption.
        view: what the reader looks at.
        key: of the figure.
        head: the headline: what cannot be said.
        measure: what would have been counted.
        result: the method's answer, or its sentence.
        span: share of the page's width.
    """
    sentence = result if isinstance(result, str) else result.sentence
    notes = () if isinstance(result, str) else result.warnings
    silent = " ".join(polish(note) for note in notes)
    rows = pd.DataFrame({"what": [head], "why": [polish(sentence)]})
    caption = captions.caption(fetch, view, silent=silent)
    return Figure(
        key,
        head,
        measure,
        caption,
        rows,
        body=why(sentence),
        alt=f"{head}. {polish(sentence)}",
        span=span,
        columns={"what": "What cannot be said", "why": "Why not"},
        why_not=polish(sentence),
    )


def warnings(*results: Result) -> str:
    """The caveats of results, each once, as captions print them."""
    return " ".join(dict.fromkeys(polish(note) for result in results for note in result.warnings))


@dataclass(frozen=True)
class Basis:
    """The months behind a view, ready for the methods."""

    view: View
    rows: pd.DataFrame
    """``charts/seizures_by_period_and_reporter`` by month."""
    reporting: pd.DataFrame
    """``charts/reporters_by_period`` by month."""
    delays: pd.DataFrame
    dimension: str = "drug"
    """What ``category`` holds."""
    panel: like_for_like.Panel | None = None
    """The reporters present throughout, where only they count."""

    @cached_property
    def monthly(self) -> pd.Series:
        """Month → seizures, NaN where nobody reported."""
        return series.monthly(self.rows, self.reporting)

    @cached_property
    def _services(self) -> nowcasts.Services:
        return nowcasts.services(self.delays, self.reporting)

    @cached_property
    def usual(self) -> dict[str, Result]:
        """Service → the usual delay of its reports, or why it is not known."""
        known = {code: delay.usual_delay(of) for code, of in self._services.able.items()}
        unknown = {code: Result.cannot("usual delay", why) for code, why in self._services.bare.items()}
        return known | unknown

    @cached_property
    def coming(self) -> nowcasts.SummedNowcast:
        """What the unfinished months will come to: each service by its own delay, added up."""
        return nowcasts.nowcast_sum(self._services)

    @cached_property
    def hindsight(self) -> Table:
        """How the same nowcast did at earlier months."""
        return nowcasts.score(self._services)

    @cached_property
    def open(self) -> list[pd.Timestamp]:
        """The months inside the usual delay of any service that still reports; left out of every fit."""
        last = self.monthly.dropna().index
        waits = [int(usual.estimate) for usual in self.usual.values() if usual.can_say and usual.estimate >= 1]
        if not waits:
            return []
        since = self.delays["reported_month"].max() - pd.DateOffset(months=max(waits) - 1)
        return [at for at in last if at >= since]

    @property
    def finished(self) -> pd.Series:
        """The series without its unfinished end."""
        return self.monthly[self.monthly.index < self.open[0]] if self.open else self.monthly

    @cached_property
    def in_whole_years(self) -> pd.Series:
        """The finished months, twelve by twelve, each twelve of the services that reported all of it; NaN where none did.

        A service that starts in October would else make a season of its start.
        """
        whole = self.finished
        found = pd.Series(float("nan"), index=whole.index)
        for part in series.runs(whole):
            for at in range(0, len(part) // MONTHS * MONTHS, MONTHS):
                year = part.index[at : at + MONTHS]
                panel = like_for_like.throughout(self.reporting, year[0], year[-1])
                if panel.can_say:
                    rows = self.rows[self.rows["service_id"].isin(panel.service_ids)]
                    found[year] = series.window(series.monthly(rows), year[0], year[-1]).fillna(0.0)
        return found

    @property
    def reporters(self) -> list[str]:
        """The countries of the services that reported any month."""
        return sorted(self.reporting.loc[self.reporting["months_reported"] > 0, "reporter_country_code"].unique())

    @cached_property
    def events(self) -> pd.DataFrame:
        """The event table for the methods: breaks of drugs in view, less those that are plain gaps."""
        return events.cutting(events.listed(self.view), self.monthly)

    @property
    def heard(self) -> frozenset[str]:
        """The services that reported any month, by the names that tell them apart."""
        return frozenset(self.reporting.loc[self.reporting["months_reported"] > 0, "reporter"])

    @property
    def known(self) -> dict[str, object]:
        """What every method takes beside the series."""
        return {"events": self.events, "reporters": self.reporters, "reporting": self.reporting}

    @property
    def countries(self) -> set[str]:
        """Reporters, departures and destinations that events may touch."""
        scope = self.view.scope
        return {*self.reporters, *(scope.departures or ()), *(scope.destinations or ())}


def beyond(view: View) -> str:
    """Words for comparisons that read months before the reader's period; empty where none do."""
    start = view.scope.month_from
    return f"Comparisons read the months before {start:%B %Y} too, which the filter leaves out." if start else ""


def basis(fetch: Fetch, view: View, dimension: str = "drug", like: str = "all") -> Basis:
    """The months of a view.

    Args:
        fetch: runs ``charts/seizures_by_period_and_reporter``, ``charts/reporters_by_period`` and ``charts/delays``.
        view: what the reader looks at.
        dimension: what ``category`` holds.
        like: ``all`` reporters, or only those present ``throughout``.
    """
    rows = fetch("charts/seizures_by_period_and_reporter", scope=view.scope, period="month", dimension=dimension)
    reporting = fetch("charts/reporters_by_period", scope=view.scope, period="month")
    names = reporting.drop_duplicates("service_id").set_index("service_id")["reporter"]
    delays = fetch("charts/delays", scope=view.scope)
    found = Basis(view, rows, reporting, delays.assign(reporter=delays["service_id"].map(names)), dimension)
    if like != "throughout":
        return found
    return _only(found, like_for_like.throughout(reporting))


def _only(found: Basis, panel: like_for_like.Panel) -> Basis:
    """The months of the panel's services alone."""
    return replace(
        found,
        panel=panel,
        rows=like_for_like.keep(found.rows, panel, "service_id"),
        reporting=like_for_like.keep(found.reporting, panel, "service_id"),
        delays=like_for_like.keep(found.delays, panel, "service_id"),
    )


def compared(fetch: Fetch, found: Basis) -> Basis:
    """The same services with the months before the period that the reader chose: what comparisons read."""
    if found.view.scope.month_from is None:
        return found
    wide = basis(fetch, found.view.from_the_start, found.dimension)
    return wide if found.panel is None else _only(wide, found.panel)


def who(basis: Basis) -> str:
    """The reporters behind a series, by name where they are few."""
    names = [wording.service(name) for name in sorted(basis.heard)]
    return f"reporters ({wording.joined(names)})" if len(names) <= 3 else f"{count(len(names))} reporters"
