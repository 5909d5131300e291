"""Decisions: appended, never changed; the last word holds; they survive a build and a second delivery."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postflow import decisions
from postflow.errors import PoolError

MOMENT = datetime(2026, 2, 1, 10, 0, tzinfo=UTC)
words = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz"), st.sampled_from(decisions.KINDS)), max_size=20
)


@given(words)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_last_word_on_a_pair_holds_and_nothing_is_lost(said: list[tuple[str, str, str]]) -> None:
    decisions.path("exercise").unlink(missing_ok=True)
    for one, other, decision in said:
        decisions.add("exercise", other, one, decision, "M. Analyst", MOMENT)
    last = {(one, other): decision for one, other, decision in said}
    held = {pair: made.decision for pair, made in decisions.in_force("exercise").items()}
    assert held == {pair: decision for pair, decision in last.items() if decision != decisions.UNDO}
    assert len(decisions.history("exercise")) == len(said)


def test_a_decision_says_who_and_when(own_home: Path) -> None:
    made = decisions.add("real", "b", "a", "accept", " M. Analyst ", MOMENT)
    assert (made.pair, made.by, made.at) == (("a", "b"), "M. Analyst", "2026-02-01T10:00:00+00:00")
    assert decisions.path("real") == own_home / "decisions" / "real.jsonl"


@pytest.mark.parametrize(
    ("one", "other", "decision", "by"), [("a", "b", "accept", " "), ("a", "a", "accept", "M"), ("a", "b", "maybe", "M")]
)
def test_nonsense_is_refused_and_not_written(one: str, other: str, decision: str, by: str) -> None:
    with pytest.raises(PoolError):
        decisions.add("real", one, other, decision, by)
    assert decisions.history("real") == []


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"one": "a"}', '{"one":"b","other":"a","decision":"accept","by":"M","at":"x"}']
)
def test_a_spoilt_line_is_named_and_the_others_hold(line: str) -> None:
    decisions.add("real", "a", "b", "accept", "M")
    with decisions.path("real").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    decisions.add("real", "c", "d", "reject", "M")
    assert list(decisions.in_force("real")) == [("a", "b"), ("c", "d")]
    (said,) = decisions.spoilt("real")
    assert "row 2" in said
    assert "real.jsonl" in said


@pytest.mark.parametrize(
    "by",
    ["M\u2028N", "M\u2029", "\u0085M", "M\nN", "a\x00b", "\ud800M", "\x1b[2J M", "\u202eM", "é" * 60, '"}\n{', "日本"],
)
def test_any_name_leaves_every_decision_readable(by: str) -> None:
    decisions.add("real", "a", "b", "accept", by)
    decisions.add("real", "c", "d", "reject", "M")
    assert [made.pair for made in decisions.history("real")] == [("a", "b"), ("c", "d")]
    assert decisions.spoilt("real") == []
    kept = decisions.history("real")[0].by
    assert kept.isprintable()
    assert kept.encode("utf-8")


@pytest.mark.parametrize("by", ["", " ", "\u2028", "\x00\n"])
def test_a_name_of_nothing_that_shows_is_no_name(by: str) -> None:
    with pytest.raises(PoolError, match="who"):
        decisions.add("real", "a", "b", "accept", by)


@pytest.mark.parametrize("tail", [b"", b"\xff\xfe\x00", b"\x00" * 40, b"\xe2\x80"])
def test_whatever_the_last_line_is_cut_to_the_next_decision_is_kept(tail: bytes) -> None:
    for one in "abc":
        decisions.add("real", one, "z", "accept", "M")
    whole = decisions.path("real").read_bytes()
    third = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(third, len(whole)):
        decisions.path("real").write_bytes(whole[:cut] + tail)
        decisions.add("real", "d", "z", "unsure", "M")
        held = [one for one, _ in decisions.in_force("real")]
        is_spoilt = cut > third or tail
        assert [one for one in held if one != "c"] == ["a", "b", "d"]
        assert len(decisions.spoilt("real")) == (0 if "c" in held or not is_spoilt else 1)


def test_an_old_file_with_a_separator_in_a_name_is_read() -> None:
    line = (
        '{"one": "a", "other": "b", "decision": "accept", "by": "M\u2028N\u0085", "at": "2026-02-01T10:00:00+00:00"}\n'
    )
    decisions.path("real").parent.mkdir(parents=True)
    decisions.path("real").write_text("\ufeff" + line, encoding="utf-8")
    assert [made.pair for made in decisions.history("real")] == [("a", "b")]
