"""The deck: it survives its file, and says what changed."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from postflow import deck
from postflow.errors import ExportError
from postflow.figure import Caption, Figure

CAPTION = Caption(
    "920 seizures.",
    "Nothing left out.",
    "MDMA",
    "2012–2016",
    "A source",
    "Data to 2026-04 · build 7c1d525",
    "TLP:CLEAR",
)
FIGURE = Figure(
    "corridor", "Five times as many", "Seizures a year", CAPTION, pd.DataFrame({"year": [2015, 2016], "n": [1.0, 5.0]})
)


def made(headline: str = "", note: str = "") -> deck.Deck:
    return deck.Deck(
        "Ten findings", (deck.slide(FIGURE, "explore/flows", "?drug=MDMA&version=7c1d525", headline, note),)
    )


@pytest.mark.parametrize(
    "note",
    [
        "",
        'A "quoted" word\\',
        "first\nsecond\ttab",
        "日本語 العربية 🎉",
        "\x7f\x00\x1b",
        "'''\"\"\"",
        "= 1",
        "lone \ud800",
    ],
)
@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_deck_survives_its_file(tmp_path: Path, note: str, suffix: str) -> None:
    path = tmp_path / f"d{suffix}"
    if "\ud800" in note and suffix == ".json":
        pytest.skip("JSON keeps what cannot be encoded out by itself")
    deck.save(made(note=note), path)
    assert deck.open_file(path).slides[0].note == note.encode("utf-8", "replace").decode()


def test_order_and_words_change_on_a_copy() -> None:
    three = deck.Deck("d", tuple(deck.Slide(key, "p", "") for key in "abc"))
    assert [s.figure_key for s in three.move(0, 2).slides] == ["b", "c", "a"]
    assert [s.figure_key for s in three.without(1).slides] == ["a", "c"]
    assert three.change(1, headline="New").slides[1].headline == "New"
    assert three.slides[1].headline == ""


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (FIGURE, "same"),
        (None, "gone"),
        (replace(FIGURE, headline="Six times as many"), "headline"),
        (replace(FIGURE, rows=FIGURE.rows.assign(n=[1.0, 6.0])), "numbers"),
        (replace(FIGURE, caption=replace(CAPTION, version="Data to 2026-05 · build 8d2e636")), "new version"),
    ],
)
def test_compare_says_what_changed(now: Figure | None, kind: str) -> None:
    (change,) = deck.compare(made(), [now])
    assert change.kind == kind
    assert change.words.startswith("Slide 1")


def test_own_headline_is_questioned_when_the_finding_changes() -> None:
    (change,) = deck.compare(made(headline="My words"), [replace(FIGURE, headline="Fewer")])
    assert "My words" in change.words


def test_refreshed_deck_has_no_changes() -> None:
    newer = replace(FIGURE, headline="Six times as many")
    assert deck.compare(deck.refreshed(made(), [newer]), [newer])[0].kind == "same"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title = ",
        "x = 1",
        "form = 2\ntitle='a'",
        "[[slides]]\nfigure_key='a'",
        "[[slides]]\nfigure_key='a'\npage='b'\nlink='c'\nrows=[1]",
        "slides = 3",
        "{",
        "{}}",
        "title = 3",
        "[" * 5000,
    ],
)
def test_what_is_no_deck_is_refused(text: str) -> None:
    if text == "":
        assert deck.parse(text) == deck.Deck("")
        return
    with pytest.raises(ExportError):
        deck.parse(text, "d.toml")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        deck.save(made(), tmp_path / "missing" / "d.toml")
    with pytest.raises(ExportError, match="cannot be read"):
        deck.open_file(tmp_path / "none.toml")


def test_the_file_is_plain_toml() -> None:
    assert tomllib.loads(deck.to_toml(made()))["slides"][0]["page"] == "explore/flows"
