"""Decks as they are kept: one a reader, and nobody writes over what another did."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from test_share import _quiet, home, opened, press, text

from postflow import deck, shelf
from postflow.errors import PoolError

__all__ = ["_quiet", "home"]

SLIDES = tuple(deck.Slide(key, "explore/flows", f"pool=real&n={key}") for key in "abc")


def laid(reader: str = "") -> deck.Deck:
    return shelf.change("real", reader, "T", lambda old: replace(old, slides=SLIDES), None)


def keys(reader: str = "") -> str:
    return "".join(item.figure_key for item in shelf.opened("real", reader, "T")[0].slides)


def test_each_reader_has_a_deck_of_their_own() -> None:
    laid("Ann")
    shelf.change("real", "Bob", "T", lambda old: replace(old, slides=SLIDES[:1]), None)
    assert (keys("Ann"), keys("Bob"), keys()) == ("abc", "a", "")
    assert keys("  aNN\u2028") == "abc", "capitals and spaces do not make another reader"
    assert shelf.opened("exercise", "Ann", "T")[0].slides == ()


@pytest.mark.parametrize("name", ["../../etc/passwd", "CON", "a" * 300, "日本語", "x\x00y", "\ud800", ".", "a/b\\c"])
def test_any_name_has_a_deck_inside_the_home(name: str, own_home: Path) -> None:
    laid(name)
    assert keys(name) == "abc"
    assert {path.parent for path in own_home.rglob("*.toml")} == {own_home / "decks" / "real"}


def test_what_was_seen_before_another_changed_it_changes_nothing_and_says_so() -> None:
    seen = laid().version
    shelf.change("real", "", "T", lambda old: old.without(0), seen)
    with pytest.raises(shelf.StaleError, match="changed in another window"):
        shelf.change("real", "", "T", lambda old: old.without(0), seen)
    assert keys() == "bc"


def test_ones_own_quick_clicks_are_not_stale_but_anothers_between_them_is() -> None:
    one = laid().version
    two = shelf.change("real", "", "T", lambda old: old.move(0, 1), one).version
    three = shelf.change("real", "", "T", lambda old: old.move(0, 1), one, {two}).version
    assert keys() == "abc"
    four = shelf.change("real", "", "T", lambda old: old.move(0, 2), None).version
    with pytest.raises(shelf.StaleError):
        shelf.change("real", "", "T", lambda old: deck.Deck("T"), one, {two, three})
    assert (keys(), four) == ("bca", 4)


def test_slides_added_by_many_at_once_are_all_there() -> None:
    def put(number: int) -> None:
        item = deck.Slide(f"k{number}", "explore/flows", "", id=f"i{number}")
        shelf.change("real", "Ann", "T", lambda old: replace(old, slides=(*old.slides, item)), None)

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(put, range(24)))
    found = shelf.opened("real", "Ann", "T")[0]
    assert {item.figure_key for item in found.slides} == {f"k{number}" for number in range(24)}
    assert found.version == 24


def test_a_deck_of_an_older_version_opens_as_the_shared_one_and_has_ids() -> None:
    deck.save(deck.Deck("Old", (SLIDES[0], SLIDES[0], SLIDES[1])), _made(shelf.path("real", "")))
    found, said = shelf.opened("real", "", "T")
    assert (found.title, found.version, said, keys()) == ("Old", 0, "", "aab")
    ids = [item.id for item in found.slides]
    assert len(set(ids)) == 3
    shelf.change("real", "", "T", lambda old: old.without(1), 0)
    assert [item.id for item in shelf.opened("real", "", "T")[0].slides] == [ids[0], ids[2]]


@pytest.mark.parametrize("broken", ["", "\0\0\0", "title = ", "slides = 7", "\n"])
def test_what_is_no_deck_is_set_aside_and_never_written_over(broken: str) -> None:
    for round_ in range(3):
        _made(shelf.path("real", "Ann")).write_text(f"{broken}", encoding="utf-8")
        found, said = shelf.opened("real", "Ann", "T")
        assert found.slides == ()
        assert "could not be read" in said
        assert len(list(shelf.path("real", "Ann").parent.glob("*.unreadable*.toml"))) == round_ + 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this account")
def test_a_folder_that_cannot_be_written_costs_no_slide() -> None:
    laid("Ann")
    folder = shelf.path("real", "Ann").parent
    folder.chmod(0o500)
    try:
        with pytest.raises(PoolError, match="cannot be written"):
            laid("Ann")
    finally:
        folder.chmod(0o700)
    assert keys("Ann") == "abc"


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.usefixtures("home")
def test_two_readers_on_the_page_do_not_undo_each_other() -> None:
    for drug in ("ketamine", "MDMA"):
        press(opened("pages/explore/flows.py", drug=drug), "deck-flow_sides")
    one, two = opened("pages/share/deck.py"), opened("pages/share/deck.py")
    press(one, "deck-remove-0-0")
    left = shelf.opened("real", "", "T")[0].slides
    press(two, "deck-remove-0-0")
    assert "changed in another window" in text(two)
    assert "1 slide in the deck" in text(two)
    assert shelf.opened("real", "", "T")[0].slides == left
    press(two, "deck-remove-0-1")
    assert shelf.opened("real", "", "T")[0].slides == ()


@pytest.mark.usefixtures("home")
def test_a_reader_who_writes_a_name_has_a_deck_that_others_do_not_see() -> None:
    app = opened("pages/share/deck.py")
    app.text_input(key="pf.deck.who").input("Ann\u2028").run()
    assert not app.exception
    press(opened("pages/explore/flows.py", reader="Ann"), "deck-flow_sides")
    assert "1 slide in the deck" in text(opened("pages/share/deck.py", reader="ann"))
    assert "The deck is empty" in text(opened("pages/share/deck.py", reader="Bob"))
    assert "The deck is empty" in text(opened("pages/share/deck.py"))
    assert app.query_params["reader"] in ("Ann", ["Ann"])
