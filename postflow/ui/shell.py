"""The shell around every page: styles, sidebar, pool switch, the scope sentence, and what a link asked for in vain."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from postflow import captions, handling
from postflow import choice as choices
from postflow.choice import DEFAULT, Choice
from postflow.errors import PostflowError
from postflow.figures import registry
from postflow.home import POOLS
from postflow.numbers import count, plural
from postflow.pool import PoolFile
from postflow.style import css_variables
from postflow.ui import address, blocks, filters, html, reader, session, stage, theme
from postflow.ui.blocks import ASSETS
from postflow.view import View

_CHOICE = "pf.choice"
SIDEBAR_PX = 232
UNFILTERED = ("deck", "add_data")
"""Pages that show what no filter leaves."""


def start(title: str = "Postflow") -> None:
    """Page settings and styles; the first call of the app."""
    st.set_page_config(
        title,
        page_icon=str(ASSETS / "favicon.png"),
        layout="wide",
        initial_sidebar_state="collapsed" if stage.is_open() else SIDEBAR_PX,
    )
    # Streamlit sets the colour scheme on the app, but draws popovers beside it.
    st.html(html.style(f":root{{color-scheme:{blocks.mode()}}}{_styles()}"))
    theme.follow()


@cache
def _styles() -> str:
    return css_variables() + (ASSETS / "postflow.css").read_text(encoding="utf-8")


def controls(bare: bool = False, filtered: bool = True) -> bool:
    """Pool switch, sidebar and scope sentence; False where there is no pool to show.

    Args:
        bare: the stage shows none of them, until the reader calls for the filters.
        filtered: the page shows what the filters leave; the deck does not, and has no sentence.
    """
    file = _arrive()
    _switch()
    if file is None:
        st.session_state[_CHOICE] = filters.taken()
        address.write(filters.taken())
        return False
    _foot()
    if bare and not stage.shows_filters():
        _settle()
        return True
    _banners()
    if filtered:
        _bar()
    else:
        _settle()
    return True


def _caption() -> None:
    """Scope, period, sources, build and mark of a page that draws the scope, once; its figures then say only what is theirs."""
    shared = session.page().startswith("explore/") or session.page() == "evidence/followup"
    words = captions.caption(session.fetch, session.view()) if shared else None
    session.begin(words)
    if words:
        st.html(html.page_caption(words))


def _arrive() -> PoolFile | None:
    """The filters and the build of this run, from a link where one was opened."""
    foreign, params = address.is_foreign(), address.asked()
    if foreign:
        asked_pool = "".join(params.get("pool", [])[-1:]).lower()
        filters.fill(replace(DEFAULT, pool=asked_pool if asked_pool in POOLS else DEFAULT.pool))
    else:
        filters.hold(st.session_state.get(_CHOICE, DEFAULT))
    if foreign:
        session.pin("".join(params.get("build", [])[-1:]))
    file = session.use(filters.taken().pool)
    if foreign and file:
        _open_link(params, file.build_id)
    return file


def _banners() -> None:
    """What must be read before anything else on the page."""
    if session.is_synthetic():
        st.html(
            "<div class='pf-synth'>SYNTHETIC — exercise pool"
            "<span>Invented rows. No figure on this page is a real seizure.</span></div>"
        )
    if session.pinned():
        _older()
    if session.file().amiss:
        blocks.warning(session.file().amiss)


def _older() -> None:
    """An older build is open: say so on every page, and offer the newest."""
    with st.container(horizontal=True, key="older", vertical_alignment="center"):
        st.html(
            f"<div class='pf-warn' role='status'>You are looking at an older build, as the link asked: {html.esc(session.data().version)}.</div>"
        )
        st.button("Go to the newest", key="newest", on_click=session.pin, args=("",))


def _open_link(params: address.Params, build_id: str) -> None:
    offered = choices.options(session.fetch("ui/options", drugs=None))
    choice, said = choices.read(address.whole() | params, offered, POOLS)
    filters.fill(choice)
    address.say([*said, *address.build_words(params, build_id)])


def _bar() -> None:
    now = filters.taken()
    offered = choices.options(session.fetch("ui/options", drugs=list(now.drug) or None))
    filters.bar(offered, address.link(now, session.data().build_id))
    if address.said():
        blocks.warning(*address.said())
    _settle()


def _settle() -> None:
    """What the filters hold becomes the view of this run and the address."""
    now = filters.taken()
    st.session_state[_CHOICE] = now
    session.keep(_view(now))
    address.write(now)


def _view(choice: Choice) -> View:
    return View(session.data(), choices.scope(choice), choice.basis, choice.measure, choice.largest)


def _switch() -> None:
    st.logo(str(ASSETS / f"logo_{blocks.mode()}.svg"), size="large")
    with st.sidebar:
        st.segmented_control(
            "Pool",
            list(POOLS),
            format_func=str.capitalize,
            required=True,
            key=filters.key("pool"),
            on_change=filters.changed,
            label_visibility="collapsed",
            width="stretch",
            wrap=False,
        )


def _foot() -> None:
    data, row = session.data(), session.fetch("ui/pool").iloc[0]
    marks = list(row["marks"]) if row["marks"] is not None else []
    lines = [f"<b>Data to {html.esc(data.data_through)}<br>build {html.esc(data.build_id)}</b>"]
    if data.is_synthetic:
        lines = [
            "<b>Exercise pool</b>",
            "Invented rows, never mixed with the real pool",
            f"build {html.esc(data.build_id)}",
        ]
    lines.append(
        ", ".join(
            f"{count(row[name])} {name.removesuffix('s') if row[name] == 1 else name}" for name in ("sources", "files")
        )
    )
    if row["left_out"]:
        lines.append(f"<b>{count(row['left_out'])} file{plural(row['left_out'])} left out: see Data room</b>")
    lines.append(f"Strictest mark: {'SYNTHETIC' if data.is_synthetic else html.esc(handling.strictest(marks))}")
    with st.sidebar:
        st.html(f"<div class='pf-pool'>{'<br>'.join(lines)}</div>")


@contextmanager
def guard() -> Generator[None]:
    """Errors of ours become words on the page; all others stay loud."""
    try:
        yield
    except PostflowError as error:
        blocks.trouble(error)


def run(page: StreamlitPage) -> None:
    """Filters, then the page; or what to do where there is no pool."""
    session.on_page(next((name for name in registry.PAGES if name.split("/")[1] == (page.url_path or "overview")), ""))
    with guard():
        if controls(bare=page.url_path == stage.URL, filtered=page.url_path not in UNFILTERED):
            reader.follow()
            _caption()
            page.run()
            if left := session.unanswered():
                st.html(html.unanswered(left))
        else:
            blocks.no_pool(filters.taken().pool)
    session.freeze()
