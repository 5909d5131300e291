"""A message is plain text, whatever a file, a name or a cell holds: one line, of bounded length, printable everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from postflow import cli, disk
from postflow.errors import DeliveryError, plain
from tests.test_bad_input import HEAD, ROW, demo_only

__all__ = ["demo_only"]

ODD = {
    "a colour of the terminal": ("\x1b[31mred", r"\x1b[31mred"),
    "a line of its own": ("a\nb\r\u2028c\x85d", r"a\nb\r\u2028c\x85d"),
    "a turn of the reading direction": ("\u202egpj.csv", r"\u202egpj.csv"),
    "half a character": ("\ud800x\udc80", r"\ud800x\udc80"),
    "nothing": ("\x00\x7f\ufeff", r"\x00\x7f\ufeff"),
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("part", ["message", "file", "field", "value", "next_step"])
def test_what_moves_the_cursor_or_is_no_character_is_written_out(case: str, part: str) -> None:
    odd, shown = ODD[case]
    told = DeliveryError(**{"message": "Wrong.", part: odd})
    said = str(told)
    assert shown in said or (part == "next_step" and "\n" in odd)
    assert all(sign.isprintable() or (part == "next_step" and sign == "\n") for sign in said)
    assert said.encode("utf-8")
    assert getattr(told, part) == plain(odd, keep="\n" if part == "next_step" else "")


def test_a_message_is_the_same_after_it_was_passed_on() -> None:
    first = DeliveryError("Wrong\x07.", file="kept\x1b", row=3, field="a\x00", value="it's\\\x07", next_step="Go.\nOn.")
    again = first.about("kept", "delivered")
    assert str(again) == str(first)
    assert str(first) == r"Wrong\x07. (file kept\x1b, row 3, field a\x00, value " + "\"it's" + '\\\\x07") Go.\nOn.'


def test_a_message_of_a_megabyte_is_cut() -> None:
    told = DeliveryError("m" * 10**6, file="f" * 10**6, field="d" * 10**6, value="v" * 10**6, next_step="n" * 10**6)
    assert len(str(told)) < 8_000
    assert told.field == "d" * 199 + "…"


def test_a_name_that_can_be_stored_is_the_same_as_the_one_that_is_shown() -> None:
    assert disk.plain_name("a\x07\udce9.csv") == r"a\x07\udce9.csv"
    assert disk.plain_name("x" * 300 + ".csv") == "x" * 300 + ".csv"


def test_a_column_named_in_control_characters_is_refused_in_one_printable_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(HEAD.replace("\n", ';"x\u202e\u2066y"\n') + ROW.replace("\n", ";1\n"), encoding="utf-8")
    assert cli.main(["add", "demo_customs", str(path)]) == 1
    said = capsys.readouterr().err.rstrip("\n").splitlines()
    assert said[-1].startswith("postflow: The columns differ")
    assert r"unknown 'x\u202e\u2066y'" in said[-1]
    assert all(line.isprintable() for line in said)
