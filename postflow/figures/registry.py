"""Every figure under the page that shows it and its key: what a deck, the presenter and the command line draw anew.

A page lays figures out with its widgets; here the same figures are made from the same choices, read from a link.
Each builder imports what it draws with: the statistics cost seconds that the first page and the command line need not pay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from postflow.errors import NothingToDraw
from postflow.figure import Figure
from postflow.view import Fetch, View

if TYPE_CHECKING:
    from postflow.figures import told, trends

EACH = {"month": "month", "quarter": "quarter", "year": "year"}
"""What a point of a trend stands for."""

NOTHING = "Nothing is left to draw in this scope"

Made = dict[str, Callable[[], Figure | None]]


@dataclass(frozen=True)
class Asked:
    """What a link asks of one page: parameter → value."""

    values: Mapping[str, str] = field(default_factory=dict)

    def one(self, name: str, options: Mapping[str, str]) -> str:
        """The value asked for, or the first option, which links leave out."""
        value = self.values.get(name, "")
        return value if value in options else next(iter(options))


def _overview(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import overview

    del asked
    return {
        "overview_by_year": lambda: overview.yearly(fetch, view),
        "overview_corridors": lambda: overview.corridors(fetch, view),
        "overview_no_departure": lambda: overview.no_departure(fetch, view),
    }


def _trends(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import honest, trends

    choice = trend_choice(asked)

    @cache
    def basis() -> told.Basis:
        return trend_basis(fetch, view, choice)

    return {
        f"trend_by_{choice.dimension}": lambda: trends.over_time(fetch, view, choice),
        "trend_us_border": lambda: trends.border(fetch, view),
        "trend_concentration": lambda: trends.concentration(fetch, view),
        "trend_tests": lambda: honest.tests(fetch, view, basis()),
        "trend_level": lambda: honest.level(fetch, view, basis()),
        "trend_drivers": lambda: honest.drivers(
            fetch, view, basis(), choice.dimension, trends.DIMENSIONS[choice.dimension], trends.label
        ),
        "trend_season": lambda: honest.season(fetch, view, basis()),
        "trend_sensitivity": lambda: honest.effort(fetch, view, basis()),
        "trend_delays": lambda: honest.delays(fetch, view, basis()),
    }


def trend_choice(asked: Asked) -> trends.Choice:
    """The switches of the trend, as a link has them."""
    from postflow.figures import trends

    return trends.Choice(
        asked.one("by", trends.DIMENSIONS),
        asked.one("each", EACH),
        asked.one("like", trends.LIKE),
        asked.one("factor", trends.FACTORS),
    )


def trend_basis(fetch: Fetch, view: View, choice: trends.Choice) -> told.Basis:
    """The months that the methods stand on; all reporters where too few were present throughout."""
    from postflow.figures import told

    basis = told.basis(fetch, view, choice.dimension, choice.like)
    return told.basis(fetch, view, choice.dimension) if basis.panel and not basis.panel.can_say else basis


def _flows(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import flows

    del asked
    return {
        "flow_map": lambda: flows.arcs(fetch, view),
        "flow_sides": lambda: flows.who_stopped(fetch, view),
        "flow_matrix": lambda: flows.matrix(fetch, view),
        "flow_cases": lambda: flows.cases(fetch, view),
    }


def _mirror(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import mirror, told

    base = asked.one("destination_basis", mirror.BASES)

    @cache
    def months() -> told.Basis:
        return told.basis(fetch, view)

    @cache
    def table() -> object:
        return mirror.found(fetch, view, months())

    return {
        "mirror_pairs": lambda: mirror.pairs(fetch, view, table(), base),
        "mirror_asymmetry": lambda: mirror.asymmetry(fetch, view, table(), base),
        "mirror_over_time": lambda: mirror.over_time(fetch, view, base, months()),
        "mirror_bases": lambda: mirror.both_bases(fetch, view, table()),
    }


def _displacement(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import displacement, told

    @cache
    def answer() -> tuple[str, object] | None:
        basis = told.basis(fetch, view, "departure")
        choices = displacement.choices(view, basis)
        event = asked.one("event", choices) if choices else ""
        return (event, displacement.found(view, basis, event)) if event else None

    def when_found(draw: Callable[[str, object], Figure]) -> Callable[[], Figure | None]:
        return lambda: draw(*found) if (found := answer()) else None

    return {
        "displacement_indexed": when_found(lambda event, found: displacement.indexed(fetch, view, found, event)),
        "displacement_ratios": when_found(lambda _, found: displacement.ratios(fetch, view, found)),
        "displacement_effort": when_found(lambda _, found: displacement.effort(fetch, view, found)),
    }


def _emerging(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import emerging, told

    months = int(asked.one("newest", emerging.SPANS))

    def listed() -> Figure:
        basis = told.basis(fetch, view)
        return emerging.listed(fetch, view, emerging.found(fetch, view, basis, months), basis, months)

    return {"emerging": listed}


def _parcel(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import parcel

    return {
        "parcel_weights": lambda: parcel.weights(fetch, view, asked.one("weight", parcel.WEIGHTS)),
        "parcel_channels": lambda: parcel.channels(fetch, view),
        "parcel_declared_contents": lambda: parcel.contents(fetch, view, "declared_contents"),
        "parcel_concealment": lambda: parcel.contents(fetch, view, "concealment"),
        "parcel_detection": lambda: parcel.detection(fetch, view),
        "parcel_advance": lambda: parcel.advance(fetch, view),
    }


def _barriers(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import barriers

    del asked
    return {
        "barrier_ladder": lambda: barriers.ladder(fetch, view),
        "barrier_partners": lambda: barriers.partners(fetch, view),
    }


def _records(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import records

    page = asked.values.get("page", "")
    return {"records": lambda: records.listed(fetch, view, whole(page, 1))}


def whole(text: str, otherwise: int) -> int:
    """A whole number of a link, or another where it is none that anything is counted to."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else otherwise


def _followup(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import followup

    del asked
    return {
        "followup_funnel": lambda: followup.funnel(fetch, view),
        "followup_days": lambda: followup.days(fetch, view),
    }


def _data_room(fetch: Fetch, view: View, asked: Asked) -> Made:
    from postflow.figures import data_room

    del asked
    names = {
        "coverage": data_room.coverage,
        "ledger": data_room.ledger,
        "marks": data_room.marks,
        "quarantine": data_room.quarantine,
        "possible_duplicates": data_room.duplicates,
        "lookalikes": data_room.lookalikes,
        "revisions": data_room.revisions,
        "outliers": data_room.outliers,
        "unlisted_words": data_room.unlisted,
        "units": data_room.units,
    }
    return {name: lambda make=make: make(fetch, view) for name, make in names.items()}


PAGES: dict[str, Callable[[Fetch, View, Asked], Made]] = {
    "explore/overview": _overview,
    "explore/trends": _trends,
    "explore/flows": _flows,
    "explore/mirror": _mirror,
    "explore/displacement": _displacement,
    "explore/emerging": _emerging,
    "explore/parcel": _parcel,
    "explore/barriers": _barriers,
    "explore/records": _records,
    "evidence/data_room": _data_room,
    "evidence/followup": _followup,
}
"""Page → its figures, in the order in which a reader meets them. Review and Methods hold none that is drawn anew."""


def of_page(fetch: Fetch, view: View, page: str, asked: Asked | None = None) -> Made:
    """The figures of a page, none of them drawn yet; empty where there is no such page.

    A figure whose scope holds nothing to draw is made as one that says why; any other error is a fault of ours.
    """
    made = PAGES[page](fetch, view, asked or Asked()) if page in PAGES else {}
    return {key: partial(_reasoned, fetch, view, key, make) for key, make in made.items()}


def _reasoned(fetch: Fetch, view: View, key: str, make: Callable[[], Figure | None]) -> Figure | None:
    try:
        return make()
    except NothingToDraw as reason:
        from postflow.figures import told

        return told.cannot(fetch, view, key, NOTHING, "What this figure would count in this scope", str(reason))


def draw(fetch: Fetch, view: View, page: str, key: str, asked: Asked | None = None) -> Figure | None:
    """One figure; None where the page has none of that key, or nothing to draw in this view."""
    make = of_page(fetch, view, page, asked).get(key)
    return make() if make else None
