"""Captions: what a picture counts, what its filters leave out, and what it stands on, from totals and source rows."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from postflow import handling, wording
from postflow.figure import Caption
from postflow.numbers import count, weight
from postflow.scope import Scope
from postflow.view import Fetch, View

TITLES_SHOWN = 3
NOTES_OPEN = 3
"""Sentences of its own that stand open under a figure; what is more opens on demand."""


@dataclass(frozen=True)
class _Filter:
    """A filter that can be lifted alone, and the words for what it leaves out."""

    fields: tuple[str, ...]
    words: str


FILTERS = (
    _Filter(("drugs",), "of other drugs"),
    _Filter(("departures",), "with another departure or none stated"),
    _Filter(("destinations",), "with another destination or none stated"),
    _Filter(("channels",), "by another channel or an unknown one"),
    _Filter(("sides",), "stopped on another side or an unknown one"),
    _Filter(("month_from", "month_to"), "outside the period or without a month"),
    _Filter(("sources",), "from other sources"),
    _Filter(("possible_duplicates",), "that may be duplicates"),
    _Filter(("inferred_destinations",), "whose destination is only inferred"),
    _Filter(("outliers",), "of a weight beyond belief"),
    _Filter(("same_seizure_once",), "told twice and counted once"),
)


def relaxed(scope: Scope, fields: tuple[str, ...]) -> Scope:
    """The scope with one filter lifted; merging the reports of one seizure is such a filter."""
    return replace(scope, same_seizure_once=False) if fields == ("same_seizure_once",) else scope.without(*fields)


def active(scope: Scope) -> list[tuple[str, ...]]:
    """The filters of a scope that are set, each as the fields that lift it."""
    return [item.fields for item in FILTERS if relaxed(scope, item.fields) != scope]


def lifted(fetch: Fetch, scope: Scope) -> list[tuple[tuple[str, ...], int]]:
    """Per filter that is set: how many seizures come back when it alone is lifted.

    Args:
        fetch: runs ``ui/seizures_by_scope`` (place, seizures).
        scope: the filters.
    """
    filters = active(scope)
    scopes = [scope, *(relaxed(scope, fields) for fields in filters)]
    here, *there = fetch("ui/seizures_by_scope", scopes=[item.params() for item in scopes])["seizures"]
    return [(fields, int(number - here)) for fields, number in zip(filters, there, strict=True)]


def totals(fetch: Fetch, scope: Scope) -> pd.Series:
    """The one row of ``charts/totals`` for a scope."""
    return fetch("charts/totals", scope=scope).iloc[0]


def left_out_words(lost: list[tuple[tuple[str, ...], int]]) -> str:
    """``Left out, by one filter alone: 7 by another channel…``; empty where nothing is."""
    words = {item.fields: item.words for item in FILTERS}
    said = [f"{count(number)} {words[fields]}" for fields, number in lost if number > 0]
    return f"Left out, by one filter alone: {'; '.join(said)}." if said else ""


def doubts(row: pd.Series, scope: Scope, largest_left_out: int = 0) -> list[str]:
    """What is counted but uncertain, a sentence each.

    Args:
        row: ``charts/totals``: seizures, seizures_without_kg, seizures_inferred_destination,
            seizures_possible_duplicate, seizures_outlier, quantity_kg_outlier (kg), seizures_without_month, largest_kg.
        scope: the filters.
        largest_left_out: how many of the heaviest records the kilograms leave out.
    """
    said = [_weightless(int(row["seizures_without_kg"])), _inferred(int(row["seizures_inferred_destination"]), scope)]
    if twice := int(row["seizures_possible_duplicate"]):
        said.append(
            f"{count(twice)} {'is a possible duplicate' if twice == 1 else 'are possible duplicates'}, counted."
        )
    if undated := int(row["seizures_without_month"]):
        said.append(f"{count(undated)} {'has' if undated == 1 else 'have'} a year but no month.")
    if heavy := int(row["seizures_outlier"]):
        kg = weight(float(row["quantity_kg_outlier"]))
        said.append(f"{count(heavy)} {'is' if heavy == 1 else 'are'} of a weight beyond belief ({kg}), counted.")
    said.append(_heaviest(list(row["largest_kg"])[:largest_left_out]))
    if not scope.same_seizure_once:
        said.append("A seizure that two services report counts twice.")
    return [words for words in said if words]


def _weightless(number: int) -> str:
    return f"{count(number)} {'has' if number == 1 else 'have'} no weight in kilograms." if number else ""


def _inferred(number: int, scope: Scope) -> str:
    if not number:
        return ""
    if scope.inferred_destinations:
        return f"For {count(number)} the destination is inferred from the place of seizure."
    return f"For {count(number)} the inferred destination is read as not stated."


def _heaviest(kg: list[float]) -> str:
    records = "record" if len(kg) == 1 else f"{len(kg)} records"
    return f"Kilograms leave out the heaviest {records} ({weight(float(sum(kg)))})." if kg else ""


def titles(sources: pd.DataFrame) -> str:
    """The titles behind the rows, the fullest first; ``none`` where nothing is counted."""
    names = list(dict.fromkeys(sources["title"]))
    more = len(names) - TITLES_SHOWN
    return "; ".join(names[:TITLES_SHOWN]) + (f"; and {more} more" if more > 0 else "") or "none"


def made(
    row: pd.Series,
    scope: Scope,
    sources: pd.DataFrame,
    view: View,
    lost: list[tuple[tuple[str, ...], int]] | None = None,
    silent: str = "",
) -> Caption:
    """The caption of a picture, from rows alone.

    Args:
        row: the one row of ``charts/totals``.
        scope: the filters behind the picture.
        sources: ``charts/sources``: title, tlp, is_synthetic.
        view: basis, measure and data.
        lost: per filter, how many seizures it alone leaves out.
        silent: what the picture does not show.
    """
    number = int(row["seizures"])
    said = [left_out_words(lost or []), *doubts(row, scope, view.largest_left_out)]
    synthetic = view.data.is_synthetic or bool(sources["is_synthetic"].any())
    return Caption(
        counted=f"{count(number)} seizure{'s' * (number != 1)}.",
        left_out=" ".join(filter(None, said)) or "The filters leave nothing out.",
        filters=wording.parts(scope, view.basis, view.measure, view.largest_left_out, most=12).filters,
        period=wording.span(_month(row["month_from"]), _month(row["month_to"])),
        sources=titles(sources),
        version=view.data.version,
        mark="SYNTHETIC"
        if synthetic
        else handling.strictest(
            handling.joined(tlp, europol)
            for tlp, europol in zip(sources["tlp"], sources["europol_handling"].fillna(""), strict=True)
        ),
        silent=silent,
    )


def caption(fetch: Fetch, view: View, silent: str = "", scope: Scope | None = None, counted: str = "") -> Caption:
    """The caption of a picture of a scope: its totals, what each filter alone leaves out, its sources.

    Args:
        fetch: runs ``charts/totals``, ``charts/sources`` and ``ui/seizures_by_scope``.
        view: what the reader looks at.
        silent: what the picture does not show.
        scope: the filters behind the picture, where they are not the view's.
        counted: the bold lead, where it is not the number of seizures.
    """
    scope = scope or view.scope
    words = made(totals(fetch, scope), scope, fetch("charts/sources", scope=scope), view, lifted(fetch, scope), silent)
    return replace(words, counted=counted) if counted else words


def own(words: Caption, page: Caption | None, told: Collection[str] = ()) -> list[str]:
    """The lines of a caption that its page does not say already: what stands under the figure on screen.

    Its own filters, what they leave out and what is more than a few notes open on demand (``own_more``).

    Args:
        words: the figure's caption; exports keep it whole.
        page: what stands once on the page; None where a page has no such line.
        told: sentences that an earlier figure of the page has said; they are not said again.
    """
    if page is None:
        return words.lines()
    lead = words.counted if words.counted != page.counted else ""
    notes = " ".join(_notes(words, told)[:NOTES_OPEN])
    period = f"Period: {words.period}." if words.period != page.period else ""
    source = f"Source: {words.sources}" if words.sources != page.sources else ""
    return [line for line in (lead, notes, period, source) if line]


def own_more(words: Caption, page: Caption | None, told: Collection[str] = ()) -> list[str]:
    """What opens under a figure: further notes, filters of its own and what they leave out; exports keep all as lines."""
    if page is None:
        return []
    notes = " ".join(_notes(words, told)[NOTES_OPEN:])
    left_out = words.left_out if words.left_out != page.left_out else ""
    filters = f"Filters: {words.filters}." if words.filters != page.filters else ""
    return [line for line in (notes, left_out, filters) if line]


def _notes(words: Caption, told: Collection[str]) -> list[str]:
    return [said for said in sentences(words.silent) if said not in told]


def sentences(words: str) -> list[str]:
    """Words, sentence by sentence."""
    return [said for said in re.split(r"(?<=[.!?])\s+", words) if said]


def _month(value: object) -> pd.Timestamp | None:
    return value if isinstance(value, pd.Timestamp) else None  # an empty month arrives as NaT or None
