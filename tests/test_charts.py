"""Pictures say what the rows say: sums are equal, gaps are never bridged, hues belong to drugs and destinations."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from chart_rows import shown
from hypothesis import given, settings
from hypothesis import strategies as st

from postflow.charts import cells, columns, compare, flowmap, sankey
from postflow.charts.trend import trend
from postflow.charts.trend_spec import Reference, TrendSpec, tints
from postflow.render.plotly import flowmap as map_printer
from postflow.style import Palette

HUES = {"mdma", "ketamine", "us", "au", "nz"}


def counted(values: dict[tuple[int, str], int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "period": str(year),
                "period_start": pd.Timestamp(year, 1, 1),
                "category": category,
                "drug": category,
                "seizures": n,
                "quantity_kg": n * 0.5,
                "quantity_kg_low": n * 0.4,
                "quantity_kg_high": n * 0.6,
                "seizures_without_kg": 0,
                "largest_kg": [n * 0.1],
            }
            for (year, category), n in values.items()
        ]
    )


def reported(months: dict[int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "period": str(year),
                "period_start": pd.Timestamp(year, 1, 1),
                "reporter_country_code": "NZ",
                "months_reported": n,
                "months_in_period": 12,
            }
            for year, n in months.items()
        ]
    )


NZ = counted(
    {(2012, "MDMA"): 116, (2012, "ketamine"): 5, (2013, "MDMA"): 126, (2016, "MDMA"): 642, (2016, "ketamine"): 31}
)
NZ_TOLD = reported({2012: 12, 2013: 12, 2014: 0, 2015: 0, 2016: 12})


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_columns_add_up_to_the_rows(mode: str) -> None:
    fig = shown(columns.by_period(NZ, NZ_TOLD), mode)
    bars = [trace for trace in fig.data if trace.name]
    assert sum(sum(trace.y) for trace in bars) == 920
    assert {trace.name: sum(trace.y) for trace in bars} == {"MDMA": 884, "ketamine": 36}


def test_years_that_nobody_reported_are_hatched_and_carry_no_column() -> None:
    fig = shown(columns.by_period(NZ, NZ_TOLD), "light")
    hatched = [trace for trace in fig.data if trace.marker.pattern.shape == "/"]
    assert [(list(trace.x), list(trace.width)) for trace in hatched] == [([2.5], [2])]
    assert all(x not in (2, 3) for trace in fig.data if trace.name for x in trace.x)


def test_no_line_crosses_a_gap() -> None:
    fig = shown(trend(NZ, NZ_TOLD, TrendSpec("drug", "Seizures", "Kilograms")))
    lines = [
        trace
        for trace in fig.data
        if getattr(trace, "mode", "") in ("lines", "markers", "lines+markers") and trace.meta
    ]
    for trace in lines:
        assert not any(a < 2 < b or a < 3 < b for a, b in zip(trace.x, trace.x[1:], strict=False))
        assert not set(trace.x) & {2, 3}
    assert sum(sum(trace.y) for trace in lines) == 920


def test_a_reported_year_without_rows_is_zero_and_an_unreported_one_is_nothing() -> None:
    fig = shown(trend(NZ, NZ_TOLD, TrendSpec("drug", "Seizures", "Kilograms")))
    ketamine = {
        x: y
        for trace in fig.data
        if trace.meta == "ketamine" and getattr(trace, "mode", "") in ("lines", "markers", "lines+markers")
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert ketamine == {0: 5, 1: 0, 4: 31}


def test_kilograms_add_up_to_the_rows() -> None:
    fig = shown(trend(NZ, NZ_TOLD, TrendSpec("drug", "Seizures", "Kilograms")))
    assert sum(sum(trace.y) for trace in fig.data if trace.type == "bar") == pytest.approx(460)


def test_a_reference_is_drawn_only_where_it_holds() -> None:
    ref = Reference("MDMA", 706, "706 in 2016", pd.Timestamp(2016, 1, 1), pd.Timestamp(2016, 12, 31))
    fig = shown(trend(NZ, NZ_TOLD, TrendSpec("drug", "Seizures", "Kilograms", references=(ref,))))
    dashed = [shape for shape in fig.layout.shapes if shape.line.dash == "5px,4px"]
    assert [(shape.x0, shape.x1, shape.y0) for shape in dashed] == [(3.5, 4.5, 706)]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("dimension", ["departure", "channel", "reporter", "source"])
def test_a_departure_never_has_a_hue(dimension: str, mode: str) -> None:
    hues = {Palette(mode)[hue] for hue in HUES}
    found = tints(["NL", "US", "AU", "NZ", "DE"], dimension).values()
    assert not {Palette(mode)[tint.line] for tint in found} & hues


def test_more_categories_than_lines_become_others_and_lose_nothing() -> None:
    rows = counted({(2020, f"C{n}"): n + 1 for n in range(20)})
    fig = shown(trend(rows, reported({2020: 12}), TrendSpec("departure", "Seizures", "Kilograms")))
    told = [trace for trace in fig.data if trace.type == "scatter" and trace.meta is not None]
    assert len(told) < 10
    assert sum(trace.y[0] for trace in told) == sum(range(1, 21))


YEARS = st.lists(st.integers(2000, 2040), min_size=1, max_size=6, unique=True)


@settings(max_examples=25, deadline=None)
@given(YEARS, st.data())
def test_any_rows_are_drawn_and_add_up(years: list[int], data: st.DataObject) -> None:
    months = {year: data.draw(st.sampled_from([0, 3, 12])) for year in sorted(years)}
    told = [year for year, n in months.items() if n]
    values = {(year, drug): data.draw(st.integers(0, 10**7)) for year in told for drug in ("MDMA", "ketamine")}
    rows = counted(values) if values else NZ.iloc[:0]
    fig = shown(trend(rows, reported(months), TrendSpec("drug", "Seizures", "Kilograms")), "dark", "present", 456)
    drawn = sum(y for trace in fig.data if trace.type == "scatter" and trace.meta is not None for y in trace.y)
    assert drawn == sum(values.values())


def test_the_matrix_returns_its_codes_and_hatches_silent_columns() -> None:
    names = {"NL": "Netherlands", "NZ": "New Zealand", "US": "United States"}
    fig = shown(cells.matrix(["NL"], ["NZ", "US"], {("NL", "NZ"): 579}, {"US"}, names), "light")
    assert [list(trace.customdata[0]) for trace in fig.data if trace.customdata is not None] == [["NL", "NZ"]]
    assert any(trace.marker.pattern.shape == "/" for trace in fig.data)
    assert any(note.text == "<b>579</b>" for note in fig.layout.annotations)


def test_the_map_never_crops_itself_and_draws_only_lanes_with_both_ends() -> None:
    rows = pd.DataFrame(
        {
            "departure_country_code": ["NL", "ZZ"],
            "destination_country_code": ["NZ", "NZ"],
            "seizures": [579, 3],
            "quantity_kg": [4.2, None],
        }
    )
    anchors = {"NL": (52.3, 4.8), "NZ": (-36.8, 174.8), "US": (40.6, -73.8), "AU": (-33.9, 151.2)}
    names = {code: code for code in anchors}
    fig = shown(flowmap.arcs(rows, rows.iloc[:0], anchors, names, "seizures", ["US", "AU", "NZ"]), "light")
    assert fig.layout.geo.fitbounds is False
    assert {trace.text for trace in fig.data if trace.mode == "lines"} == {"<b>NL → NZ</b><br>579 seizures"}


def test_a_near_antipodal_lane_is_one_curve_without_a_jump() -> None:
    path = map_printer.lane((52.3, 4.8), (-36.8, 174.8))
    assert all(abs(a[0] - b[0]) < 15 and abs(a[1] - b[1]) < 40 for a, b in pairwise(path))


def test_the_sankey_keeps_unknown_as_a_full_node_and_a_destination_without_rows_as_a_ghost() -> None:
    rows = pd.DataFrame(
        [
            ("NL", "import", "inferred", "ZZ", "NZ", 579, 4.2),
            ("DE", "export", "reported", "US", "US", 4, 1.0),
            ("ZZ", "unknown", "unknown", "ZZ", "ZZ", 7, None),
        ],
        columns=[
            "departure_country_code",
            "interception_side",
            "destination_basis",
            "destination_recorded_code",
            "destination_country_code",
            "seizures",
            "quantity_kg",
        ],
    )
    names = {
        "NL": "Netherlands",
        "DE": "Germany",
        "ZZ": "Not stated",
        "NZ": "New Zealand",
        "US": "United States",
        "AU": "Australia",
    }
    fig = shown(sankey.interceptions(rows, names, "seizures", ["AU"]), "light")
    words = " ".join(note.text for note in fig.layout.annotations)
    assert "<b>586</b>  Not stated" in words
    assert "<b>0</b>  Australia, no row" in words
    assert "Netherlands  <b>579</b>" in words


def test_a_dumbbell_shows_both_values_of_every_line() -> None:
    rows = pd.DataFrame({"name": ["NL → NZ", "DE → US"], "before": [0, 12], "after": [579, 3]})
    fig = shown(compare.dumbbell(rows, ("sending side", "receiving side"), "ink2"), "light")
    assert [list(trace.text) for trace in fig.data] == [["0", "12"], ["<b>579</b>", "<b>3</b>"]]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_of_the_palette_are_used_by_name(mode: str) -> None:
    fig = shown(columns.by_period(NZ, NZ_TOLD), mode)
    assert {trace.marker.color for trace in fig.data if trace.name} == {
        Palette(mode)["mdma"],
        Palette(mode)["ketamine"],
    }
