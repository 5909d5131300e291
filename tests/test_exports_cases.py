"""Figures that the export tests share, and the gate's own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from postflow import exports
from postflow.briefing import Briefing, Change, Missing, Sentence, Tile
from postflow.drawing import Axis, Drawing, Gap, Lane, Panel, Places, Series, World
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


YEARS = Places(("2012", "2013", "2016"), ("2012", "2013", "2016"))
AXIS = Axis(0.0, 1500.0, ((0.0, "0"), (500.0, "500"), (1000.0, "1000")))
MONTHS = Places(
    ("2012-01", "2012-02", "2012-03", "2012-04"),
    ("January 2012", "February 2012", "March 2012", "April 2012"),
    tuple(date(2012, month, 1) for month in range(1, 5)),
    (1,) * 4,
)


def column(name: str, tint: str) -> Series:
    return Series(name, "column", tint, (120.0, 126.0, 667.0), words=("a", "b", "c"), text=tint, key=name)


STACK = (column("MDMA", "mdma"), column("=ketamine", "ketamine"))
SUMS = {"totals": (240.0, 252.0, 1334.0), "totals_low": (210.0, 222.0, 1263.0), "totals_high": (272.0, 285.0, 1407.0)}
columns = Drawing("columns", (Panel("Seizures", YEARS, AXIS, STACK, is_stacked=True, **SUMS),))

LINE = Series(
    "MDMA",
    "line",
    "mdma",
    (1.0, 2.0, None, 3.0),
    (0.0, 1.0, None, 2.0),
    (2.0, 4.0, None, 5.0),
    words=("1", "2", "", "3"),
    key="MDMA",
    end="value",
)
lines = Drawing(
    "time",
    (Panel("Seizures a month", MONTHS, Axis(0.0, 6.0, ((0.0, "0"), (5.0, "5"))), (LINE,), gaps=(Gap(2, 2),)),),
)


def side(name: str, kind: str, values: tuple[float, ...]) -> Series:
    return Series(name, kind, "nz", values, words=tuple(f"{value:.0f}" for value in values), key=kind)


PAIRS = (side("2013", "hollow", (74.0, 9.0)), side("2016", "dot", (398.0, 135.0)))
LOG = Axis(0.5, 640.0, ((1.0, "1"), (10.0, "10"), (100.0, "100")), is_log=True)
ENDS = Places(("Netherlands", "United Kingdom"))
dumbbell = Drawing("pairs", (Panel("Seizures", ENDS, LOG, PAIRS, is_flat=True, notes=("×5.4", "×15")),))
world = Drawing(
    "map",
    world=World(
        (Lane("NL", "NZ", 579.0, 579.0),),
        (),
        ("NZ",),
        (("NL", "Netherlands", 52.0, 5.0), ("NZ", "New Zealand", -40.0, 175.0)),
    ),
)
many = Drawing(
    "columns",
    (
        Panel(
            "Seizures",
            Places(tuple(f"Country {n}" for n in range(200)), tuple(f"Country {n}" for n in range(200))),
            Axis(0.0, 220.0, ((0.0, "0"), (200.0, "200"))),
            (Series("=n", "column", "mdma", tuple(map(float, range(200))), words=("",) * 200, text="mdma", key="n"),),
            is_stacked=True,
        ),
    ),
)


ROWS = pd.DataFrame(
    {
        "period": ["2012", "2013", "2016"],
        "category": ["MDMA", '=HYPERLINK("http://x")', "+ketamine"],
        "seizures": [120, 126, -667],
        "quantity_kg": [1.5, None, -2.25],
    }
)


def figure(drawing: Drawing | None = columns, **changes: object) -> Figure:
    made = Figure(
        "corridor",
        "Five times as many as in 2013",
        "Postal seizures a year",
        CAPTION,
        ROWS,
        drawing,
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
    notes = leaving.picture()["layout"]["annotations"]
    assert sum("SYNTHETIC" in note["text"] for note in notes) == 1
    assert leaving.caption.mark == "SYNTHETIC"
    assert exports.gate(figure(caption=replace(CAPTION, version=EXERCISE.data.version)), EXERCISE, "png").is_synthetic


def test_a_figure_without_a_picture_is_named() -> None:
    with pytest.raises(ExportError, match="corridor"):
        exports.gate(figure(None), VIEW, "png").figures[0].picture()


def test_made_on_is_the_day_given() -> None:
    assert exports.gate(figure(), VIEW, "csv", on=date(2026, 1, 2)).made_on.isoformat() == "2026-01-02"
