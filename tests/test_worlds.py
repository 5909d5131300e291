"""The pages against made-up worlds: what the figures say holds what was planted, over twenty seeds."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from postflow import worlds
from postflow.analysis import calibration, checks
from postflow.scope import Scope

SEEDS = 20


def judged(found: worlds.Score) -> list[checks.Check]:
    return [checks.Check(**line) for line in worlds.lines(found)]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small() -> worlds.World:
    return worlds.made(3, 0.2)


def test_a_world_is_a_pool_that_the_pages_read(small: worlds.World) -> None:
    totals = small.fetch("charts/totals", scope=Scope()).iloc[0]
    told = small.con.execute("select count(distinct number) from record where rule is null").fetchall()[0][0]
    assert totals["seizures"] == told > 5000
    assert 0.8 < small.expected["told"].sum() / told < 1.25
    assert not small.expected.query("source_id == 'ex_au_border' and month == '2021-04-01'").shape[0]


def test_what_is_still_to_come_is_in_no_row(small: worlds.World) -> None:
    coming = small.con.execute("select count(*) from event where why_untold = 'not_yet_reported'").fetchall()[0][0]
    rows = small.con.execute(
        "select count(*) from seizure join event on event_id = number::varchar where why_untold = 'not_yet_reported'"
    ).fetchall()[0][0]
    assert coming > 10 and rows < coming / 2


def test_answers_are_read_as_they_are_printed() -> None:
    words = "Twelve months to November 2025 against the twelve before: 1.62 times (1.21 to 2.17): rose."
    assert worlds.RATIO.search(words).groups() == ("1.62", "1.21", "2.17")  # type: ignore[union-attr]
    steps = worlds.SPAN.findall("The level changed about Sep 2022 (Jul 2022 to Dec 2022), from 5.1 to 11 a month.")
    assert [pd.to_datetime(text, format="mixed").month for text in steps[0]] == [9, 7, 12]


@pytest.mark.slow
def test_the_figures_hold_the_truth_over_twenty_worlds() -> None:
    found = judged(worlds.score(SEEDS))
    assert [(line.what, line.case, line.told) for line in found if line.verdict == "**outside**"] == []
    share = {line.what + ", " + line.case: line.share for line in found}
    assert share["told as a fall, Netherlands, planted × 0.815"] > 0.7
    assert all(
        line.n >= SEEDS
        for line in found
        if "quotient" not in line.what and "beside" not in line.what and "span" not in line.what
    )


def test_the_report_takes_the_lines_of_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = json.dumps([{"what": "a", "case": "b", "hits": 19.0, "n": 20, "bound": [0.93, 1.0], "told_as": ""}])
    monkeypatch.setattr(calibration.subprocess, "run", lambda *_, **__: type("Done", (), {"stdout": printed}))
    section = calibration.worlds(20)
    assert section.title == "The pages against made-up worlds"
    assert [(line.told, line.verdict) for line in section.checks] == [("95.0% of 20", "ok")]
