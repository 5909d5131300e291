"""Figures that the export tests share, and the gate's own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from postflow import exports
from postflow.briefing import Briefing, Change, Missing, Sentence, Tile
from postflow.errors import ExportError
from postflow.figure import Caption, Figure
from postflow.scope import Scope
from postflow.view import Data, View

VIEW = View(Data("real", "7c1d525", "2026-04"), Scope())
EXERCISE = View(Data("exercise", "ex00001", "2026-04"), Scope())
CAPTION = Caption(
    "913 seizures.",
    "Left out, by one filter alone: 7 by another channel.",
    "MDMA · Western Europe → NZ · post",
    "January 2012 – December 2016",
    "UNODC Individual Drug Seizures",
    VIEW.data.version,
    "TLP:GREEN",
    "Counting noise only.",
)
SOURCES = pd.DataFrame(
    [
        {
            "source_id": "open",
            "title": "Open source",
            "publisher": "A",
            "licence_id": "CC-BY-4.0",
            "may_redistribute": True,
            "tlp": "TLP:GREEN",
            "europol_handling": "",
            "citation": "A 2026",
            "is_synthetic": False,
        },
        {
            "source_id": "shut",
            "title": "Shut source",
            "publisher": "B",
            "licence_id": "permission",
            "may_redistribute": False,
            "tlp": "TLP:AMBER",
            "europol_handling": "H2",
            "citation": "B 2026",
            "is_synthetic": False,
        },
    ]
)


def columns(mode: str, size: str, height: int) -> go.Figure:
    fig = go.Figure(layout={"barmode": "stack", "height": height})
    for name, colour in (("MDMA", "#CC2A66"), ("=ketamine", "#1496A9")):
        fig.add_bar(x=[2012, 2013, 2016], y=[120, 126, 667], name=name, marker_color=colour)
    return fig


def lines(mode: str, size: str, height: int) -> go.Figure:
    fig = go.Figure(layout={"height": height})
    fig.add_scatter(
        x=["2012-01-15", "2012-02-15", "2012-04-15"],
        y=[1, 2, 3],
        mode="lines",
        name="MDMA",
        customdata=[[0, 2], [1, 4], [2, 5]],
        line_color="#CC2A66",
    )
    return fig


def dumbbell(mode: str, size: str, height: int) -> go.Figure:
    fig = go.Figure(layout={"height": height, "xaxis_type": "log"})
    for values in ([74, 9], [398, 135]):
        fig.add_scatter(
            x=values,
            y=["Netherlands", "United Kingdom"],
            mode="markers+text",
            text=[str(v) for v in values],
            marker_color="#1F5A2A",
        )
    return fig


def world(mode: str, size: str, height: int) -> go.Figure:
    fig = go.Figure(layout={"height": height, "geo": {"showcountries": True, "projection": {"rotation": {"lon": 32}}}})
    fig.add_scattergeo(lon=[5, 175], lat=[52, -40], mode="lines+markers")
    return fig


ROWS = pd.DataFrame(
    {
        "period": ["2012", "2013", "2016"],
        "category": ["MDMA", '=HYPERLINK("http://x")', "+ketamine"],
        "seizures": [120, 126, -667],
        "quantity_kg": [1.5, None, -2.25],
    }
)


def figure(draw: object = columns, **changes: object) -> Figure:
    made = Figure(
        "corridor",
        "Five times as many as in 2013",
        "Postal seizures a year",
        CAPTION,
        ROWS,
        draw,
        alt="120, 126 and 667 seizures",
        columns={"seizures": "Number of seizures"},
    )
    return replace(made, **changes)


def synthetic() -> Figure:
    return figure(caption=replace(CAPTION, mark="SYNTHETIC", version=EXERCISE.data.version))


def briefing(*figures: Figure, caption: Caption = CAPTION) -> Briefing:
    return Briefing(
        "New Zealand made 667 postal seizures",
        "MDMA · post",
        (Tile("NZ", "2016", "667", "×5.3 on 2013", tint="nz"), Tile("US", "2016", "", "nobody reported")),
        tuple(Sentence(f"Sentence {n} stands here.") for n in range(5)),
        (Change("=Netherlands", 74, 398, "×5.4"), Change("Belgium", None, 15, "no earlier figure", False)),
        "Seizures by departure",
        ("2013", "2016"),
        figures,
        (Missing("430", "have no weight."), Missing("", "2014 and 2015")),
        caption,
        link="/overview?drug=MDMA",
    )


# ---------- the gate ----------


@pytest.mark.parametrize("name", ["counted", "left_out", "filters", "period", "sources", "version", "mark"])
def test_a_caption_without_its_parts_stays_here(name: str) -> None:
    with pytest.raises(ExportError, match="lacks"):
        exports.gate(figure(caption=replace(CAPTION, **{name: " "})), VIEW, "csv")


def test_only_the_gate_makes_an_outgoing() -> None:
    out = exports.gate(figure(), VIEW, "csv")
    with pytest.raises(ExportError):
        replace(out, seal=None)
    with pytest.raises(ExportError):
        exports.make(figure())  # type: ignore[arg-type]


def test_another_build_or_another_pool_stays_here() -> None:
    with pytest.raises(ExportError, match="another build"):
        exports.gate(figure(), View(Data("real", "0000000", "2026-05")), "csv")
    with pytest.raises(ExportError, match="cannot leave together"):
        exports.gate([exports.Item(figure()), exports.Item(synthetic(), EXERCISE)], VIEW, "pptx")
    with pytest.raises(ExportError, match="nothing to export"):
        exports.gate([], VIEW, "pptx")


def test_the_strictest_mark_is_on_the_whole() -> None:
    out = exports.gate([figure(), figure(caption=replace(CAPTION, mark="TLP:RED"))], VIEW, "pptx", sources=SOURCES)
    assert out.mark == "TLP:RED · H2"
    assert exports.gate(figure(), VIEW, "csv", sources=SOURCES).mark == "TLP:AMBER · H2"


def test_records_of_a_closed_source_stay_here() -> None:
    rows = pd.DataFrame(
        {
            "seizure_id": ["a", "b", "c"],
            "seizures": [1, 2, 4],
            "quantity_kg": [1.0, 2.0, 3.0],
            "source_id": ["open", "shut", "shut"],
        }
    )
    mixed = exports.gate(figure(rows=rows), VIEW, "csv", sources=SOURCES).figures[0]
    assert list(mixed.rows["seizure_id"]) == ["a"]
    assert "2 records (6 seizures)" in mixed.caption.silent
    assert not mixed.has_picture
    unknown = exports.gate(figure(rows=rows), VIEW, "csv").figures[0]
    assert list(unknown.rows.columns) == ["records", "seizures", "quantity_kg"]
    assert unknown.rows.iloc[0].tolist() == [3, 7, 6.0]
    whole = exports.gate(figure(rows=rows), VIEW, "csv", sources=SOURCES[SOURCES.may_redistribute]).figures[0]
    assert len(whole.rows) == 3


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("=1+1", "'=1+1"),
        ("+A1", "'+A1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("\uff1d1", "'\uff1d1"),
        ("\r=1", "'\n=1"),
        ("-5", "-5"),
        ("+68 %", "+68 %"),
        ("-1.5e3", "-1.5e3"),
        ("plain", "plain"),
        (-5, -5),
        (2.5, 2.5),
        ("a\x00b", "ab"),
        (["=1"], "'=1"),
        ("−21 %", "−21 %"),
    ],
)
def test_no_cell_is_live(cell: object, wanted: object) -> None:
    out = exports.gate(figure(rows=pd.DataFrame({"=c": pd.Series([cell], dtype=object)})), VIEW, "csv").figures[0]
    assert out.rows.iloc[0, 0] == wanted
    assert list(out.rows.columns) == ["'=c"]


def test_synthetic_pictures_carry_the_label_once() -> None:
    leaving = exports.gate(synthetic(), EXERCISE, "png").figures[0]
    assert sum("SYNTHETIC" in note.text for note in leaving.draw().layout.annotations) == 1
    assert leaving.caption.mark == "SYNTHETIC"
    assert exports.gate(figure(caption=replace(CAPTION, version=EXERCISE.data.version)), EXERCISE, "png").is_synthetic


def test_a_chart_that_fails_is_named() -> None:
    def broken(mode: str, size: str, height: int) -> go.Figure:
        raise KeyError("kg")

    with pytest.raises(ExportError, match="corridor"):
        exports.gate(figure(broken), VIEW, "png").figures[0].draw()


def test_made_on_is_the_day_given() -> None:
    assert exports.gate(figure(), VIEW, "csv", on=date(2026, 1, 2)).made_on.isoformat() == "2026-01-02"
