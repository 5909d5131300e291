"""Change points, trend, season, scenarios and late reports over monthly series, and where they say nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from postflow.analysis import change_points as points
from postflow.analysis import simulate as sim
from postflow.analysis.dates import day
from postflow.analysis.delay import nowcast, unfinished, usual_delay
from postflow.analysis.intervals import change_between
from postflow.analysis.nowcasts import nowcast_sum, score, services
from postflow.analysis.retro_score import retro_score
from postflow.analysis.seasonal import seasonality
from postflow.analysis.sensitivity import Scenario, paths, sensitivity
from postflow.analysis.trend import five_year, trend, year_ago
from postflow.analysis.triangle import known_at, triangle

RNG = np.random.default_rng(2026)
STEP = sim.months(np.concatenate([sim.counts(RNG, 10, (30,)), sim.counts(RNG, 25, (30,))]))
BREAK = pd.DataFrame(
    {
        "date_from": ["2021-07-01"],
        "date_to": [None],
        "kind": ["break"],
        "reporter_country_code": [None],
        "title": ["new form"],
        "source": "",
    }
)


def holed(series: pd.Series, first: str, last: str) -> pd.Series:
    kept = series.copy()
    kept.loc[first:last] = np.nan
    return kept


def test_a_step_is_found_where_it_is() -> None:
    told = points.change_points(STEP)
    assert told.estimate == 1
    row = told.rows.iloc[0]
    assert row["month_low"] <= pd.Timestamp("2021-07-01") <= row["month_high"]
    assert row["ratio_low"] > 1
    assert (row["before"], row["after"]) == pytest.approx((10, 25), rel=0.2)
    assert points.levels(STEP, told).nunique() == 2


def test_a_known_break_is_no_change_point() -> None:
    told = points.change_points(STEP, BREAK)
    assert told.can_say
    assert told.estimate == 0


def test_no_step_is_looked_for_across_a_gap() -> None:
    told = points.change_points(holed(STEP, "2021-06-01", "2021-08-01"))
    assert told.estimate == 0
    assert any("not reported" in warning for warning in told.warnings)


@pytest.mark.parametrize(
    ("series", "why"),
    [
        (pd.Series(dtype=float), "No month was reported"),
        (sim.months([7]), "Only 1 months"),
        (sim.months([9] * 23), "Only 23 months"),
        (sim.months([0] * 40), "All months are zero"),
        (sim.months([0, 1] * 14), "Only 14 seizures"),
        (holed(sim.months([9] * 40), "2020-08-01", "2020-12-01"), "without a gap or break"),
    ],
)
def test_change_points_say_why_they_are_silent(series: pd.Series, why: str) -> None:
    told = points.change_points(series)
    assert not told.can_say
    assert why in told.sentence
    assert points.levels(series, told).isna().all()


def test_one_bulk_month_is_no_change_of_level() -> None:
    values = np.full(48, 8.0)
    values[20] = 90
    assert points.change_points(sim.months(values)).estimate == 0


def test_a_rise_is_told_with_its_slope() -> None:
    told = trend(sim.months(sim.counts(np.random.default_rng(1), np.linspace(5, 25, 60), (60,))))
    assert told.direction == "rose"
    assert told.low <= 4 <= told.high
    assert told.p < 0.001


@pytest.mark.parametrize("clear", ["fell", "rose"])
def test_a_sparse_trend_takes_its_direction_from_the_test(clear: str) -> None:
    humped = (8, 22, 19, 27, 13, 9, 6, 1)
    for years, allowed in (((27, 22, 19, 13, 9, 8, 6, 1), {clear}), (humped, {clear, "no clear change"})):
        months = [n * (month + 1) // 12 - n * month // 12 for n in years for month in range(12)]
        told = trend(sim.months(months if clear == "fell" else months[::-1]))
        assert told.direction in allowed
        assert np.sign(told.estimate) == (-1 if clear == "fell" else 1)
        assert "0.00 a month" not in told.sentence


def test_a_trend_words_its_slope_by_its_size() -> None:
    fewer = trend(sim.months(sim.counts(np.random.default_rng(1), np.linspace(5, 25, 60), (60,))[::-1]))
    assert f"fell by {-fewer.estimate:.2f} seizures a month each year (" in fewer.sentence
    flat = trend(sim.months(sim.counts(np.random.default_rng(4), 30, (60,))))
    assert "no clear change, a slope of" in flat.sentence


@pytest.mark.parametrize(("make", "rho"), [(sim.remembered, 0.8), (sim.remembered, 0.6), (sim.dependent, 0.8)])
def test_a_level_that_wanders_is_no_trend(make: Callable[..., np.ndarray], rho: float) -> None:
    told = [trend(sim.months(y)) for y in make(np.random.default_rng(5), 20, (150, 60), rho)]
    assert sum(one.direction in ("rose", "fell") for one in told) <= 15
    declined = [one for one in told if not one.can_say]
    assert declined
    assert all("depend on one another" in one.sentence and np.isnan(one.estimate) for one in declined)


def test_a_trend_has_the_direction_of_its_own_test_and_slope() -> None:
    for y in sim.counts(np.random.default_rng(8), np.linspace(1.6, 0.1, 96), (40, 96)):
        told = trend(sim.months(y))
        if told.direction in ("rose", "fell"):
            assert (told.direction, told.estimate < 0) == ("fell", True)


def test_steady_growth_is_told_although_its_rest_has_a_course() -> None:
    level = 20 * 1.35 ** (np.arange(72) / 12)
    told = [trend(sim.months(y)) for y in sim.counts(np.random.default_rng(9), level, (40, 72), 20)]
    assert sum(one.direction == "rose" for one in told) >= 36


def test_the_trend_never_runs_through_missing_years() -> None:
    values = [10] * 24 + [np.nan] * 24 + [56] * 12
    told = trend(sim.months(values, "2012-01-01"))
    assert not told.can_say
    assert "since the last gap" in told.sentence
    longer = trend(sim.months([2] * 24 + [np.nan] * 24 + [*sim.counts(RNG, 50, (40,))]))
    assert str(longer.first) == "2023-01-01 00:00:00"
    assert any("not bridged" in warning for warning in longer.warnings)


@pytest.mark.parametrize("values", [[], [4], [0] * 30, [3] * 30, [1] + [0] * 40])
def test_a_trend_of_nothing_is_not_told(values: list[float]) -> None:
    told = trend(sim.months(np.array(values)))
    assert not told.can_say
    assert told.sentence
    assert np.isnan(told.estimate)


def test_the_season_needs_three_years_and_a_season() -> None:
    wave = 30 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(60) / 12))
    told = seasonality(sim.months(sim.counts(np.random.default_rng(2), wave, (60,))))
    assert told.can_say
    assert told.low <= 3 <= told.high
    assert told.rows["name"][told.rows["index"].argmax()] in ("Mar", "Apr", "May")
    assert told.rows["index"].mean() == pytest.approx(1)
    assert "needs three" in seasonality(sim.months(wave[:35])).sentence
    assert not seasonality(sim.months(np.zeros(60))).can_say
    steps = seasonality(sim.months(np.repeat([4.0, 9.0, 0.0, 7.0], 12)))
    assert not steps.can_say and "same count" in steps.sentence and steps.n == 240
    assert not seasonality(sim.months(np.full(60, 12.0))).can_say
    flat = seasonality(sim.months(sim.counts(np.random.default_rng(4), 30, (60,))))
    assert not flat.can_say
    assert np.isnan(flat.estimate)


def test_year_ago_leaves_lone_months_out_of_both() -> None:
    series = sim.months([10] * 12 + [20] * 12)
    told = year_ago(series, "2020-01", "2020-12")
    assert (told.direction, told.estimate) == ("rose", 2)
    part = year_ago(holed(series, "2019-03-01", "2019-05-01"), "2020-01", "2020-12")
    assert (part.new, part.old, part.direction) == (180, 90, "higher")
    assert "9 of 12 months" in part.warnings[0]
    assert not year_ago(series, "2019-01", "2019-12").can_say


def test_the_five_year_index_needs_six_whole_years() -> None:
    series = sim.months([10] * 60 + [20] * 12, "2015-01-01")
    told = five_year(series, 2020)
    assert told.estimate == pytest.approx(2)
    assert told.direction == "rose"
    assert (told.new, told.old) == (240, 120)
    assert told.sentence.startswith("240 against a mean of 120 a year, 2.00 times (")
    new = five_year(sim.months([0] * 60 + [20] * 12, "2015-01-01"), 2020)
    assert new.sentence == "240 against none in the five years before."
    hole = five_year(holed(series, "2016-01-01", "2016-12-01"), 2020)
    assert not hole.can_say
    assert "2016" in hole.sentence
    cut = pd.DataFrame(
        {
            "date_from": ["2017-01-01"],
            "date_to": [None],
            "kind": ["break"],
            "reporter_country_code": [None],
            "title": ["x"],
        }
    )
    assert five_year(series, 2020, events=cut).direction == "not comparable"
    assert five_year(sim.months([10] * 84, "2014-10-01"), 2020, start_month=10).estimate == pytest.approx(1)


def test_scenarios_are_relative_and_tell_the_effort_that_would_explain_it() -> None:
    told = sensitivity(sim.months([10] * 24 + [20] * 24))
    assert told.sentence.startswith("Relative, not volume")
    assert told.estimate == pytest.approx(2)
    by = told.rows.set_index("scenario")
    assert by.loc["unchanged", "direction"] == "rose"
    assert by.loc["doubled", "ratio"] == pytest.approx(1)
    assert by.loc["doubled", "direction"] == "no clear change"
    assert paths(sim.months([10] * 24))["unchanged"].tolist() == pytest.approx([100] * 24)
    step = Scenario("step", "a scanner in 2020", 2, day("2020-01-01"))
    assert sensitivity(sim.months([10] * 12 + [20] * 12), [step]).rows["ratio"][0] == pytest.approx(1)
    assert not sensitivity(sim.months([10] * 12)).can_say
    assert not sensitivity(sim.months([0] * 12 + [3] * 12)).can_say
    assert not sensitivity(pd.Series(dtype=float)).can_say


def late(seed: int = 5, mean: float = 30.0, length: int = 40) -> tuple[pd.DataFrame, pd.Series]:
    return sim.late_reports(np.random.default_rng(seed), np.full(length, mean))


def test_the_triangle_knows_only_what_was_known() -> None:
    rows, truth = late()
    of = triangle(rows, truth.index[30], max_delay=14)
    assert len(of.counts) == 31
    assert of.counts.iloc[-1].notna().sum() == 1
    assert np.nansum(of.counts.to_numpy()) == rows.loc[rows["reported_month"] <= truth.index[30], "seizures"].sum()


def test_the_usual_delay_is_that_of_the_making() -> None:
    rows, truth = late(mean=200)
    of = triangle(rows, truth.index[-1], max_delay=14)
    told = usual_delay(of)
    shares = np.exp(-np.arange(15) / 2.5).cumsum()
    true = int((shares / shares[-1] < 0.95).sum())
    assert told.low <= true <= told.high
    assert len(unfinished(of)) == told.estimate


def test_the_nowcast_fills_the_last_months_and_holds_the_truth() -> None:
    rows, truth = late()
    told = nowcast(rows, truth.index[-1], max_delay=14)
    last = told.rows.iloc[-1]
    assert last["seized_month"] == truth.index[-1]
    assert last["low"] <= truth.iloc[-1] <= last["high"]
    assert (told.rows["estimate"] >= told.rows["reported"]).all()
    assert told.low <= truth[told.rows["seized_month"]].sum() <= told.high
    again = nowcast(rows, truth.index[-1], max_delay=14)
    assert again.rows.equals(told.rows)


def test_a_month_with_nothing_yet_is_not_forecast_as_zero() -> None:
    rows, truth = late()
    rows = rows[(rows["seized_month"] < truth.index[-1]) | (rows["reported_month"] > truth.index[-1])]
    assert nowcast(rows, truth.index[-1], max_delay=14).rows["estimate"].iloc[-1] > 5


def test_late_reports_that_cannot_be_known_are_told() -> None:
    rows, _ = late()
    empty = rows.iloc[:0]
    blank = rows.assign(reported_month=pd.NaT)
    partly = rows.copy()
    partly.loc[partly.index % 2 == 0, "reported_month"] = pd.NaT
    for bad, why in ((empty, "date of report"), (blank, "date of report"), (partly, "too many"), (rows[:40], "needs")):
        for told in (nowcast(bad), usual_delay(triangle(bad))):
            assert not told.can_say
            assert why in told.sentence
    assert not retro_score(empty).can_say
    assert unfinished(triangle(empty)) == []


def test_gaps_leave_the_triangle() -> None:
    rows, truth = late()
    of = triangle(rows, truth.index[-1], max_delay=14, reported=holed(truth, "2020-01-01", "2020-06-01"))
    assert len(of.counts) == 34


def two_services(seed: int = 5) -> tuple[pd.DataFrame, pd.Series]:
    """A fast service and a slow one, as known at the end of the 40th month, and the truth of both."""
    fast, one = sim.late_reports(np.random.default_rng(seed), np.full(60, 25.0), typical=0.7)
    slow, other = sim.late_reports(np.random.default_rng(seed + 500), np.full(60, 15.0), typical=4)
    both = pd.concat(
        [fast.assign(seizure_country_code="BE"), slow.assign(seizure_country_code="NL")], ignore_index=True
    )
    return both, one + other


def heard(codes: list[str], months: pd.DatetimeIndex) -> pd.DataFrame:
    return pd.DataFrame(
        [(month, code, 1) for code in codes for month in months],
        columns=["period_start", "reporter_country_code", "months_reported"],
    )


def test_each_service_has_its_own_delay_and_the_sum_its_interval() -> None:
    rows, truth = two_services(2)
    known = rows[rows["reported_month"] <= truth.index[40]]
    of = services(known, heard(["BE", "NL"], truth.index[:41]), max_delay=14)
    told = nowcast_sum(of)
    assert told.services == ("BE", "NL") and told.bare == ()
    table = told.rows.set_index("seized_month")
    assert (table["low"] <= table["low_80"]).all() and (table["high_80"] <= table["high"]).all()
    assert table["reported"].iloc[-1] == known.loc[known["seized_month"] == truth.index[40], "seizures"].sum()
    held = [table.at[month, "low"] <= truth[month] <= table.at[month, "high"] for month in table.index]
    assert np.mean(held) > 0.8
    assert told.low <= truth[table.index].sum() <= told.high
    assert nowcast_sum(of).rows.equals(told.rows)


def test_a_service_without_dates_of_report_is_counted_as_it_stands_and_named() -> None:
    rows, truth = two_services()
    blank = rows.assign(reported_month=rows["reported_month"].where(rows["seizure_country_code"] == "BE"))
    told = nowcast_sum(
        services(blank[(blank["reported_month"].isna()) | (blank["reported_month"] <= truth.index[40])], max_delay=14)
    )
    assert told.services == ("BE",) and told.bare == ("NL",)
    assert "counted as they stand: NL" in " ".join(told.warnings)
    nobody = nowcast_sum(services(rows.assign(reported_month=pd.NaT)))
    assert not nobody.can_say and "date of report" in nobody.sentence
    assert not nowcast_sum(services(rows.iloc[:0])).can_say


def test_a_service_that_stopped_is_not_forecast_and_one_that_is_late_is() -> None:
    rows, truth = two_services()
    known = rows[rows["reported_month"] <= truth.index[40]]
    stopped = known[(known["seizure_country_code"] == "NL") | (known["seized_month"] <= truth.index[20])]
    of = services(stopped, pd.concat([heard(["NL"], truth.index[:41]), heard(["BE"], truth.index[:21])]), max_delay=14)
    assert of.able["BE"].counts.index[-1] == truth.index[20]
    late = known[(known["seizure_country_code"] == "BE") | (known["seized_month"] <= truth.index[38])]
    of = services(late, pd.concat([heard(["BE"], truth.index[:41]), heard(["NL"], truth.index[:39])]), max_delay=14)
    assert of.able["NL"].counts.index[-1] == truth.index[40]


def test_the_sum_is_scored_in_hindsight() -> None:
    rows, _ = two_services()
    told = score(services(rows, max_delay=14), max_delay=14)
    assert told.can_say and 0.6 <= told.estimate <= 1
    assert told.rows["is_within"].mean() > 0.85
    assert f"Of the last {told.n} unfinished months nowcast this way" in told.sentence
    stand = told.rows["as_of"].iloc[0]
    before = known_at(services(rows, max_delay=14).able["NL"], stand)
    again = services(
        rows[(rows["reported_month"] <= stand) & (rows["seizure_country_code"] == "NL")], max_delay=14
    ).able["NL"]
    pd.testing.assert_frame_equal(before.counts, again.counts, check_freq=False)
    assert not score(services(rows.assign(reported_month=pd.NaT))).can_say


def test_the_retro_score_beats_waiting() -> None:
    rows, _ = late(length=60)
    told = retro_score(rows, editions=6, max_delay=14)
    assert told.can_say
    assert told.estimate > 0.8
    ours = (told.rows["estimate"] - told.rows["final"]).abs().sum()
    assert ours < (told.rows["reported"] - told.rows["final"]).abs().sum()


def test_a_step_where_a_reporter_joined_is_no_rise() -> None:
    months = STEP.index
    reporting = pd.DataFrame(
        {
            "period_start": [*months, *months[30:]],
            "reporter_country_code": ["NZ"] * 60 + ["AU"] * 30,
            "months_reported": 1,
            "months_in_period": 1,
        }
    )
    told = points.change_points(STEP, reporting=reporting)
    assert "only in the newer period: AU" in told.rows["reporters"][0]
    assert "other reporters came in" in told.sentence
    rise = sim.months(sim.counts(np.random.default_rng(1), np.linspace(5, 25, 60), (60,)))
    assert trend(rise, reporting=reporting).direction == "higher"
    assert "Reporters differ" in trend(rise, reporting=reporting).warnings[0]
    year = change_between(STEP, ("2023-01", "2023-12"), ("2019-01", "2019-12"), reporting=reporting)
    assert year.direction == "higher"
    assert not year.is_arrow_allowed
    assert year_ago(STEP, "2022-01", "2022-06", reporting=reporting).direction == "higher"
    assert trend(rise, reporting=reporting[:60]).direction == "rose"
