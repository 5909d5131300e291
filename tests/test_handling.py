"""Handling marks: the strictest wins, and a mark nobody knows closes the file."""

from __future__ import annotations

import pytest

from postflow import handling


@pytest.mark.parametrize(
    ("marks", "wanted"),
    [
        ([], "TLP:CLEAR"),
        (["TLP:CLEAR", "TLP:AMBER", "TLP:GREEN"], "TLP:AMBER"),
        (["TLP:AMBER+STRICT", "TLP:AMBER"], "TLP:AMBER+STRICT"),
        (["TLP:GREEN · H1", "TLP:CLEAR · H2"], "TLP:GREEN · H1+H2"),
        (["TLP:CLEAR · H0", "TLP:CLEAR · H3"], "TLP:CLEAR · H3"),
        (["TLP:CLEAR · H0"], "TLP:CLEAR · H0"),
        (["tlp:amber"], "TLP:AMBER"),
        (["TLP:AMBR"], "TLP:RED"),
        (["TLP:WHITE"], "TLP:RED"),
        ([""], "TLP:RED"),
        (["SYNTHETIC"], "SYNTHETIC"),
        (["SYNTHETIC", "TLP:CLEAR"], "SYNTHETIC"),
        (["SYNTHETIC", "TLP:AMBER"], "SYNTHETIC · TLP:AMBER"),
    ],
)
def test_strictest(marks: list[str], wanted: str) -> None:
    assert handling.strictest(marks) == wanted


def test_strictest_of_a_strictest_is_itself() -> None:
    mark = handling.strictest(["TLP:GREEN · H1", "TLP:AMBER · H2+H3"])
    assert handling.strictest([mark]) == mark == "TLP:AMBER · H1+H2+H3"


def test_words_and_colours_exist_for_every_mark() -> None:
    for mark in (*handling.TLP, handling.SYNTHETIC):
        assert handling.words(mark)
        assert all(colour.startswith("#") for colour in handling.colours(mark))
    assert "leave" in handling.words("TLP:CLEAR · H2")
