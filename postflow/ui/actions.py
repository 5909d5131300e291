"""The ways out under a figure: add to the deck, its table, its files, what is known of its data.

The row is one lasting element; what it opens is made when it is asked for. ``POSTFLOW_PLOT=streamlit`` draws plain
buttons, for tests without a browser.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from postflow.figure import Figure
from postflow.figures import grid
from postflow.ui import html, save, session, tray

_SCRIPT = (Path(__file__).parent / "actions.js").read_text(encoding="utf-8")
WORDS = {"deck": "Add to deck", "table": "Table", "save": "Save", "about": "About these data"}


@cache
def _mount() -> Callable[..., Any]:
    return st.components.v2.component(
        "postflow_actions", html="<div class='pf-actions'></div>", js=_SCRIPT, isolate_styles=False
    )


@st.fragment
def actions(figure: Figure) -> None:
    """The row, and what was pressed in it."""
    words = {name: label for name, label in WORDS.items() if name != "deck" or session.page()}
    pressed = _pressed(figure, words)
    if pressed == "deck":
        tray.add(figure)
        tray.say()
    elif pressed in ("table", "save", "about"):
        st.dialog(WORDS[pressed], width="large" if pressed == "table" else "medium")(partial(BODIES[pressed], figure))()


def _pressed(figure: Figure, words: dict[str, str]) -> str:
    if os.environ.get("POSTFLOW_PLOT") == "streamlit":
        with st.container(horizontal=True, key=f"actions-{figure.key}"):
            return next((name for name, label in words.items() if st.button(label, key=f"{name}-{figure.key}")), "")
    found = _mount()(
        key=f"actions-{figure.key}",
        data={"actions": list(words.items())},
        height="content",
        on_pressed_change=lambda: None,
    )
    return str(found.pressed or "")


def _table(figure: Figure) -> None:
    st.html(html.head(figure.headline, figure.measure) + grid.table(figure.rows, figure.columns))


def _about(figure: Figure) -> None:
    sources = None if figure.is_context else session.fetch("charts/sources", scope=session.view().scope)
    st.html(html.about(figure, sources))


BODIES: dict[str, Callable[[Figure], None]] = {"table": _table, "save": save.file, "about": _about}
