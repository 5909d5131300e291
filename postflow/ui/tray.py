"""The deck in the making: the reader's own, kept in the home folder, so that it outlives a page switch and a restart."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from postflow import deck as decks
from postflow import shelf
from postflow.deck import Deck
from postflow.errors import PostflowError
from postflow.figure import Figure
from postflow.numbers import plural
from postflow.ui import address, filters, reader, session

TITLE = "Postflow"
_SAID, _OWN = "pf.tray.said", "pf.tray.own"


def deck() -> Deck:
    """The reader's deck in the pool in use as it stands; one that cannot be read is set aside, and an empty one begun.

    Raises:
        PoolError: the file is there and may not be read.
    """
    found, said = shelf.opened(session.data().pool, reader.name(), TITLE)
    if said:
        _say(said)
    return found


def change(make: Callable[[Deck], Deck | None], seen: int | None) -> Deck | None:
    """Callback: change the deck and return it; None, with words on the page, where that fails or somebody else did.

    Args:
        make: the deck that it becomes.
        seen: the version that the page shows; None where any will do.
    """
    own = st.session_state.setdefault(_OWN, {}).setdefault((session.data().pool, reader.name()), set())
    try:
        kept = shelf.change(session.data().pool, reader.name(), TITLE, make, seen, own)
    except shelf.StaleError as error:
        _say(str(error))
        return None
    except PostflowError as error:
        _say(f"The deck could not be kept: {error}")
        return None
    own.add(kept.version)
    return kept


def add(figure: Figure) -> None:
    """Callback: put a figure, as this page shows it, at the end of the deck."""
    link = address.query(filters.taken(), session.data().build_id)
    made = replace(decks.slide(figure, session.page(), link), id=uuid.uuid4().hex[:12])
    is_full: list[bool] = []

    def put(now: Deck) -> Deck:
        is_full[:] = [len(now.slides) >= decks.MOST_SLIDES]
        return now if is_full[0] else replace(now, slides=(*now.slides, made))

    kept = change(put, None)
    if kept is None:
        return
    if is_full[0]:
        _say(f"The deck is full: it holds {decks.MOST_SLIDES} slides.")
        return
    number = len(kept.slides)
    _say(f"Slide {number} of the deck. It now holds {number} slide{plural(number)}.")


def _say(words: str) -> None:
    """Callbacks run before the page: what they have to say waits for it."""
    st.session_state[_SAID] = words


def said() -> str:
    """What the deck last had to say, once."""
    return str(st.session_state.pop(_SAID, ""))


def say() -> None:
    """Say it in passing."""
    if words := said():
        st.toast(words)
