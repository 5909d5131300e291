"""The methods against a known truth: quick in every run, the larger sets marked slow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from postflow.analysis import calibration, checks, checks_flows


@pytest.mark.parametrize(
    "check",
    [checks.intervals, checks.change_points, checks_flows.emergences, checks_flows.mirrors, checks_flows.displacements],
)
def test_the_bounds_hold_in_a_short_run(check: Callable[[int], list[checks.Check]]) -> None:
    assert [c for c in check(checks.SEEDS) if c.verdict == "**outside**"] == []


@pytest.mark.slow
@pytest.mark.parametrize(("title", "check"), [(title, check) for title, _, check in calibration.SECTIONS])
def test_the_bounds_hold(title: str, check: Callable[[int], list[checks.Check]]) -> None:
    found = check(150)
    assert found
    assert [(c.what, c.case, c.told) for c in found if c.verdict == "**outside**"] == []


def test_the_report_is_words_and_a_broken_bound_shows() -> None:
    good, bad = checks.Check("a", "b", 95, 100, checks.COVER), checks.Check("a", "b", 50, 100, checks.COVER)
    text = calibration.words([calibration.Section("T", "about", [good, bad])], 100)
    assert "95.0% of 100" in text
    assert "**outside**" in text
    assert "1 of 2 bounds hold; 0 are passed by no more than the simulation's noise; 1 are broken." in text
    assert checks.Check("a", "b", 0, 0, checks.COVER).verdict == "**outside**"


def test_the_report_stands_in_the_docs() -> None:
    report = Path(__file__).resolve().parents[1] / "docs" / "calibration.md"
    assert "; 0 are broken." in report.read_text(encoding="utf-8")
