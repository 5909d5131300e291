"""The pictures of the analysis pages: what is drawn is what the rows say, and gaps and breaks are never crossed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from chart_rows import shown

from postflow import barriers, queries, vocabulary
from postflow.charts.lines import Line, Look, lines
from postflow.charts.spans import Axis, spans
from postflow.charts.waterfall import waterfall
from postflow.errors import SourceError
from postflow.figures import barriers as ladder
from postflow.figures import displacement, events, pure, told, trends
from postflow.scope import Scope
from postflow.view import Data, View

MONTHS = pd.date_range("2020-01-01", periods=24, freq="MS")


def view(pool: str = "real", **scope: object) -> View:
    return View(Data(pool, "a", "2025-12"), Scope(**scope))  # type: ignore[arg-type]


def drawn(figure: go.Figure, name: str) -> list[list[int]]:
    return [list(trace.x) for trace in figure.data if trace.meta == name]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("size", ["screen", "present"])
def test_a_line_stops_at_gaps_and_at_breaks(mode: str, size: str) -> None:
    values = pd.Series(np.arange(24.0), index=MONTHS)
    values.iloc[5:8] = np.nan
    figure = shown(lines([Line("n", values)], Look("Seizures", cuts=(MONTHS[12],))), mode, size)
    assert drawn(figure, "n") == [list(range(5)), list(range(8, 12)), list(range(12, 24))]
    assert any(trace.fillpattern.shape == "/" for trace in figure.data if trace.fill == "toself")


def test_a_single_month_is_a_dot() -> None:
    values = pd.Series([1.0, np.nan, 3.0], index=MONTHS[:3])
    figure = shown(lines([Line("n", values, low=values, high=values + 1)], Look("Seizures")), "light")
    assert [trace.mode for trace in figure.data if trace.meta == "n"] == ["markers", "markers"]


def test_the_trend_itself_is_cut_where_a_series_breaks_line_and_band() -> None:
    rows = pd.DataFrame(
        {
            "period": [f"{m:%Y-%m}" for m in MONTHS],
            "period_start": MONTHS,
            "category": "MDMA",
            "seizures": 9,
            "quantity_kg": np.nan,
            "quantity_kg_low": np.nan,
            "quantity_kg_high": np.nan,
            "largest_kg": [[]] * 24,
        }
    )
    reported = pd.DataFrame(
        {
            "period": rows["period"],
            "period_start": MONTHS,
            "reporter_country_code": "NL",
            "months_reported": 1,
            "months_in_period": 1,
        }
    )
    found = pd.DataFrame({"number": [1, 2], "date_from": [MONTHS[8], MONTHS[15]], "kind": ["break", "law"]})
    figure = shown(trends._drawing(rows, reported, trends.Choice(), "month", {"MDMA": "MDMA"}, [], found))
    assert drawn(figure, "MDMA") == [list(range(8)), list(range(8, 24))]
    bands = [sorted(set(trace.x)) for trace in figure.data if trace.fill == "toself"]
    assert bands == [list(range(8)), list(range(8, 24))]


def test_an_interval_that_holds_the_level_is_hollow() -> None:
    rows = pd.DataFrame(
        {
            "name": ["a", "b"],
            "value": [2.0, 1.1],
            "low": [1.5, 0.8],
            "high": [3.0, 1.4],
            "words": ["x", "y"],
            "is_clear": [True, False],
        }
    )
    figure = shown(spans(rows, Axis([0.5, 1, 2, 4], is_log=True, level=1)), "light")
    paper = figure.layout.paper_bgcolor or figure.layout.template.layout.paper_bgcolor
    assert figure.data[0].marker.color != paper
    assert figure.data[1].marker.color == paper


def test_a_waterfall_goes_from_the_old_total_to_the_new_one() -> None:
    rows = pd.DataFrame(
        {"category": ["a", "b"], "old": [10, 5], "new": [4, 9], "change": [-6, 4], "low": [-8, -1], "high": [-4, 9]}
    )
    figure = shown(waterfall(rows, ("then", "now")), "light")
    totals, a, b = figure.data
    assert list(totals.x) == [15, 13]
    assert (a.base[0], a.x[0]) == (9, 6)
    assert (b.base[0], b.x[0]) == (9, 4)
    assert "within noise" in " ".join(note.text for note in figure.layout.annotations)


def test_words_of_the_analysis_are_printed_as_figures_print_them() -> None:
    assert (
        told.polish("NL -0.5, 1,234 seizures, 20%, 1 months, p = 0.000")
        == "the Netherlands −0.5, 1\u202f234 seizures, 20\u202f%, 1 month, p < 0.001"
    )
    assert told.headline("no change in US.") == "No change in the US"


def test_only_breaks_cut_and_a_plain_gap_is_no_break() -> None:
    table = events.listed(view())
    silent = pd.Series(np.nan, index=pd.date_range("2013-01-01", "2016-12-01", freq="MS"))
    silent[(silent.index.year == 2013) | (silent.index.year == 2016)] = 1.0
    kept = events.cutting(table, silent)
    assert "nz_not_reported_2014_2015" in set(table["event_id"])
    assert "nz_not_reported_2014_2015" not in set(kept["event_id"])
    assert "dutch_registration_2020" in set(kept["event_id"])


def test_events_of_other_drugs_and_of_the_real_world_stay_out() -> None:
    assert "operation_reheat" not in set(events.listed(view(drugs=("MDMA",)))["event_id"])
    exercise = events.listed(view("exercise"))
    assert list(exercise["event_id"].unique()) == ["team_nl"]


def test_at_most_five_flags_and_breaks_come_first() -> None:
    found = events.touching(
        view(), {"US", "NL", "NZ", "AU", "DE"}, pd.Timestamp("2011-01-01"), pd.Timestamp("2026-01-01")
    )
    assert list(found["number"]) == [1, 2, 3, 4, 5]
    assert {"dutch_registration_2020", "nz_not_reported_2014_2015", "harp_start"} <= set(found["event_id"])


def test_neighbours_are_not_the_country_itself() -> None:
    assert all(code not in near for code, near in displacement.NEIGHBOURS.items())


def test_the_barrier_model_is_whole() -> None:
    assert [step.id for step in barriers.steps()] == [*map(str, range(11)), "X"]


def test_a_partner_has_one_name_wherever_it_stands() -> None:
    names = {name for step in barriers.steps() for name in step.partners}
    assert sum("customs" in step.partners for step in barriers.steps()) == 5
    twice = {(one, other) for one in names for other in names if one.endswith(f" {other}")}
    assert not twice


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ([["police", "customs"], ["police"]], "Police stand at 2 of 2 steps, more than any other partner"),
        ([["police", "customs"]], "Customs and police stand at 1 of 1 step each, more than any other partner"),
        ([["a", "b", "c", "d"]], "4 partners stand at 1 of 1 step each, none at more"),
        ([[]], "No partner is listed"),
    ],
)
def test_the_busiest_partner_is_alone_or_named_with_its_equals(
    listed: list[list[str]], words: str, demo: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = tuple(replace(barriers.steps()[n], partners=tuple(names)) for n, names in enumerate(listed))
    monkeypatch.setattr(barriers, "steps", lambda: steps)
    figure = ladder.partners(lambda name, **asked: queries.run(demo, name, **asked), view())
    assert figure.headline == words


@pytest.mark.parametrize(
    "text",
    [
        "[[step]]\nid = '1'",
        "not toml [",
        "[[step]]\nid='1'\nname=''\naction=''\nopportunity=''\nsignal=''\nbarrier=''\nmeasured=''\nside='left'",
    ],
)
def test_a_wrong_barrier_model_says_so(text: str, tmp_path: Path) -> None:
    (tmp_path / "barriers.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        barriers.steps(tmp_path / "barriers.toml")


def pure_rows(**more: object) -> pd.DataFrame:
    """Tablets of one month a year, as ``charts/tablets_by_period`` gives them."""
    years = [2011, 2019, 2020, 2022]
    rows = pd.DataFrame(
        {
            "period": [str(y) for y in years],
            "seized_year": years,
            "category": "MDMA",
            "seizure_country_code": "NL",
            "seizures": 10,
            "seizures_measured": 0,
            "seizures_counted": 8,
            "tablets": 1e6,
            "measured_kg_low": 0.0,
            "measured_kg": 0.0,
            "measured_kg_high": 0.0,
        }
    )
    return rows.assign(**more)


def test_pure_mdma_is_what_was_measured_in_the_year_and_nothing_else() -> None:
    trend_rows = pd.DataFrame(
        {
            "period": ["2011", "2019", "2020", "2022", "2022"],
            "category": ["MDMA"] * 4 + ["ketamine"],
            "seizures": [10, 10, 10, 10, 7],
            "quantity_kg": 1.0,
            "quantity_kg_low": 1.0,
            "quantity_kg_high": 1.0,
            "largest_kg": [[1.0]] * 5,
        }
    )
    found = pure.trend(lambda *_, **__: pure_rows(), view(), trend_rows, "drug", "year")
    assert found.rows["quantity_kg"].tolist()[:2] == [84.0, 170.0]
    assert found.rows["quantity_kg"].isna().tolist() == [False, False, True, False, True]
    last = found.rows.iloc[3]
    assert (last.quantity_kg_low, last.quantity_kg, last.quantity_kg_high) == pytest.approx((114.4, 140, 144))
    assert (found.shown, found.without, found.years) == (24, 16, (2011, 2019, 2022))
    assert "16 MDMA seizures have no measured content and are not shown" in found.words
    assert found.rows["seizures"].tolist() == [10, 10, 10, 10, 7]


def test_a_purity_of_the_row_itself_needs_no_year() -> None:
    trend_rows = pd.DataFrame(
        {
            "period": ["2020"],
            "category": ["MDMA"],
            "seizures": [10],
            "quantity_kg": 9.0,
            "quantity_kg_low": 9.0,
            "quantity_kg_high": 9.0,
            "largest_kg": [[1.0]],
        }
    )
    one = pure_rows(
        tablets=0.0, seizures_counted=0, seizures_measured=2, measured_kg_low=1.0, measured_kg=2.0, measured_kg_high=3.0
    ).iloc[[2]]
    found = pure.trend(lambda *_, **__: one, view(), trend_rows, "drug", "year")
    assert found.rows.loc[0, ["quantity_kg_low", "quantity_kg", "quantity_kg_high"]].tolist() == [1, 2, 3]
    assert (found.shown, found.without) == (2, 8)


def test_measured_contents_are_cited_and_in_order() -> None:
    table = pure.contents()
    assert (table["low"] <= table["mid"]).all() and (table["mid"] <= table["high"]).all()
    assert table.index.is_unique and table.to_numpy().min() > 50
    assert all(row["citation"] and row["url"].startswith("https://") for row in vocabulary.rows("tablet_content"))


def test_where_nothing_is_measured_the_pure_view_is_a_sentence(demo: duckdb.DuckDBPyConnection) -> None:
    figure = trends.over_time(
        lambda name, **asked: queries.run(demo, name, **asked), view(), trends.Choice(period="year", factor="pure")
    )
    assert figure.drawing is None and figure.key == "trend_by_drug"
    assert "not known here" in figure.headline and "no row has a purity" in figure.alt
