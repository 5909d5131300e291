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
def test_a_spoilt_line_is_named(line: str) -> None:
    decisions.add("real", "a", "b", "accept", "M")
    with decisions.path("real").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(PoolError, match="row 2"):
        decisions.in_force("real")
