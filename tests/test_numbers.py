"""Numbers as readers see them: no false zero, no false whole, no more figures than were measured."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from postflow.numbers import (
    MINUS,
    THIN,
    UNIT,
    against,
    change,
    clean,
    count,
    interval,
    plural,
    share,
    short,
    spell,
    tick,
    ticks,
    weight,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (311038, f"311{THIN}038"),
        (0, "0"),
        (-1234, f"{MINUS}1{THIN}234"),
        (-0.2, "0"),
        (1e12, f"1{THIN}000{THIN}000{THIN}000{THIN}000"),
        (None, "–"),
        (math.nan, "–"),
        (pd.NA, "–"),
    ],
)
def test_counts_are_exact(value: float, text: str) -> None:
    assert count(value) == text


@pytest.mark.parametrize(
    ("kg", "text"),
    [
        (2432.12, f"2{THIN}430{UNIT}kg"),
        (0.1808, f"181{UNIT}g"),
        (0, f"0{UNIT}kg"),
        (1, f"1.00{UNIT}kg"),
        (0.9996, f"1.00{UNIT}kg"),
        (9.999, f"10.0{UNIT}kg"),
        (0.000004, f"<0.01{UNIT}g"),
        (0.00005, f"0.0500{UNIT}g"),
        (-2.5, f"{MINUS}2.50{UNIT}kg"),
        (23_456_789, f"23{THIN}500{THIN}000{UNIT}kg"),
        (None, "–"),
        (math.inf, "–"),
    ],
)
def test_weights_have_three_figures_and_the_unit_that_fits(kg: float, text: str) -> None:
    assert weight(kg) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 4667, f"<0.1{THIN}%"),
        (63, 100, f"63{THIN}%"),
        (0, 10, f"0{THIN}%"),
        (10, 10, f"100{THIN}%"),
        (9999, 10000, f">99.9{THIN}%"),
        (997, 1000, f"99.7{THIN}%"),
        (5, 1000, f"0.5{THIN}%"),
        (1, 0, "–"),
        (math.nan, 3, "–"),
    ],
)
def test_a_share_is_neither_nothing_nor_the_whole_unless_it_is(part: float, whole: float, text: str) -> None:
    assert share(part, whole) == text


def test_changes_are_factors_from_a_doubling_on() -> None:
    assert change(762, 453) == f"+68{THIN}%"
    assert change(667, 126) == "×5.3"
    assert change(79, 100) == f"{MINUS}21{THIN}%"
    assert change(100, 100) == f"±0{THIN}%"
    assert change(5, 0) == change(5, math.nan) == "no earlier figure"


def test_headlines_use_words() -> None:
    assert against(667, 126, "2013") == "Five times as many as in 2013"
    assert against(20, 10, "2013") == "Twice as many as in 2013"
    assert against(14, 10, "2013") == f"Up by 40{THIN}% on 2013"
    assert against(5, 10, "2013") == f"Down by 50{THIN}% on 2013"
    assert against(999, 1000, "2013") == f"Down by under 1{THIN}% on 2013"
    assert against(10, 10, "2013") == "As many as in 2013"
    assert against(1, 0, "2013") == "1 against none in 2013"
    assert against(0, 5, "2013") == "None against 5 in 2013"
    assert (spell(7), spell(13), plural(1), plural(0)) == ("seven", "13", "", "s")


@given(st.integers(0, 2_000_000))
def test_the_interval_is_the_exact_central_one(n: int) -> None:
    low, high = interval(n)
    assert low == pytest.approx(chi2.ppf(0.025, 2 * n) / 2 if n else 0.0, rel=1e-9)
    assert high == pytest.approx(chi2.ppf(0.975, 2 * n + 2) / 2, rel=1e-9)
    assert low <= n <= high


def test_the_interval_leaves_the_tails_it_says() -> None:
    low, high = interval(5)
    assert (round(low, 1), round(high, 1)) == (1.6, 11.7)
    assert poisson.sf(4, low) == pytest.approx(0.025)
    assert poisson.cdf(5, high) == pytest.approx(0.025)


@given(st.floats(1e-9, 1e15), st.integers(1, 8), st.booleans())
def test_ticks_are_round_and_reach_the_top(top: float, target: int, whole: bool) -> None:
    marks = ticks(top, target, whole)
    assert marks[0] == 0
    assert marks == sorted(set(marks))
    assert marks[-1] <= top * 1.02
    assert len(marks) <= target + 2
    assert len({tick(mark) for mark in marks}) == len(marks) or top < 1e-7
    if whole:
        assert all(mark == int(mark) for mark in marks)


def test_ticks_of_nothing() -> None:
    assert ticks(0) == ticks(math.nan) == ticks(math.inf) == [0.0, 1.0]
    assert [tick(v) for v in (0.0, 0.25, 12500.0, -3.0)] == ["0", "0.25", f"12{THIN}500", f"{MINUS}3"]


@pytest.mark.parametrize(
    "text",
    [
        "<a href='https://x.example'>x</a>",
        "<script>alert(1)</script>",
        "a\x00b\nc",
        "%{customdata}",
        "R&D",
        "\u202egnp.exe",
    ],
)
def test_words_from_data_cannot_be_markup(text: str) -> None:
    safe = clean(text)
    assert "<" not in safe
    assert "%{" not in safe
    assert not any(ord(sign) < 32 or sign == "\u202e" for sign in safe)


@given(st.text(max_size=80))
def test_cut_labels_are_short_and_escaped_after_cutting(text: str) -> None:
    assert len(short(text, 12)) <= 12
    assert "<" not in clean(short(text, 12))
