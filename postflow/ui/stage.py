"""The presenter: one figure at a time on a 1280 × 720 stage that fills the screen, the filters one key away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

import streamlit as st

from postflow import choice as choices
from postflow import redraw
from postflow.deck import Slide
from postflow.figure import Figure
from postflow.figures import registry
from postflow.figures.registry import Asked
from postflow.home import POOLS
from postflow.render.html import tables
from postflow.template import watermark
from postflow.ui import address, blocks, filters, html, session, tray
from postflow.ui.plot import plot

URL = "present"
WIDTH, HEIGHT = 1280, 720
PLOT_WIDTH = 1200
LEAST, MOST = 210, 560
_STAGED, _FILTERS, _LEAVING = "pf.stage.slide", "pf.stage.filters", "pf.stage.leaving"


@dataclass(frozen=True)
class Show:
    """What is shown in turn: a page's figures, or the slides of the deck."""

    of: str
    keys: tuple[str, ...]
    slides: tuple[Slide, ...] = ()


def is_open() -> bool:
    """Whether the stage is the open page."""
    return (st.context.url or "").split("?")[0].rstrip("/").endswith(f"/{URL}")


def shows_filters() -> bool:
    """Whether the reader called the filters up."""
    return bool(st.session_state.get(_FILTERS))


def present() -> None:
    """The whole page."""
    if st.session_state.pop(_LEAVING, False):
        st.switch_page(_home())
    show = _show()
    if not show.keys:
        blocks.note(
            "There is nothing to present: the deck is empty. Press “Add to deck” under a figure, or “Present” on a page."
        )
        st.page_link("pages/explore/overview.py", label="Overview")
        return
    number = _number(len(show.keys))
    _arrive(show, number)
    _controls(number, len(show.keys))
    view = session.view()
    asked = Asked({name: value for name, value in _own(show, number).items()})
    page = show.slides[number - 1].page if show.slides else show.of
    figure = registry.draw(session.fetch, view, page, show.keys[number - 1], asked)
    if figure is None:
        blocks.empty(view)
        return
    if show.slides and show.slides[number - 1].headline:
        figure = replace(figure, headline=show.slides[number - 1].headline)
    _stage(figure, f"{number} / {len(show.keys)}")


def _show() -> Show:
    of = st.query_params.get("of", "deck")
    if of in registry.PAGES:
        return Show(of, tuple(registry.of_page(session.fetch, session.view(), of, Asked(_page_params()))))
    slides = tray.deck().slides
    return Show("deck", tuple(item.figure_key for item in slides), slides)


def _page_params() -> dict[str, str]:
    return {name: value for name, value in st.query_params.items() if name not in redraw.OWN}


def _own(show: Show, number: int) -> Mapping[str, str]:
    """The choices of the figure's own page."""
    if not show.slides:
        return _page_params()
    asked = parse_qs(show.slides[number - 1].link)
    return {name: values[-1] for name, values in asked.items() if name not in redraw.OWN}


def _number(total: int) -> int:
    asked = st.query_params.get("slide", "1")
    return min(max(registry.whole(asked, 1), 1), total)


def _arrive(show: Show, number: int) -> None:
    """A slide brings its filters along; what is filtered on the stage lasts until the next slide."""
    if not show.slides:
        return
    item = show.slides[number - 1]
    here = f"{number} {item.link}"
    if st.session_state.get(_STAGED) == here:
        return
    st.session_state[_STAGED] = here
    choice, said = choices.read(parse_qs(item.link), choices.options(session.fetch("ui/options", drugs=None)), POOLS)
    filters.fill(replace(choice, pool=session.data().pool))
    address.say(said)
    st.rerun()


def _turn(to: int) -> None:
    st.query_params["slide"] = str(to)


def _toggle() -> None:
    st.session_state[_FILTERS] = not shows_filters()


def _leave() -> None:
    st.session_state.pop(_STAGED, None)
    st.session_state.pop(_FILTERS, None)
    st.session_state[_LEAVING] = True


def _controls(number: int, total: int) -> None:
    """In the corner, seen when the pointer or the focus is there; clickers send PageUp and PageDown."""
    before, after = max(number - 1, 1), min(number + 1, total)
    with st.container(key="turn", horizontal=True):
        st.button("Back", shortcut="Left", on_click=_turn, args=(before,), key="stage-back")
        st.button("Next", shortcut="Right", on_click=_turn, args=(after,), key="stage-next")
        st.button("Filters", shortcut="F", on_click=_toggle, key="stage-filters")
        st.button("Leave", shortcut="Esc", on_click=_leave, key="stage-leave")
    with st.container(key="clicker"):
        st.button("Page back", shortcut="PageUp", on_click=_turn, args=(before,), key="stage-pageup")
        st.button("Page on", shortcut="PageDown", on_click=_turn, args=(after,), key="stage-pagedown")


def _home() -> str:
    of = st.query_params.get("of", "deck")
    return f"pages/{of}.py" if of in registry.PAGES else "pages/share/deck.py"


# ---------- the stage ----------


def _lines(words: str, per_line: float) -> int:
    return max(1, math.ceil(len(words) / per_line)) if words else 0


def room(figure: Figure) -> int:
    """Height in px that is left for the picture, the words measured by their length."""
    caption = sum(_lines(line, 160) for line in figure.caption.lines())
    head = 44 * _lines(figure.headline, 60) + 26 * _lines(figure.measure, 118)
    notes = 22 * math.ceil(sum(_lines(words, 55) for _, words in figure.events) / 3) if figure.events else 0
    return int(min(max(HEIGHT - 14 - 36 - head - 19 * caption - notes - 40, LEAST), MOST))


def _stage(figure: Figure, folio: str) -> None:
    mode, height = blocks.mode(), room(figure)
    logo = html.image((blocks.ASSETS / f"logo_{mode}.svg").read_bytes(), 22, "Postflow")
    line = "Context figure: not filtered by the sentence" if figure.is_context else figure.caption.filters
    mark = html.mark(figure.caption.mark)
    with st.container(key="stage"):
        st.html(
            f"<div class='pf-strip'>{logo}<span>{html.esc(line)}</span>{mark}</div>"
            + html.style(f".st-key-stage{{--stage-h:{height}px}}")
        )
        st.html(html.head(figure.headline, figure.measure))
        if figure.body:
            st.html(
                f"<div class='pf-body' style='max-height:{height if not figure.drawing else 96}px'>{tables(figure.body)}</div>"
            )
        if figure.drawing:
            drawn = figure.picture(mode, "present", height - (100 if figure.body else 0))
            if session.is_synthetic():
                drawn = watermark(drawn, mode, 1.0)
            drawn["layout"]["width"] = PLOT_WIDTH
            plot(drawn, key=f"stage-{figure.key}", alt=figure.alt or figure.headline)
        if figure.events:
            st.html(html.events(figure.events))
        st.html(html.caption(figure.caption))
        st.html(f"<div class='pf-foot'>{mark}<span class='pf-folio'>{html.esc(folio)}</span></div>")
