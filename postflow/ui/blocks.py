"""What stands on a page beside figures: the finding, tiles, notes, warnings, and the states with nothing to draw."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from postflow import captions, wording
from postflow.figure import Tile
from postflow.numbers import count
from postflow.ui import filters, html, session
from postflow.ui import tiles as tile_drawing
from postflow.ui.frame import mode
from postflow.view import View

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"

RELAX: dict[tuple[str, ...], tuple[str, dict[str, object]]] = {
    ("drugs",): ("Any drug", {"drug": ()}),
    ("departures",): ("Any departure", {"departure": ()}),
    ("destinations",): ("Any destination", {"destination": ()}),
    ("channels",): ("Any channel", {"channel": ()}),
    ("sides",): ("Any side", {"side": ()}),
    ("month_from", "month_to"): ("All years", {"since": "", "until": ""}),
    ("sources",): ("All sources", {"source": ()}),
    ("possible_duplicates",): ("With possible duplicates", {"duplicates": True}),
    ("inferred_destinations",): ("With inferred destinations", {"inferred": True}),
    ("outliers",): ("With outliers", {"outliers": True}),
}
"""Fields of the scope → the button that lifts them, and what it sets."""


def finding(headline: str, standfirst: str = "") -> None:
    """The page's own sentence; one a page at most."""
    words = f"<p class='pf-standfirst'>{html.rich(standfirst)}</p>" if standfirst else ""
    st.html(f"<h1 class='pf-finding'>{html.rich(headline)}</h1>{words}")


def head(headline: str, measure: str = "") -> None:
    """Rule, tab and headline of a block that is no figure."""
    st.html(html.head(headline, measure))


def tiles(items: Iterable[Tile]) -> None:
    """Numbers side by side."""
    st.html(tile_drawing.tiles(items, mode()))


def missing(items: Iterable[tuple[str, str]]) -> None:
    """(number, words) of what is not known; an empty number is drawn hatched."""
    st.html(html.missing(items))


def changed(items: Iterable[str]) -> None:
    """Short notes side by side; ``**bold**`` allowed."""
    st.html(html.changed(items))


def warning(*words: str) -> None:
    """What must be read before the page, a sentence a line."""
    lines = "<br>".join(html.rich(line) for line in words)
    st.html(f"<div class='pf-warn' role='status'>{lines}</div>")


def note(words: str) -> None:
    """A quiet sentence where there is nothing yet."""
    st.html(f"<p class='pf-note'>{html.rich(words)}</p>")


def empty(view: View) -> None:
    """Why nothing is shown, which filter would bring rows back and how many, and buttons that lift it."""
    back = [
        (fields, number)
        for fields, number in captions.lifted(session.fetch, view.scope)
        if number > 0 and fields in RELAX
    ]
    back.sort(key=lambda item: -item[1])
    sentence = wording.parts(view.scope, view.basis, view.measure, view.largest_left_out).filters
    if back:
        why = "No row passes all of these filters together. Lifting one of them brings rows back."
    else:
        why = "More than one filter stands in the way: no rows come back when a single one is lifted."
    _dashed("No seizures in this scope", f"{sentence}. {why}")
    with st.container(horizontal=True, horizontal_alignment="center", key="empty"):
        for fields, number in back:
            label, values = RELAX[fields]
            words = f"{label}: {count(number)} seizure{'s' * (number != 1)}"
            st.button(words, key=f"relax-{fields[0]}", on_click=filters.narrow, kwargs=values)
        if not filters.is_default():
            st.button(
                "Reset all filters",
                key="relax-all",
                type="primary" if not back else "secondary",
                on_click=filters.reset,
            )


def no_pool(pool_name: str) -> None:
    """There is no build: what to type."""
    if pool_name == "exercise":
        _dashed(
            "There is no exercise pool yet",
            "It holds invented rows for training and never mixes with the real one. Make it with:",
        )
        st.code("python -m postflow exercise\npython -m postflow build --pool exercise", language=None)
        st.caption("The page finds it at the next click.")
        return
    _dashed(
        "There is no pool yet", "Postflow has not read any file here. Make the pool of the shipped public figures with:"
    )
    st.code("python -m postflow build", language=None)
    st.caption("It takes some seconds. The page finds the pool at the next click.")
    st.button("Look again")


def trouble(error: Exception) -> None:
    """An error of ours as words."""
    st.html(f"<div class='pf-warn' role='alert'><b>This page cannot be shown.</b> {html.esc(error)}</div>")


def unforeseen(error: Exception) -> bool:
    """What a reader sees of an error that is none of ours; True: nothing of Streamlit's own, which names a hosting service.

    The whole of it stands in the server's log, which is written before.
    """
    del error
    st.html(
        "<div class='pf-warn' role='alert'><b>This page cannot be shown.</b> Postflow itself is at fault here, and nothing "
        "that is kept has changed. Load the page again or open another; what happened stands in the log of the server.</div>"
    )
    return True


def _dashed(title: str, words: str) -> None:
    mark = html.image((ASSETS / f"mark_{mode()}.svg").read_bytes(), 34, dim=True)
    st.html(f"<div class='pf-empty'>{mark}<h3>{html.esc(title)}</h3><p>{html.esc(words)}</p></div>")
