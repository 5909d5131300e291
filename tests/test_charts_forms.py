"""Columns, comparisons, cells, maps, flows, distributions and ladders: right sums, hatched gaps, escaped words."""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest
from chart_rows import ATTACKS, HUES, assert_sound, colours, counted, shown, texts, told, total
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from postflow.charts import cells, columns, compare, flowmap, sankey
from postflow.drawing import Drawing, Flow, Link, Node
from postflow.errors import NothingToDraw
from postflow.render.plotly import flat, parts
from postflow.render.plotly import flowmap as map_printer
from postflow.render.plotly.flow import dodge
from postflow.style import mix

LOOKS = [("light", "screen"), ("dark", "present")]
PLACES = {
    "NL": (52.4, 4.9),
    "GB": (51.9, -0.6),
    "IE": (53.3, -6.3),
    "US": (38.9, -77.0),
    "AU": (-34.5, 149.1),
    "NZ": (-39.5, 174.8),
}
NO_LANES = pd.DataFrame(columns=["departure_country_code", "destination_country_code"])


def is_hatched(trace: go.Bar) -> bool:
    return trace.type == "bar" and trace.marker.pattern.shape == "/"


# ---------- columns ----------


@pytest.mark.parametrize("look", LOOKS)
def test_columns_add_up_and_gaps_are_full_columns_of_hatch(look: tuple[str, str]) -> None:
    rows = counted("year", [(0, "MDMA", 120, None, []), (0, "ketamine", 3, None, []), (3, "MDMA", 9, None, [])])
    rows = rows.rename(columns={"category": "drug"})
    fig = shown(columns.by_period(rows, told("year", [12, 0, 0, 4])), *look)
    assert total(fig, "bar") == rows.seizures.sum()
    (gap,) = [trace for trace in fig.data if is_hatched(trace)]
    assert (list(gap.x), list(gap.width)) == ([1.5], [2])
    assert {"<b>123</b>", "<b>9</b>", "not<br>reported"} <= set(texts(fig))
    assert "2015<br>so far" in fig.layout.xaxis.ticktext
    assert_sound(fig)


def test_a_reported_zero_is_written_and_a_gap_is_not() -> None:
    rows = counted("year", [(0, "MDMA", 5, None, [])]).rename(columns={"category": "drug"})
    words = texts(shown(columns.by_period(rows, told("year", [12, 12, 0])), "light"))
    assert words.count("<b>0</b>") == 1


def test_columns_of_nothing() -> None:
    rows = counted("year", []).rename(columns={"category": "drug"})
    assert_sound(shown(columns.by_period(rows, told("year", [])), "light"))
    assert_sound(shown(columns.by_period(rows, told("year", [0, 0])), "light"))


# ---------- comparisons ----------


def test_a_dumbbell_is_logarithmic_only_where_values_span_a_decade() -> None:
    wide = pd.DataFrame({"name": ["NL", "IE"], "before": [74, 0], "after": [398, 11]})
    fig = shown(compare.dumbbell(wide, ("2013", "2016"), "nz"), "light")
    assert fig.layout.xaxis.type == "log"
    hollow, solid = fig.data
    assert (hollow.meta, list(hollow.x), list(hollow.text)) == ("before", [74, flat.FLOOR], ["74", "0"])
    assert (solid.meta, list(solid.x)) == ("after", [398, 11])
    assert {"<b>×5.4</b>", "<b>only after</b>"} <= set(texts(fig))
    near = pd.DataFrame({"name": ["NL"], "before": [50], "after": [40]})
    fig = shown(compare.dumbbell(near, ("sender", "receiver"), "transit"), "dark", "present")
    assert fig.layout.xaxis.type is None
    assert fig.layout.xaxis.range[0] < 0 < fig.layout.xaxis.range[1]
    assert_sound(fig)


@settings(deadline=None, max_examples=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=12))
def test_any_pairs_are_drawn(pairs: list[tuple[int, int]]) -> None:
    rows = pd.DataFrame([(f"{n} " * 30, a, b) for n, (a, b) in enumerate(pairs)], columns=["name", "before", "after"])
    fig = shown(compare.dumbbell(rows, ("before", "after"), "us"), "light")
    assert all(math.isfinite(value) for trace in fig.data for value in trace.x)
    assert_sound(fig)


def test_small_multiples_share_their_axes_and_hatch_every_gap() -> None:
    rows = pd.DataFrame({"name": ["NL", "NL", "BE"], "period": ["2012", "2016", "2016"], "value": [103, 398, 15]})
    silent = {"NL": ["2014"], "BE": ["2014"]}
    fig = shown(compare.small_multiples(rows, ["NL", "BE"], ["2012", "2014", "2016"], silent, {"NL": "nz"}), "light")
    assert total(fig, "bar", meta="NL") == 501 and total(fig, "bar", meta="BE") == 15
    assert sum(is_hatched(trace) for trace in fig.data) == 2
    assert fig.layout.yaxis.range == fig.layout.yaxis2.range
    assert texts(fig).count("<b>0</b>") == 1
    assert_sound(fig)


def test_at_most_six_panels() -> None:
    names = [f"country {n}" for n in range(20)]
    rows = pd.DataFrame({"name": names, "period": "2012", "value": 1.5})
    fig = shown(compare.small_multiples(rows, names, ["2012"], {}, {}), "dark", "present")
    assert len(list(fig.select_xaxes())) == compare.MOST_PANELS
    assert_sound(fig)
    assert_sound(shown(compare.small_multiples(rows[:0], [], [], {}, {}), "light"))


def test_share_bars_overlap_and_never_stack() -> None:
    rows = pd.DataFrame({"mark": ["no weight", ATTACKS[0]], "rows": [430, 1], "kind": ["marked", "held"]})
    fig = shown(compare.share_bars(rows, 4667), "light")
    assert fig.layout.barmode == "overlay"
    assert list(fig.data[-1].x) == [430, 1]
    assert any("<0.1" in text for text in texts(fig))
    with pytest.raises(NothingToDraw):
        compare.share_bars(rows[:0], 0)


# ---------- cells ----------


def test_a_cell_gives_back_its_row_and_column() -> None:
    names = {"NL": "Netherlands", "NZ": "New Zealand", "US": "United States"}
    fig = shown(cells.matrix(["NL", "BE"], ["US", "NZ"], {("NL", "NZ"): 579}, {"US"}, names), "light")
    silent, counted_cells = fig.data
    assert is_hatched(silent) and silent.customdata is None
    assert [list(pair) for pair in counted_cells.customdata] == [["NL", "NZ"], ["BE", "NZ"]]
    assert {"<b>579</b>", "·"} <= set(texts(fig))
    assert not colours(fig) & HUES
    assert_sound(fig)


def test_coverage_hatches_what_nobody_told() -> None:
    held = pd.DataFrame(
        {"reporter_country_code": ["NZ", "NL"], "year": [2012, 2014], "grain": ["route", "annual"], "rows": [140, 1]}
    )
    fig = shown(
        cells.coverage(held, {"Sending": ["NL"], "Receiving": ["NZ"]}, {"NL": 575}, {"NL": "Netherlands"}, "named"),
        "light",
    )
    (none,) = [trace for trace in fig.data if trace.meta == "none"]
    assert is_hatched(none) and len(none.x) == 4
    assert {"<b>140</b>", "kg", "<b>575</b>"} <= set(texts(fig))
    assert_sound(fig)
    with pytest.raises(NothingToDraw):
        cells.coverage(held[:0], {}, {}, {}, "named")


# ---------- map ----------


def lanes(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=NO_LANES.columns)


def flows(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*NO_LANES.columns, "seizures", "quantity_kg"])


def test_counted_lanes_are_solid_and_published_ones_dotted() -> None:
    rows = flows(("NL", "NZ", 500, 3.0), ("NL", "NZ", 75, None), ("GB", "NZ", 1, None), ("ZZ", "NZ", 9, 1.0))
    fig = shown(
        flowmap.arcs(rows, lanes(("NL", "US"), ("NL", "US")), PLACES, {}, "seizures", ["US", "AU", "NZ"]), "light"
    )
    assert {t.meta for t in fig.data if t.mode == "lines" and t.line.dash is None} == {"NL-NZ", "GB-NZ"}
    assert [t.line.color for t in fig.data if t.meta == "published"] == ["#2E55CC"]
    words = " ".join(texts(fig))
    assert "576 seizures" in words
    assert "2 published cases" in words
    widest = max(t.line.width for t in fig.data if t.mode == "lines")
    assert widest == pytest.approx(map_printer.WIDEST)
    assert fig.layout.geo.fitbounds is False
    assert_sound(fig)


def test_a_destination_that_no_row_reaches_is_hollow() -> None:
    fig = shown(flowmap.arcs(flows(("NL", "NZ", 5, 1.0)), NO_LANES, PLACES, {}, "seizures", ["US", "NZ"]), "light")
    dots = {trace.text[0]: trace.marker.color for trace in fig.data if trace.mode == "markers" and len(trace.lat) == 1}
    assert dots["US"] == "#FBFAF7" and dots["NZ"] == "#1F5A2A"
    assert "no counted route" in " ".join(texts(fig))


def test_a_destination_counted_but_never_weighed_says_so_by_weight() -> None:
    fig = shown(flowmap.arcs(flows(("NL", "NZ", 5, None)), NO_LANES, PLACES, {}, "quantity_kg", ["NZ"]), "light")
    assert "5 seizures, none weighed" in " ".join(texts(fig))
    assert not [trace for trace in fig.data if trace.mode == "lines"]


def test_a_map_of_nothing() -> None:
    assert_sound(shown(flowmap.arcs(flows(), NO_LANES, PLACES, {}, "seizures", []), "dark", "present"))


def test_lanes_are_great_circles_and_near_antipodes_do_not_cross_the_pole() -> None:
    path = map_printer.lane(PLACES["NL"], PLACES["US"])
    assert path[0] == pytest.approx(PLACES["NL"], abs=0.01) and path[-1] == pytest.approx(PLACES["US"], abs=0.01)
    assert len(path) == map_printer.POINTS + 1
    for departure in ("NL", "GB", "IE"):
        assert max(lat for lat, _ in map_printer.lane(PLACES[departure], PLACES["NZ"])) < 72


# ---------- flows ----------


def interceptions(*rows: tuple) -> pd.DataFrame:
    names = [
        "departure_country_code",
        "interception_side",
        "destination_basis",
        "destination_recorded_code",
        "destination_country_code",
        "seizures",
        "quantity_kg",
    ]
    return pd.DataFrame(rows, columns=names)


def links(fig: go.Figure) -> dict[tuple[str, str], go.Scatter]:
    return {tuple(trace.meta): trace for trace in fig.data if trace.meta is not None}


def test_what_a_row_does_not_say_is_a_hatched_node_and_an_inference_one_more_column() -> None:
    rows = interceptions(
        ("NL", "import", "inferred", "ZZ", "NZ", 575, 3.0),
        ("NL", "export", "reported", "US", "US", 20, 1.0),
        ("ZZ", "unknown", "none", "ZZ", "ZZ", 4, None),
    )
    fig = shown(sankey.interceptions(rows, {"NL": "Netherlands"}, "seizures", ["AU"]), "light")
    found = links(fig)
    assert set(found) == {
        ("l:NL", "s:import_inferred"),
        ("l:NL", "s:export"),
        ("l:ZZ", "s:unknown"),
        ("s:import_inferred", "r:ZZ"),
        ("s:export", "r:US"),
        ("s:unknown", "r:ZZ"),
        ("r:ZZ", "i:NZ"),
    }
    assert found["r:ZZ", "i:NZ"].fillpattern.shape == "/"
    assert found["s:export", "r:US"].fillpattern.shape is None
    words = texts(fig)
    assert any("<b>0</b>  AU, no row" in word for word in words)
    assert any("<b>579</b>  Not stated" in word for word in words)
    assert {"Departure", "Who stopped it", "Recorded as", "Read as"} <= set(words)
    assert_sound(fig)


def test_ribbons_are_as_thick_as_their_numbers() -> None:
    nodes = [Node("a", 0, "a", "ink2"), Node("b", 0, "b", "ink2"), Node("c", 1, "c", "ink2")]
    links_of = (Link("a", "c", 30, "export"), Link("b", "c", 10, "transit"))
    fig = shown(Drawing("flow", flow=Flow(tuple(nodes), links_of, ("", ""))))
    thick = {key: trace.y[0] - trace.y[-1] for key, trace in links(fig).items()}
    assert thick["a", "c"] == pytest.approx(3 * thick["b", "c"])


@settings(deadline=None, max_examples=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["NL", "BE", "GB", "DE", "FR", "ES", "PL", "ZZ", "<b>"]),
            st.sampled_from([*sankey.SIDES, "import", "something new"]),
            st.sampled_from(["reported", "inferred", "none"]),
            st.sampled_from(["US", "AU", "NZ", "ZZ", "CA", "JP", "BR", "MX", "CL", "IT"]),
            st.sampled_from(["US", "NZ", "ZZ", "CA", "JP", "BR", "MX"]),
            st.integers(0, 10**7),
            st.one_of(st.none(), st.floats(0, 1e6)),
        ),
        max_size=40,
    ),
    st.sampled_from(["seizures", "quantity_kg"]),
    st.sampled_from(LOOKS),
)
def test_any_flows_are_drawn_inside_the_frame(found: list[tuple], lead: str, look: tuple[str, str]) -> None:
    rows = interceptions(*found)
    if not rows[lead].fillna(0).gt(0).any():
        with pytest.raises(NothingToDraw):
            sankey.interceptions(rows, {}, lead, ["US", "AU"])
        return
    fig = shown(sankey.interceptions(rows, {}, lead, ["US", "AU"]), *look)
    assert_sound(fig)
    for trace in fig.data:
        assert min(trace.y) > -0.03 and max(trace.y) < 1 + 1e-6


def test_labels_dodge_in_order() -> None:
    at = dodge([0.9, 0.89, 0.88, 0.05], [0.1] * 4)
    assert at == sorted(at, reverse=True)
    assert all(a - b >= 0.0999 for a, b in pairwise(at))
    assert at[-1] >= 0.05


# ---------- words from data, shared parts ----------


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_word_from_data_is_markup_in_any_form(attack: str) -> None:
    names = {"NL": attack, "NZ": attack, "X": attack}
    rows = counted("year", [(0, attack, 5, 1.0, [])]).rename(columns={"category": "drug"})
    pairs = pd.DataFrame({"name": [attack], "before": [1], "after": [3]})
    panels = pd.DataFrame({"name": [attack], "period": [attack], "value": [3]})
    stopped = interceptions(
        ("NL", "import", "inferred", "ZZ", "NZ", 5, 1.0), ("X", "export", "reported", "NZ", "NZ", 5, 1.0)
    )
    held = pd.DataFrame({"reporter_country_code": ["NL"], "year": [2012], "grain": ["route"], "rows": [140]})
    for fig in (
        shown(columns.by_period(rows, told("year", [12])), "light"),
        shown(compare.dumbbell(pairs, (attack, attack), "nz"), "light"),
        shown(compare.small_multiples(panels, [attack], [attack], {}, {}), "light"),
        shown(compare.share_bars(pd.DataFrame({"mark": [attack], "rows": [1], "kind": ["held"]}), 3), "light"),
        shown(cells.matrix(["NL"], ["NZ"], {("NL", "NZ"): 3}, set(), names), "light"),
        shown(cells.coverage(held, {attack: ["NL"]}, {"NL": 3}, names, attack), "light"),
        shown(
            flowmap.arcs(flows(("NL", "NZ", 5, 1.0)), lanes(("NL", "US")), PLACES, names, "seizures", ["NZ"]), "light"
        ),
        shown(sankey.interceptions(stopped, names, "seizures", ["AU"]), "light"),
    ):
        assert_sound(fig)


@given(st.lists(st.floats(0, 100), max_size=9), st.floats(0.1, 9))
def test_spread_labels_keep_their_order_and_their_distance(wanted: list[float], step: float) -> None:
    at = parts.spread(wanted, step, 0, 100)
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    assert all(at[b] - at[a] >= step * 0.999 for a, b in pairwise(order))
    assert all(-1e-6 <= value <= 100 + 1e-6 for value in at)


def test_mixing_and_runs() -> None:
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
    assert parts.runs([1, 2, 4, 7, 8, 9]) == [(1, 2), (4, 4), (7, 9)]
    assert list(parts.every(20, 9)) == [0, 3, 6, 9, 12, 15, 18]
