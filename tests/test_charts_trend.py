"""Trends: sums equal the rows, no line crosses a gap, nothing unknown is drawn as zero, hues mean one thing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest
from chart_rows import (
    ATTACKS,
    FIVE_HUES,
    HUES,
    assert_sound,
    colours,
    counted,
    day,
    label,
    shown,
    starts,
    texts,
    told,
    total,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from postflow.charts import trend as charts
from postflow.charts.timeline import MOST_LINES, OTHERS, timeline
from postflow.charts.trend import Flag, Reference, TrendSpec, tints
from postflow.style import COLOURS, Palette


def trend(
    rows: pd.DataFrame, reporters: pd.DataFrame, spec: TrendSpec, *look: str | int, height: int = 460
) -> go.Figure:
    mode, size, tall = (*look, *("light", "screen", height)[len(look) :])
    return shown(charts.trend(rows, reporters, spec), str(mode), str(size), int(tall))


BASES = ["month", "quarter", "year", "us_fy"]


def spec(
    dimension: str = "drug",
    names: Mapping[str, str] | None = None,
    references: tuple[Reference, ...] = (),
    flags: tuple[Flag, ...] = (),
) -> TrendSpec:
    return TrendSpec(dimension, "Seizures a period", "Kilograms a period", names or {}, references, flags)


def lines(fig: go.Figure, category: str) -> list[tuple[list[int], list[float]]]:
    """Place and value of each unbroken run of one category."""
    found = [t for t in fig.data if t.type == "scatter" and t.meta == category]
    return [(list(trace.x), list(trace.y)) for trace in found]


def hatched(fig: go.Figure, axis: str) -> list[tuple[float, float]]:
    shapes = [t for t in fig.data if t.type == "scatter" and t.fillpattern.shape and (t.yaxis or "y") == axis]
    return [(min(trace.x), max(trace.x)) for trace in shapes]


@pytest.mark.parametrize("basis", BASES)
def test_a_gap_breaks_the_line_and_is_hatched(basis: str) -> None:
    rows = counted(basis, [(0, "MDMA", 5, 1.0, [0.4]), (1, "MDMA", 7, 2.0, [0.4]), (4, "MDMA", 9, 3.0, [0.4])])
    whole = {"month": 1, "quarter": 3}.get(basis, 12)
    fig = trend(rows, told(basis, [whole, whole, 0, 0, whole]), spec(), "light")
    assert sorted(lines(fig, "MDMA")) == [([0, 1], [5, 7]), ([4], [9])]
    assert hatched(fig, "y") == hatched(fig, "y2") == [(1.5, 3.5)]
    assert "<b>Not reported</b>" in texts(fig)
    assert_sound(fig)


def test_a_single_reported_period_is_a_dot_with_its_interval() -> None:
    rows = counted("year", [(1, "MDMA", 9, None, [])])
    fig = trend(rows, told("year", [0, 12, 0]), spec(), "light")
    (one,) = [t for t in fig.data if t.meta == "MDMA"]
    assert one.mode == "lines+markers"
    assert (list(one.x), list(one.y)) == ([1], [9])
    assert [s for s in fig.layout.shapes if s.x0 == s.x1 == 1 and s.y0 < 9 < s.y1]


def test_a_period_missing_from_both_answers_is_a_gap_with_a_label_of_its_own() -> None:
    rows = counted("us_fy", [(0, "MDMA", 5, None, []), (1, "MDMA", 6, None, []), (3, "MDMA", 7, None, [])])
    reporters = told("us_fy", [12, 12, None, 12])
    fig = trend(rows, reporters, spec(), "light")
    places = charts.trend(rows, reporters, spec()).panels[0].places
    assert places.names == ("FY2012", "FY2013", "FY2014", "FY2015")
    assert hatched(fig, "y") == [(1.5, 2.5)]
    assert len(lines(fig, "MDMA")) == 2


def test_a_reported_period_without_rows_is_a_zero() -> None:
    rows = counted("month", [(0, "MDMA", 5, None, []), (2, "MDMA", 6, None, [])])
    fig = trend(rows, told("month", [1, 1, 1]), spec(), "light")
    assert lines(fig, "MDMA") == [([0, 1, 2], [5, 0, 6])]


def test_the_unfinished_period_stands_apart() -> None:
    rows = counted("year", [(n, "MDMA", 100, 5.0, [0.1]) for n in range(3)] + [(3, "MDMA", 30, 1.0, [0.1])])
    fig = trend(rows, told("year", [12, 12, 12, 4]), spec(), "light")
    assert sorted(lines(fig, "MDMA")) == [([0, 1, 2], [100, 100, 100]), ([3], [30])]
    assert hatched(fig, "y") == []
    assert hatched(fig, "y2") == []
    strip = next(n for n, t in enumerate(fig.data) if t.type == "bar" and t.marker.pattern.shape and t.meta is None)
    assert (list(fig.data[strip].x), fig.data[strip].width, list(fig.data[strip].base)) == ([3], 1, [0])
    assert strip < min(n for n, t in enumerate(fig.data) if t.type == "bar" and t.meta == "MDMA")
    assert any(text.endswith("<br>so far") for text in texts(fig))
    assert fig.layout.xaxis.ticktext[3] == "2015 so far, 4 of 12 months"


def test_a_service_is_silent_where_it_did_not_report() -> None:
    rows = counted("year", [(0, "NZ", 5, None, []), (1, "US", 50, None, []), (2, "US", 40, None, [])])
    reporters = pd.concat([told("year", [12, 0, 0], "NZ"), told("year", [0, 12, 12], "US")])
    fig = trend(rows, reporters, spec("reporter"), "light")
    assert lines(fig, "NZ") == [([0], [5])]
    assert lines(fig, "US") == [([1, 2], [50, 40])]


def test_nobody_is_zero_where_no_row_says_from_where() -> None:
    rows = counted(
        "year", [(0, "NL", 5, None, []), (0, "BE", 2, None, []), (1, "ZZ", 90, None, []), (2, "NL", 4, None, [])]
    )
    fig = trend(rows, told("year", [12, 12, 12]), spec("departure"), "light")
    assert sorted(lines(fig, "NL")) == [([0], [5]), ([2], [4])]
    assert sorted(lines(fig, "BE")) == [([0], [2]), ([2], [0])]
    assert lines(fig, "ZZ") == [([0, 1, 2], [0, 90, 0])]


def test_a_source_counts_only_between_its_first_and_last_row() -> None:
    rows = counted("year", [(0, "unodc", 5, None, []), (1, "unodc", 6, None, []), (2, "cbp", 9, None, [])])
    fig = trend(rows, told("year", [12, 12, 12]), spec("source"), "light")
    assert lines(fig, "unodc") == [([0, 1], [5, 6])]
    assert lines(fig, "cbp") == [([2], [9])]


@pytest.mark.parametrize("dimension", ["departure", "channel", "side", "reporter", "source"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_only_drugs_and_destinations_have_hues(dimension: str, mode: str) -> None:
    names = ["US", "AU", "NZ", "MDMA", "export", "ZZ"]
    rows = counted("year", [(n, name, 5 + k, 1.0, [0.4]) for n in range(3) for k, name in enumerate(names)])
    fig = trend(rows, told("year", [12, 12, 12]), spec(dimension), mode)
    assert not colours(fig) & HUES


def test_drugs_and_destinations_keep_their_hues_whatever_the_order() -> None:
    colour = Palette("light")
    found = tints(["ketamine", "something new", "MDMA", OTHERS], "drug")
    assert found["MDMA"].line == "mdma" and found["ketamine"].line == "ketamine"
    assert {colour[found["something new"].line], colour[found[OTHERS].line]}.isdisjoint(FIVE_HUES)
    assert Palette("dark")[tints(["NZ", "FR", "US", "AU"], "destination")["AU"].line] == COLOURS["au"][1]


def test_of_twenty_categories_six_are_named_and_the_rest_is_faint() -> None:
    names = [f"C{n:02d}" for n in range(19)]
    rows = counted("year", [(p, name, 40 - k, 1.0, [0.4]) for p in range(2) for k, name in enumerate(names)])
    rows = pd.concat([rows, counted("year", [(0, "MDMA", 1, None, [])])])
    fig = trend(rows, told("year", [12, 12]), spec("drug"), "light")
    shown = {trace.meta for trace in fig.data if trace.type == "scatter" and trace.meta}
    assert shown == {"MDMA", *names[: MOST_LINES - 1], OTHERS}
    assert any("14 others" in text for text in texts(fig))
    assert total(fig, "scatter") == rows.seizures.sum()
    assert total(fig, "bar") == pytest.approx(rows.quantity_kg.sum())


def test_kilograms_show_their_range_and_one_heavy_record() -> None:
    rows = counted("year", [(0, "MDMA", 5, 10.0, [9.0, 0.2]), (1, "MDMA", 5, 10.0, [1.0])])
    fig = trend(rows, told("year", [12, 12]), spec(), "light")
    plain, heavy = [t for t in fig.data if t.type == "bar"]
    assert (list(plain.y), list(heavy.y)) == ([1.0, 10.0], [9.0, 0.0])
    assert heavy.marker.pattern.shape == "/"
    assert "heaviest record 9.00\u00a0kg" in plain.customdata[0]
    upright = [s for s in fig.layout.shapes if s.yref == "y2"]
    assert [(s.x0, s.y0, s.y1) for s in upright] == [(0, 9.0, 12.0), (1, 9.0, 12.0)]


def test_without_kilograms_there_is_one_panel() -> None:
    fig = trend(counted("year", [(0, "MDMA", 5, None, [])]), told("year", [12]), spec(), "light")
    assert "yaxis2" not in fig.layout
    assert tuple(fig.layout.yaxis.domain) == (0, 1)


def test_panels_are_sixty_and_twenty_seven_per_cent() -> None:
    fig = trend(counted("year", [(0, "MDMA", 5, 1.0, [])]), told("year", [12]), spec(), "light")
    assert tuple(fig.layout.yaxis.domain) == (0.4, 1)
    assert tuple(fig.layout.yaxis2.domain) == (0, 0.27)
    assert fig.layout.yaxis.range[0] == fig.layout.yaxis2.range[0] == 0


def test_references_are_dashed_only_over_their_span_and_flags_stand_on_their_day() -> None:
    year = Reference("MDMA", 59, "706 a year", day("2012-04-01"), day("2012-06-30"))
    elsewhere = Reference("MDMA", 999, "long ago", day("1990-01-01"), day("1990-12-31"))
    flags = (
        Flag(day("2012-02-15"), 1),
        Flag(day("1999-01-01"), 2),
        Flag(day("2031-01-01"), 3),
    )
    rows = counted("month", [(n, "MDMA", 5, 1.0, []) for n in range(12)])
    fig = trend(rows, told("month", [1] * 12), spec(references=(year, elsewhere), flags=flags), "light")
    (dashed,) = [s for s in fig.layout.shapes if s.line.dash == "5px,4px"]
    assert (dashed.x0, dashed.x1, dashed.y0) == (2.5, 5.5, 59)
    assert fig.layout.yaxis.range[1] < 100
    (flag,) = [s for s in fig.layout.shapes if s.line.dash == "2px,3px"]
    assert 0.5 < flag.x0 < 1.5
    assert "long ago" not in " ".join(texts(fig))


def test_no_line_or_band_crosses_into_a_series_that_begins_anew() -> None:
    rows = counted("year", [(n, "MDMA", 10 + n, None, []) for n in range(5)])
    read = TrendSpec("drug", "Seizures", "Kilograms", cuts=(day("2013-07-01"), day("2016-01-01")))
    fig = trend(rows, told("year", [12] * 5), read, "light")
    assert sorted(lines(fig, "MDMA")) == [([0, 1], [10, 11]), ([2, 3], [12, 13]), ([4], [14])]
    bands = [(min(t.x), max(t.x)) for t in fig.data if t.type == "scatter" and t.fill == "toself"]
    assert sorted(bands) == [(0, 1), (2, 3)]


def test_signs_of_events_in_one_month_stand_side_by_side() -> None:
    rows = counted("month", [(n, "MDMA", 5, None, []) for n in range(60)])
    flags = tuple(Flag(day(f"2014-06-0{n}"), n) for n in range(1, 6))
    fig = trend(rows, told("month", [1] * 60), spec(flags=flags), "light")
    signs = sorted(note.x for note in fig.layout.annotations if note.text in {f"<b>{n}</b>" for n in range(1, 6)})
    assert all(b - a > 1.5 for a, b in pairwise(signs))
    assert max(s.x0 for s in fig.layout.shapes if s.line.dash == "2px,3px") < 30


@pytest.mark.parametrize("attack", ATTACKS)
def test_words_from_data_are_words(attack: str) -> None:
    rows = counted("year", [(0, attack, 5, 2.0, [2.0]), (1, attack, 6, 1.0, [1.0])])
    reference = Reference(attack, 3, attack, starts("year", 1)[0], starts("year", 2)[1])
    fig = trend(rows, told("year", [12, 12]), spec("channel", names={attack: attack}, references=(reference,)), "light")
    assert_sound(fig)


def test_nothing_at_all_says_so() -> None:
    rows, none = counted("year", []), told("year", [])
    fig = trend(rows, none, spec(), "light")
    assert "Nobody reported this scope" in texts(fig)
    only_gaps = trend(rows, told("year", [0, 0, 0]), spec(), "dark", "present", 430)
    assert hatched(only_gaps, "y") == [(-0.5, 2.5)]
    assert_sound(fig)


def test_rows_of_an_unknown_month_are_left_to_the_caption() -> None:
    rows = counted("month", [(0, "MDMA", 5, 1.0, []), (1, "MDMA", 6, 1.0, [])])
    rows.loc[1, ["period", "period_start"]] = [None, pd.NaT]
    fig = trend(rows, told("month", [1, 1]), spec(), "light")
    assert total(fig, "scatter") == 5


def test_labels_at_the_ends_do_not_meet() -> None:
    rows = counted("month", [(n, f"country {k}", 3, None, []) for n in range(24) for k in range(6)])
    fig = trend(rows, told("month", [1] * 24), spec("departure"), "light", height=460)
    ends = sorted(note.y for note in fig.layout.annotations if str(note.text).startswith("<b>country"))
    apart = (fig.layout.yaxis.range[1]) * 14 / (460 * 0.9)
    assert all(b - a >= apart for a, b in pairwise(ends))


def test_the_same_rows_give_the_same_picture() -> None:
    rows = counted("quarter", [(n, c, 3 + n, 1.0, [0.9]) for n in range(9) for c in ("MDMA", "ketamine")])
    reporters = told("quarter", [3] * 9)
    shuffled = rows.sample(frac=1, random_state=3)
    assert trend(rows, reporters, spec(), "light").to_json() == trend(shuffled, reporters, spec(), "light").to_json()


CELLS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["MDMA", "ketamine", "ZZ", "unknown", "<script>", "a very long name " * 5, "", *"abcdefghij"]),
        st.integers(0, 10**9),
        st.one_of(st.none(), st.just(0.0), st.floats(0.000001, 1e9)),
        st.lists(st.floats(0.000001, 1e9), max_size=5),
    ),
    max_size=60,
)


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(
    cells=CELLS,
    months=st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=45),
    basis=st.sampled_from(BASES),
    dimension=st.sampled_from(["drug", "departure", "destination", "channel", "side", "reporter", "source"]),
    look=st.sampled_from([("light", "screen"), ("dark", "present")]),
)
def test_any_rows_are_drawn_and_add_up(cells: list, months: list, basis: str, dimension: str, look: tuple) -> None:
    rows, reporters = counted(basis, cells), told(basis, months)
    fig = trend(rows, reporters, spec(dimension), *look)
    assert_sound(fig)
    assert total(fig, "scatter") == pytest.approx(rows.seizures.sum())
    if rows.quantity_kg.max() > 0:
        assert total(fig, "bar") == pytest.approx(rows.quantity_kg.sum(), rel=1e-6)
    line = timeline(rows, reporters, dimension=dimension)
    for trace in fig.data:
        if trace.type == "scatter" and trace.meta is not None:
            assert list(trace.x) == list(range(trace.x[0], trace.x[-1] + 1))
            assert not set(trace.x) & set(line.gaps)


def test_labels_are_those_of_the_query() -> None:
    for basis in BASES:
        line = timeline(counted(basis, []), told(basis, [1, 1, 1]))
        assert line.labels == [label(start, basis) for start in starts(basis, 3)]
