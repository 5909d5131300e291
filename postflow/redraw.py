"""Slides drawn anew from what they hold: a page, a figure's key and a link. Without Streamlit, for page and command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

import pandas as pd

from postflow import choice as choices
from postflow.deck import Deck, Slide
from postflow.errors import PostflowError
from postflow.exports import Item
from postflow.figure import Figure
from postflow.figures import registry
from postflow.figures.registry import Asked
from postflow.home import POOLS
from postflow.scope import Scope
from postflow.view import Data, Fetch, View

OWN = frozenset(choices.PARAM.get(name, name) for name in choices.WORDS) | {"build"}
"""Parameters of a link that are the filters' own; all others belong to its page."""


@dataclass(frozen=True)
class Drawn:
    """One slide on today's data."""

    slide: Slide
    figure: Figure | None
    """None where it cannot be drawn."""
    view: View
    sources: pd.DataFrame | None
    """``charts/sources`` behind the figure."""
    said: tuple[str, ...] = ()
    """What the link asked for in vain, or why nothing is drawn."""

    def item(self, address: str = "") -> Item | None:
        """The figure on its way out, with the slide's own words."""
        if self.figure is None:
            return None
        link = f"{address}?{self.slide.link}"
        return Item(self.figure, self.view, self.sources, link, self.slide.headline, self.slide.note)


def view_of(link: str, fetch: Fetch, data: Data) -> tuple[View, Asked, list[str]]:
    """A link's query string as a view, the choices of its page, and what it asked for in vain."""
    asked = parse_qs(link.lstrip("?"))
    offered = choices.options(fetch("ui/options", drugs=None))
    choice, said = choices.read(asked, offered, POOLS)
    if choice.pool != data.pool:
        said.append(f"It was made on the {choice.pool} pool; this is the {data.pool} pool.")
    view = View(data, choices.scope(choice), choice.basis, choice.measure, choice.largest)
    return view, Asked({name: values[-1] for name, values in asked.items() if name not in OWN}), said


def link_of(choice: choices.Choice, build_id: str) -> str:
    """A choice as the query string of a link, every filter written out."""
    return urlencode({**choices.params(choice, in_full=True), "build": [build_id]}, doseq=True)


def slide(item: Slide, fetch: Fetch, data: Data) -> Drawn:
    """A slide on the data of ``fetch``; one that cannot be drawn says why."""
    view, asked, said = view_of(item.link, fetch, data)
    if parse_qs(item.link).get("pool", ["real"])[-1] != data.pool:
        return Drawn(item, None, view, None, tuple(said))
    try:
        figure = registry.draw(fetch, view, item.page, item.figure_key, asked)
    except PostflowError as error:
        return Drawn(item, None, view, None, (*said, str(error)))
    return Drawn(item, figure, view, sources(figure, fetch, view) if figure else None, tuple(said))


def sources(figure: Figure, fetch: Fetch, view: View) -> pd.DataFrame:
    """``charts/sources`` behind a figure: of the scope, or of the whole pool where the scope does not filter it.

    A source whose rows are all in quarantine is behind no counted row; it stands here where the figure has rows of it.
    """
    scope = Scope() if figure.is_context else view.scope
    found = fetch("charts/sources", scope=scope)
    named = set(figure.rows["source_id"].dropna()) if "source_id" in figure.rows else set()
    if not named - set(found["source_id"]):
        return found
    every = fetch("data_room/sources")
    more = every[every["source_id"].isin(named - set(found["source_id"]))]
    more = more.assign(is_synthetic=view.data.is_synthetic, seizures=0)
    return pd.concat([found, more[list(found.columns)]], ignore_index=True)


def deck(of: Deck, fetch: Fetch, data: Data) -> list[Drawn]:
    """Every slide of a deck on the data of ``fetch``."""
    return [slide(item, fetch, data) for item in of.slides]


def items(drawn: Sequence[Drawn], address: str = "") -> list[Item]:
    """What can leave: every slide that could be drawn, in order."""
    return [item for part in drawn if (item := part.item(address))]
