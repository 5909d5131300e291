"""Text from data never becomes markup on a page or a formula in a spreadsheet."""

import base64
import re

import pandas as pd

from postflow.figure import Caption, Figure, Tile
from postflow.figures import grid
from postflow.ui import html
from postflow.ui.tiles import tiles

EVIL = "<img src=x onerror=alert(1)>"


def figure(rows: pd.DataFrame) -> Figure:
    caption = Caption(f"{EVIL}.", "Left out: 7.", "MDMA", "2012", f"A {EVIL}", "Data to 2026-04 · build x", "TLP:AMBER")
    return Figure("key", f"Headline {EVIL}", "measure\nwith a break", caption, rows, columns={"place": f"where {EVIL}"})


def test_nothing_from_data_is_markup() -> None:
    made = figure(pd.DataFrame({"place": [EVIL], EVIL: [1]}))
    pieces = [
        html.head(made.headline, EVIL),
        html.caption(made.caption),
        html.events([(1, EVIL)]),
        html.missing([(EVIL, EVIL)]),
        html.changed([EVIL]),
        grid.table(made.rows, made.columns),
        html.about(made),
        html.mark(EVIL),
        tiles([Tile(EVIL, EVIL, EVIL, EVIL, unit=EVIL)], "light"),
    ]
    assert not [piece for piece in pieces if "<img src=x" in piece]
    assert all("&lt;img" in piece for piece in pieces)


def test_bold_is_the_only_markup_that_words_carry() -> None:
    assert html.rich("**63 %** left <b>") == "<b>63 %</b> left &lt;b&gt;"


def test_control_characters_are_dropped() -> None:
    assert html.esc("a\x00b\x1bc") == "abc"


def test_cells_of_the_table_twin() -> None:
    assert grid.cell(311038) == "311\u202f038"
    assert grid.cell(2012, "year") == "2012"
    assert grid.cell(1234.5678, "quantity_kg") == "1\u202f234.568"
    assert grid.cell(None) == grid.cell(float("nan")) == grid.cell(pd.NaT) == grid.cell(pd.NA) == "–"
    assert grid.cell("NL", "departure_country_code") == "Netherlands"
    assert grid.cell(["a", "b"]) == "a, b"
    assert grid.cell(pd.Timestamp("2016-12-01")) == "2016-12-01"


def test_a_long_table_is_cut_and_says_so() -> None:
    assert "100 more rows are in the files" in grid.table(pd.DataFrame({"n": range(600)}), {})


def test_a_tile_draws_gaps_as_hatch_and_ends_in_a_dot() -> None:
    drawn = tiles([Tile("what", "when", "667", "than", course=[120, 126, None, None, 667], tint="nz")], "light")
    svg = base64.b64decode(re.search(r"base64,([^']+)", drawn)[1]).decode()  # type: ignore[index]
    assert svg.count("<rect") == 1
    assert svg.count("<circle") >= 1
