"""The deck: reorder, retitle, note, remove; what changed since; the file; the way to the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

import streamlit as st

from postflow import deck as decks
from postflow import exports, redraw
from postflow.deck import Deck
from postflow.errors import PostflowError
from postflow.exports import Outgoing
from postflow.exports.gate import MOST_TITLE
from postflow.numbers import count, plural
from postflow.redraw import Drawn
from postflow.ui import address, blocks, html, reader, save, session, tray
from postflow.ui.filters import PRESENT
from postflow.view import View

_TURN, _DRAWN, _WANTED, _SAID = "pf.deck.turn", "pf.deck.drawn", "pf.deck.wanted", "pf.deck.said"


def deck() -> None:
    """The whole page."""
    now = tray.deck()
    number = len(now.slides)
    blocks.finding(
        f"{count(number)} slide{plural(number)} in the deck" if number else "The deck is empty", _standfirst(now)
    )
    for words in filter(None, [tray.said(), *st.session_state.pop(_SAID, [])]):
        blocks.warning(words)
    reader.ask("Your name: a deck and your decisions are kept under it", "pf.deck.who")
    if not now.reader:
        blocks.note("This deck is shared by all who have not written their name; write yours to have one of your own.")
    left, right = st.columns([7.6, 4.4], gap="large")
    with left:
        if number:
            st.text_input("Title of the deck", now.title, key=_key("title"), on_change=_retitle, args=(now.version,))
            _changes(now)
            for at in range(number):
                _slide(now, at)
        else:
            blocks.note(
                "Every figure has “Add to deck” under it. The slide keeps its filters, page and build, and is drawn anew when you present or save it."
            )
    with right:
        if number:
            _leave(now)
        _files(now)


def _standfirst(now: Deck) -> str:
    if not now.slides:
        return "Add figures from any page; here they are put in order, given words of your own, shown and saved."
    return "In this order they are shown on the stage and written to slides. The deck outlives reloads and restarts; every reader and either pool has its own."


def _key(name: str) -> str:
    """Keys are new after each move, so that words do not stay behind with a place."""
    return f"deck-{name}-{st.session_state.get(_TURN, 0)}"


def _change(seen: int, make: Callable[[Deck], Deck | None]) -> None:
    """Callback: words and places are drawn anew whether it was done or the deck had been changed elsewhere."""
    tray.change(make, seen)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _at(slide_id: str, make: Callable[[Deck, int], Deck]) -> Callable[[Deck], Deck | None]:
    """What is done to one slide, wherever it is by now."""

    def made(old: Deck) -> Deck | None:
        at = old.place(slide_id)
        return None if at is None else make(old, at)

    return made


def _retitle(seen: int) -> None:
    words = st.session_state[_key("title")].strip() or tray.TITLE
    if tray.change(lambda old: replace(old, title=words), seen) is None:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _reword(seen: int, slide_id: str, key: str, field: str) -> None:
    words = st.session_state[key].strip()
    if tray.change(_at(slide_id, lambda old, at: old.change(at, **{field: words})), seen) is None:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _slide(now: Deck, at: int) -> None:
    item = now.slides[at]
    place, words, moves = st.columns([0.5, 8.6, 2.3], gap="small", vertical_alignment="top")
    with place:
        st.html(f"<div class='pf-place'>{at + 1}</div>")
    with words:
        page = item.page.split("/")[-1]
        where = f"/{'' if page == 'overview' else page}?{item.link}"
        st.html(
            f"<div class='pf-slide'><a href='{html.esc(where)}' target='_self'>{html.esc(page.replace('_', ' ').capitalize())}</a>"
            f"<span>{html.esc(item.seen_counted)} {html.esc(item.seen_version)}</span></div>"
        )
        st.text_input(
            f"Headline of slide {at + 1}",
            item.headline,
            placeholder=item.seen_headline,
            key=_key(f"headline-{at}"),
            on_change=_reword,
            args=(now.version, item.id, _key(f"headline-{at}"), "headline"),
            label_visibility="collapsed",
            max_chars=MOST_TITLE,
        )
        st.text_input(
            f"Note to slide {at + 1}",
            item.note,
            placeholder="Note for the speaker",
            key=_key(f"note-{at}"),
            on_change=_reword,
            args=(now.version, item.id, _key(f"note-{at}"), "note"),
            label_visibility="collapsed",
        )
    with moves, st.container(horizontal=True, key=f"moves-{at}"):
        for sign, word, to in (("↑", "Up", at - 1), ("↓", "Down", at + 1)):
            st.button(
                sign,
                help=f"{word}: slide {at + 1}",
                key=_key(f"{word}-{at}"),
                disabled=not 0 <= to < len(now.slides),
                on_click=_change,
                args=(
                    now.version,
                    _at(
                        item.id,
                        lambda old, place, by=to - at: old.move(place, min(max(place + by, 0), len(old.slides) - 1)),
                    ),
                ),
                type="tertiary",
            )
        st.button(
            "Remove",
            key=_key(f"remove-{at}"),
            on_click=_change,
            args=(now.version, _at(item.id, lambda old, place: old.without(place))),
            type="tertiary",
        )


# ---------- what changed ----------


def drawn(now: Deck) -> list[Drawn]:
    """The slides on today's data, drawn once per deck and build."""
    known = (decks.to_toml(now), session.data().build_id)
    if st.session_state.get(_DRAWN, (None, None))[0] != known:
        with st.spinner("Drawing the slides on today's data …"):
            st.session_state[_DRAWN] = (known, redraw.deck(now, session.fetch, session.data()))
    return st.session_state[_DRAWN][1]


def _changes(now: Deck) -> None:
    """Where the deck was made on another build: what each slide says now."""
    if all(item.seen_version == session.data().version for item in now.slides):
        return
    figures = [part.figure for part in drawn(now)]
    told = decks.compare(now, figures)
    moved = [change for change in told if change.kind not in ("same", "new version")]
    same = len(told) - len(moved)
    lead = (
        f"{count(len(moved))} of {count(len(told))} slides changed since they were added"
        if moved
        else "The data are newer; every slide says what it said"
    )
    blocks.head(
        lead,
        f"Against {session.data().version}; {count(same)} slide{plural(same)} stand{'s' if same == 1 else ''} as before",
    )
    st.html(_list([change.words for change in moved] + [words for part in drawn(now) for words in part.said]))
    st.button(
        "Take today's numbers as seen",
        key="deck-refresh",
        on_click=_change,
        args=(now.version, lambda old: decks.refreshed(old, figures)),
    )


def _list(words: list[str]) -> str:
    return "<ul class='pf-list'>" + "".join(f"<li>{html.esc(line)}</li>" for line in words) + "</ul>"


# ---------- ways out ----------


def _leave(now: Deck) -> None:
    blocks.head("Show it, or take it along", "Every slide carries caption, data version and handling mark")
    if st.button(
        "Present, full screen",
        type="primary",
        key="deck-present",
        help="Arrow keys turn, F shows the filters, Esc leaves",
    ):
        st.switch_page(PRESENT, query_params={"of": "deck", "slide": "1"})
    form = st.segmented_control(
        "As a file",
        list(exports.DECK),
        format_func=save.offered(exports.DECK).__getitem__,
        default="pptx",
        required=True,
        key="deck-form",
    )
    wanted = (form, decks.to_toml(now), session.data().build_id)
    if st.button("Make the file", key="deck-make"):
        st.session_state[_WANTED] = wanted
    if st.session_state.get(_WANTED) == wanted:
        save.button(str(form), lambda: _out(now, str(form)), "postflow-deck", "deck-save")


def _out(now: Deck, form: str) -> Outgoing:
    parts = drawn(now)
    lost = [at for at, part in enumerate(parts, start=1) if part.figure is None]
    if lost:
        blocks.warning(f"Left out, as they cannot be drawn on these data: slide {', '.join(map(str, lost))}.")
    items = [replace(item, link=f"{address.place(_path(part))}{item.link}") for part in parts if (item := part.item())]
    return exports.gate(items, View(session.data()), form, title=now.title)


def _path(part: Drawn) -> str:
    page = part.slide.page.split("/")[-1]
    return "" if page == "overview" else page


def _files(now: Deck) -> None:
    blocks.head(
        "The deck as a file", "It holds no rows: it names figures and filters, and is drawn anew where it is opened"
    )
    if now.slides:
        st.download_button(
            "Save deck",
            decks.to_toml(replace(now, version=0, reader="")),
            "postflow-deck.toml",
            "application/toml",
            on_click="ignore",
            key="deck-file",
            help="Open it here or on another machine, or draw it with `python -m postflow deck`.",
        )
    st.file_uploader(
        "Open a deck", type=["toml", "json"], key=_key("open"), on_change=_open, args=(now.version,), max_upload_size=2
    )
    if now.slides:
        with st.popover("Empty the deck"):
            st.button(
                "Yes, remove every slide",
                key="deck-empty",
                on_click=_change,
                args=(now.version, lambda _: Deck(tray.TITLE)),
            )


def _open(seen: int) -> None:
    given = st.session_state[_key("open")]
    if given is None:
        return
    try:
        found = decks.parse(given.getvalue().decode("utf-8-sig", "replace"), given.name)
    except PostflowError as error:
        st.session_state[_SAID] = [str(error)]
        return
    pools = {parse_qs(item.link).get("pool", ["real"])[-1] for item in found.slides}
    if pools - {session.data().pool}:
        st.session_state[_SAID] = [
            f"{given.name} holds slides of the {' and '.join(sorted(pools - {session.data().pool}))} pool; this is the {session.data().pool} pool. Switch the pool at the left and open it again. The deck here was left as it was."
        ]
        return
    _change(seen, lambda _: found)
