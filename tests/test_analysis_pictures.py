"""What drove it, who sees it, did it move, what is new, what followed: values, sums, and silence."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from postflow.analysis import displacement as moves
from postflow.analysis import simulate as sim
from postflow.analysis.concentration import concentration, with_and_without
from postflow.analysis.decomposition import OTHER, contributions
from postflow.analysis.emerging import emerging
from postflow.analysis.followup import days_between, funnel
from postflow.analysis.mirror import mirror

YEARS = pd.DataFrame(
    {
        "period_start": ["2020-01-01"] * 3 + ["2021-01-01"] * 3,
        "category": ["NL", "DE", None, "NL", "DE", "BE"],
        "seizures": [100, 50, 4, 60, 55, 30],
        "quantity_kg": [10.1, 5.2, 0.3, 8.4, 5.3, 3.1],
        "largest_kg": [[4.0, 2.0], [1.0], [0.3], [8.0, 0.1], None, [1.0]],
        "seizures_without_kg": [10, 0, 0, 0, 0, 0],
    }
)
NEW, OLD = ("2021-01-01", "2021-12-01"), ("2020-01-01", "2020-12-01")


def test_the_parts_of_a_change_add_up_to_the_last_digit() -> None:
    told = contributions(YEARS, NEW, OLD)
    assert told.estimate == -9
    assert told.rows["change"].sum() == -9
    assert told.rows["category"].tolist() == ["NL", "BE", "DE", "unknown"]
    assert told.rows["share_of_change"].sum() == pytest.approx(1)
    assert told.low < -9 < told.high
    kg = contributions(YEARS, NEW, OLD, measure="quantity_kg")
    assert kg.estimate == pytest.approx(1.2, abs=1e-12)
    assert math.isnan(kg.low)
    few = contributions(YEARS, NEW, OLD, top=2)
    assert few.rows["category"].tolist() == ["NL", "BE", OTHER]
    assert few.rows["change"].sum() == -9


def test_a_change_against_nothing_is_not_split() -> None:
    assert not contributions(YEARS.iloc[:0], NEW, OLD).can_say
    assert "against nothing" in contributions(YEARS, NEW, ("2019-01-01", "2019-12-01")).sentence


def test_the_heaviest_are_told_with_and_without() -> None:
    told = concentration(YEARS[3:])
    assert told.rows["kg"].tolist() == pytest.approx([8.0, 9.1, 9.1])
    assert told.estimate == pytest.approx(8 / 16.8)
    assert concentration(YEARS).n == 289
    one = concentration(YEARS.iloc[[3]])
    assert any("more than half" in warning for warning in one.warnings)
    pair = with_and_without(YEARS[3:], YEARS[:3])
    assert pair.estimate == pytest.approx(16.8 / 15.6)
    assert pair.rows["ratio"].iloc[1] == pytest.approx(8.8 / 11.6)
    assert "one way" in pair.warnings[0]
    assert not concentration(YEARS.iloc[:0]).can_say
    assert not with_and_without(YEARS.iloc[:0], YEARS).can_say


def interceptions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "departure_country_code": ["NL", "NL", "NL", "NL", "ZZ"],
            "interception_side": ["export", "import", "import", "export", "import"],
            "destination_country_code": ["NZ", "NZ", "NZ", "ZZ", "NZ"],
            "destination_basis": ["reported", "reported", "inferred", "unknown", "inferred"],
            "seizures": [40, 10, 100, 50, 7],
            "quantity_kg": [4.0, 1.0, 10.0, 5.0, 0.7],
        }
    )


def test_the_mirror_shows_both_bases_and_the_unknown() -> None:
    told = mirror(interceptions())
    rows = told.rows.set_index("basis")
    assert rows.loc["recorded", ["sender", "receiver"]].tolist() == [40, 10]
    assert rows.loc["read", ["sender", "receiver"]].tolist() == [40, 110]
    assert rows.loc["recorded", "asymmetry"] == pytest.approx(-0.6)
    assert rows.loc["recorded", "high"] < 0 < rows.loc["read", "low"]
    assert rows.loc["recorded", "share_destination_unknown"] == pytest.approx(150 / 200)
    assert rows.loc["read", "share_destination_unknown"] == pytest.approx(50 / 200)
    assert rows.loc["read", "receiver_kg"] == 11
    assert told.warnings[0].startswith("75% of seizures state no destination")
    wide = mirror(interceptions(), phi=5).rows.set_index("basis")
    assert wide.loc["recorded", "high"] > rows.loc["recorded", "high"]
    by_year = mirror(interceptions().assign(year=[2020, 2020, 2021, 2021, 2021]), by=("year",)).rows
    assert set(by_year["year"]) == {2020, 2021}


def test_a_mirror_without_ends_says_so() -> None:
    rows = interceptions()
    assert not mirror(rows.iloc[:0]).can_say
    assert not mirror(rows[4:]).can_say
    assert not mirror(rows.assign(interception_side="unknown")).can_say
    assert not mirror(rows.assign(destination_country_code="ZZ", destination_basis="unknown")).can_say
    transit = mirror(rows[:1].assign(interception_side="transit").pipe(lambda r: pd.concat([r, rows[3:4]])))
    assert not transit.can_say or not transit.rows["can_say"].any()


def moved(share: float = 1.0, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    level = np.repeat([[60.0, 40, 80], [20.0, 40 + 40 * share, 80]], 12, axis=0)
    return pd.DataFrame(rng.poisson(level), columns=["NL", "BE", "FR"], index=sim.months(np.zeros(24)).index).astype(
        float
    )


EVENTS = pd.DataFrame(
    {
        "date_from": ["2020-01-15", "2020-02-01"],
        "date_to": [None, None],
        "kind": ["team", "break"],
        "reporter_country_code": ["NL", "BE"],
        "title": ["postal team", "new register"],
    }
)


def test_a_move_next_door_is_seen_and_effort_is_stated() -> None:
    told = moves.displacement(moved(), "2020-01-01", "NL", ["BE"], events=EVENTS[:1])
    assert told.high < 0
    assert told.low <= -1 <= told.high
    assert told.rows["role"].tolist() == ["target", "neighbour", "rest"]
    assert told.rows["direction"].tolist()[:2] == ["fell", "rose"]
    assert told.rows["share_after"].sum() == pytest.approx(1)
    assert "postal team" in told.effort[0]
    assert "no change of effort is recorded" in told.effort[1]
    assert told.indexed is not None
    assert told.indexed.iloc[:12]["NL"].mean() == pytest.approx(100)


def test_no_fall_no_quotient() -> None:
    wide = moved()
    wide.iloc[12:] = wide.iloc[:12].to_numpy()
    told = moves.displacement(wide, "2020-01-01", "NL", ["BE"])
    assert not told.can_say
    assert math.isnan(told.estimate)
    assert "neither seen nor ruled out" in told.sentence
    assert "there is no gain" not in told.sentence
    assert len(told.rows) == 3
    assert len(told.effort) == 2


@pytest.mark.parametrize(
    ("event", "target", "neighbours", "why"),
    [
        ("2031-01-01", "NL", ["BE"], "outside"),
        ("2019-03-01", "NL", ["BE"], "months before"),
        ("2020-01-01", "LU", ["BE"], "departure LU"),
        ("2020-01-01", "NL", ["LU"], "neighbours"),
        ("2020-01-01", "NL", ["BE", "FR"], "the rest"),
    ],
)
def test_displacement_says_why_it_is_silent(event: str, target: str, neighbours: list[str], why: str) -> None:
    told = moves.displacement(moved(), event, target, neighbours)
    assert not told.can_say
    assert why in told.sentence
    assert told.effort


def test_displacement_respects_breaks_gaps_and_emptiness() -> None:
    assert "new register" in moves.displacement(moved(), "2020-01-01", "NL", ["BE"], events=EVENTS).sentence
    wide = moved()
    wide.iloc[2:9] = np.nan
    assert "both sides need" in moves.displacement(wide, "2020-01-01", "NL", ["BE"]).sentence
    assert not moves.displacement(pd.DataFrame(), "2020-01-01", "NL", ["BE"]).can_say


def corridors(seed: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    months = pd.date_range("2018-01-01", periods=37, freq="MS")
    rows = [(month, f"c{at:02d}", rng.poisson(at + 1)) for month in months for at in range(15)]
    rows += [(months[-1], "brand new", 6), (months[-1], "c00", 14), (months[3], "rare", 1), (months[-1], "rare", 1)]
    return pd.DataFrame(rows, columns=["period_start", "category", "seizures"])


def test_new_and_unusual_are_told_apart_and_ranked() -> None:
    told = emerging(corridors(), "2021-01-01", "2021-01-01")
    assert set(told.rows["category"]) == {"brand new", "c00"}
    by = told.rows.set_index("category")
    assert by.loc["brand new", "kind"] == "new"
    assert pd.isna(by.loc["brand new", "last_seen"])
    assert by.loc["c00", "kind"] == "unusual"
    assert by.loc["c00", "first_seen"] == pd.Timestamp("2018-01-01")
    assert by.loc["c00", "last_seen"] < pd.Timestamp("2021-01-01")
    assert told.rows["p"].is_monotonic_increasing


def test_at_most_ten_are_listed() -> None:
    rows = corridors()
    many = pd.DataFrame([(pd.Timestamp("2021-01-01"), f"n{at}", 9) for at in range(14)], columns=rows.columns)
    told = emerging(pd.concat([rows, many]), "2021-01-01", "2021-01-01")
    assert len(told.rows) == 10
    assert told.estimate == 16
    assert any("16 stand out" in warning for warning in told.warnings)


def test_emerging_needs_a_year_before() -> None:
    rows = corridors()
    assert "needs 12" in emerging(rows, "2018-06-01", "2018-06-01").sentence
    assert "not reported" in emerging(rows, "2030-01-01", "2030-01-01").sentence
    assert not emerging(rows.iloc[:0], "2021-01-01", "2021-01-01").can_say
    assert emerging(rows.assign(seizures=0), "2021-01-01", "2021-01-01").estimate == 0


def followed(*counts: int) -> pd.DataFrame:
    """``charts/follow_up`` of one year: seized, and how many reached each step."""
    steps = ["seized", "case_opened", "suspect", "prosecuted", "verdict"]
    return pd.DataFrame({"cohort": 2022, "step": steps, "seizures": [*counts, *[0] * (5 - len(counts))]})


def test_the_funnel_gives_shares_of_the_year_with_intervals_of_chance_and_noise() -> None:
    answer = funnel(followed(40, 20, 12, 11, 3))
    rows = answer.rows.set_index("step")
    assert rows.loc["seized", ["seizures", "share", "low"]].tolist() == pytest.approx([40, 1, 0.912], abs=0.001)
    assert rows.loc["case_opened", ["share", "low", "high"]].tolist() == pytest.approx([0.5, 0.309, 0.691], abs=0.001)
    assert answer.sentence == "Of the seizures of 2022, a case was opened for 50%."


def test_a_small_or_silent_cohort_is_not_shown() -> None:
    assert "fewer than 10" in funnel(followed(9)).sentence
    assert not funnel(followed().iloc[:0]).can_say
    assert "not the same as none" in funnel(followed(40)).sentence


def waited(days: list[int], to: str = "case_opened_on") -> pd.DataFrame:
    """``charts/follow_up_days`` of one year, from the days of each seizure."""
    start = {"case_opened_on": "seized_on", "prosecuted_on": "case_opened_on", "verdict_on": "prosecuted_on"}[to]
    grid = [*range(11), 14, 21, 30, 45, 60, 90, 120, 365, None]
    counted = [sum(day <= (math.inf if at is None else at) for day in days) for at in grid]
    return pd.DataFrame({"cohort": 2022, "from": start, "to": to, "at_most_days": grid, "seizures": counted})


def test_days_between_are_medians_of_enough() -> None:
    told = days_between(
        pd.concat([waited([10] * 40), waited([100] * 12, "prosecuted_on"), waited([5] * 9, "verdict_on")])
    )
    rows = told.rows.set_index("to")
    assert rows.loc["case_opened_on", ["median_days", "low", "high"]].tolist() == pytest.approx(
        [10, 9.7, 10.3], abs=0.2
    )
    assert 90 < rows.loc["prosecuted_on", "median_days"] < 120
    assert rows.loc["verdict_on", "is_hidden"] and math.isnan(rows.loc["verdict_on", "median_days"])
    assert any("backwards" in warning for warning in told.warnings)
    assert not days_between(waited([]).iloc[:0]).can_say
    assert not days_between(waited([3] * 9)).can_say
