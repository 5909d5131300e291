"""Counts, ratios, breaks, like for like: what may be called a rise, and what may not."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.rates import confint_poisson_2indep

from postflow.analysis import breaks, intervals, like_for_like
from postflow.analysis.series import by_category, dispersion, monthly, runs


def frame(counts: dict[str, float], category: str = "NL") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period_start": pd.to_datetime(list(counts)),
            "category": category,
            "seizures": list(counts.values()),
            "quantity_kg": 1.0,
        }
    )


def reporting(first: str, last: str, missing: tuple[int, ...] = (), code: str = "NZ") -> pd.DataFrame:
    months = pd.date_range(first, last, freq="MS")
    return pd.DataFrame(
        {
            "period_start": months,
            "reporter_country_code": code,
            "months_reported": [int(m.year not in missing) for m in months],
            "months_in_period": 1,
        }
    )


@pytest.fixture
def new_zealand() -> pd.Series:
    """The published New Zealand counts: 121, 126, nothing reported for two years, 673 (data.md), spread over the
    months."""
    counts: dict[str, float] = {}
    for year, total in ((2012, 121), (2013, 126), (2016, 673)):
        share = [total // 12 + (month < total % 12) for month in range(12)]
        counts |= {f"{year}-{month + 1:02d}-01": value for month, value in enumerate(share)}
    return monthly(frame(counts), reporting("2012-01-01", "2016-12-01", missing=(2014, 2015)))


def test_a_reported_month_without_seizures_is_zero_and_an_unreported_one_is_a_gap(new_zealand: pd.Series) -> None:
    quiet = monthly(frame({"2020-01-01": 3, "2020-03-01": 2}), reporting("2020-01-01", "2020-04-01"))
    assert quiet.tolist() == [3, 0, 2, 0]
    assert new_zealand.loc["2014":"2015"].isna().all()
    assert len(new_zealand.loc["2014":"2015"]) == 24
    assert [len(part) for part in runs(new_zealand)] == [24, 12]


def test_without_the_reporters_an_absent_month_stays_a_gap() -> None:
    assert monthly(frame({"2020-01-01": 3, "2020-03-01": 2})).isna().tolist() == [False, True, False]


def test_every_category_shares_the_gaps() -> None:
    rows = pd.concat([frame({"2020-01-01": 3}), frame({"2020-02-01": 2}, "DE")])
    wide = by_category(rows, reporting("2020-01-01", "2020-02-01"))
    assert wide["NL"].tolist() == [3, 0]
    assert wide["DE"].tolist() == [0, 2]


def test_new_zealand_is_never_a_bare_rise(new_zealand: pd.Series) -> None:
    told = intervals.change_between(new_zealand, ("2016-01", "2016-12"), ("2013-01", "2013-12"))
    assert told.estimate == pytest.approx(673 / 126)
    assert told.percent == pytest.approx(434, abs=1)
    assert told.direction == "higher"
    assert not told.is_arrow_allowed
    assert "2014 and 2015 were not reported" in told.sentence
    assert any("2014 and 2015" in warning and "not a measured rise" in warning for warning in told.warnings)
    assert "rose" not in told.sentence


def test_two_neighbouring_years_may_be_compared(new_zealand: pd.Series) -> None:
    told = intervals.change_between(new_zealand, ("2013-01", "2013-12"), ("2012-01", "2012-12"))
    assert told.direction == "no clear change"
    assert told.low < 1 < told.high
    assert (told.new, told.old) == (126, 121)


def test_an_unreported_year_gives_no_number(new_zealand: pd.Series) -> None:
    told = intervals.change_between(new_zealand, ("2014-01", "2014-12"), ("2013-01", "2013-12"))
    assert not told.can_say
    assert math.isnan(told.estimate)
    assert "not reported" in told.sentence


def test_exact_intervals_are_the_published_ones() -> None:
    """5 → 1.6 to 11.7, 30 → 20.2 to 42.8 (statsmodels documentation)."""
    low, high = intervals.count_limits(np.array([5, 30, 0]))
    assert low == pytest.approx([1.6, 20.2, 0], abs=0.05)
    assert high == pytest.approx([11.7, 42.8, 3.69], abs=0.05)


def test_dutch_letters_fell_by_the_score_interval() -> None:
    """13,700 after 16,500 is 0.83 (0.81 to 0.85)."""
    told = intervals.change(13_700, 16_500)
    assert (told.estimate, told.low, told.high) == pytest.approx((0.83, 0.81, 0.85), abs=0.005)
    assert told.direction == "fell"


@pytest.mark.parametrize(("new", "old", "new_months", "old_months"), [(673, 126, 12, 12), (5, 9, 6, 12), (40, 3, 1, 1)])
def test_the_closed_form_is_statsmodels_score_interval(new: int, old: int, new_months: int, old_months: int) -> None:
    ours = intervals.ratio_limits(new, new_months, old, old_months, 0.05)
    assert ours == pytest.approx(confint_poisson_2indep(new, new_months, old, old_months), rel=1e-4)


def test_scatter_widens_the_interval_and_takes_the_arrow_away() -> None:
    calm, lumpy = intervals.change(60, 40), intervals.change(60, 40, phi=6)
    assert calm.direction == "rose"
    assert lumpy.direction == "no clear change"
    assert lumpy.low < calm.low
    assert "dispersion" in lumpy.method


def test_nothing_against_nothing_and_something_against_nothing() -> None:
    assert not intervals.change(0, 0).can_say
    few = intervals.change(3, 0)
    assert few.direction == "no clear change"
    assert math.isinf(few.estimate)
    assert math.isnan(few.percent)
    assert intervals.change(12, 0).direction == "rose"


def test_a_count_has_its_interval_and_its_caveat() -> None:
    told = intervals.count(30)
    assert (told.low, told.high) == pytest.approx((20.2, 42.8), abs=0.05)
    assert told.warnings == ("The interval is counting noise only, not reporting bias.",)
    assert not intervals.count(float("nan")).can_say


def test_a_band_stays_open_over_a_gap(new_zealand: pd.Series) -> None:
    band = intervals.band(new_zealand)
    assert band.loc["2014-06-01"].isna().all()
    assert (band.dropna()["low"] <= band.dropna()["value"]).all()


def test_dispersion_is_one_for_flat_counts_and_ignores_steps_over_gaps() -> None:
    flat = pd.Series([5.0] * 10)
    assert dispersion(flat) == 1
    assert dispersion(pd.Series([5.0] * 5 + [np.nan] + [50.0] * 5)) == 1
    assert dispersion(pd.Series([1.0, 20.0] * 6)) > 10


EVENTS = pd.DataFrame(
    {
        "date_from": ["2020-03-01", "2020-05-15", "2020-06-01", "2031-01-01"],
        "date_to": [None, "2020-07-20", "2020-08-31", None],
        "kind": ["team", "break", "break", "break"],
        "reporter_country_code": ["NL", "NL", "NL", "NL"],
        "title": ["team starts", "new register", "new software", "far away"],
        "source": "made up",
    }
)


def test_overlapping_breaks_are_one_cut_and_the_months_inside_belong_to_neither_side() -> None:
    series = pd.Series(1.0, index=pd.date_range("2020-01-01", periods=12, freq="MS"))
    parts = breaks.segments(series, EVENTS)
    assert [(part.index[0].month, part.index[-1].month) for part in parts] == [(1, 4), (9, 12)]
    assert len(breaks.cuts(EVENTS)) == 2
    assert breaks.cuts(EVENTS, ["DE"]) == []


def test_a_comparison_ends_at_a_break() -> None:
    series = pd.Series(10.0, index=pd.date_range("2019-01-01", periods=36, freq="MS"))
    told = intervals.change_between(series, ("2021-01", "2021-12"), ("2019-01", "2019-12"), events=EVENTS)
    assert not told.can_say
    assert told.direction == "not comparable"
    assert "new register" in told.sentence
    assert breaks.comparable(("2021-01", "2021-12"), ("2020-10", "2020-12"), EVENTS).can_say
    assert breaks.comparable(("2019-01", "2019-12"), ("2018-01", "2018-12"), EVENTS).can_say


def test_events_outside_the_period_are_named_not_drawn() -> None:
    told = breaks.numbered(EVENTS, "2020-01-01", "2020-12-01")
    assert told.rows["number"].tolist() == [1, 2, 3]
    assert "far away" in told.warnings[0]
    assert not breaks.numbered(EVENTS, "2010-01-01", "2010-12-01").can_say
    assert not breaks.numbered(None, "2010-01-01", "2010-12-01").can_say


def test_like_for_like_keeps_those_who_never_missed() -> None:
    rows = pd.concat(
        [
            reporting("2012-01-01", "2016-12-01"),
            reporting("2012-01-01", "2016-12-01", (2014,), "AU"),
            reporting("2015-01-01", "2016-12-01", code="US"),
        ]
    )
    panel = like_for_like.throughout(rows)
    assert panel.reporters == ("NZ",)
    assert panel.dropped == ("AU", "US")
    assert "One reporter only" in panel.warnings[0]
    assert like_for_like.throughout(rows, "2015-01-01", "2016-12-01").reporters == ("AU", "NZ", "US")
    assert not like_for_like.throughout(reporting("2012-01-01", "2013-12-01", (2012,))).can_say
    assert not like_for_like.throughout(rows.iloc[:0]).can_say
    assert (
        like_for_like.differing(rows, ("2016-01", "2016-12"), ("2012-01", "2012-12"))
        == "Reporters differ (only in the newer period: US)."
    )
    assert len(like_for_like.keep(frame({"2012-01-01": 1}, "NZ"), panel)) == 1
