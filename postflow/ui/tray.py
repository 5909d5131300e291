"""The deck in the making: one per pool, kept in the home folder, so that it outlives a page switch, a reload and a restart."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from postflow import deck as decks
from postflow import home
from postflow.deck import Deck
from postflow.errors import PostflowError
from postflow.figure import Figure
from postflow.numbers import plural
from postflow.ui import address, filters, session

TITLE = "Postflow"
_SAID = "pf.tray.said"


def path() -> Path:
    """Where the deck of the pool in use is kept; a deck never holds both pools."""
    return home.folder() / "decks" / f"{session.data().pool}.toml"


def deck() -> Deck:
    """The deck as it stands; one that cannot be read is set aside, and an empty one begun."""
    if not path().is_file():
        return Deck(TITLE)
    try:
        return decks.open_file(path())
    except PostflowError:
        aside = path().with_suffix(".unreadable.toml")
        path().replace(aside)
        _say(f"The kept deck could not be read and now lies beside it as {aside.name}; a new one is begun.")
        return Deck(TITLE)


def keep(changed: Deck) -> bool:
    """Write the deck; False, with words on the page, where that fails."""
    try:
        home.replace_text(path(), decks.to_toml(changed))
    except (PostflowError, OSError) as error:
        _say(f"The deck could not be kept: {error}")
        return False
    return True


def add(figure: Figure) -> None:
    """Callback: put a figure, as this page shows it, at the end of the deck."""
    now = deck()
    if len(now.slides) >= decks.MOST_SLIDES:
        _say(f"The deck is full: it holds {decks.MOST_SLIDES} slides.")
        return
    link = urlsplit(address.link(filters.taken(), session.data().build_id)).query
    if keep(Deck(now.title, (*now.slides, decks.slide(figure, session.page(), link)))):
        number = len(now.slides) + 1
        _say(f"Slide {number} of the deck. It now holds {number} slide{plural(number)}.")


def _say(words: str) -> None:
    """Callbacks run before the page: what they have to say waits for it."""
    st.session_state[_SAID] = words


def say() -> None:
    """What the deck last had to say, once."""
    if words := st.session_state.pop(_SAID, ""):
        st.toast(words)
