"""Text from data never becomes markup on a page or a formula in a spreadsheet."""

import base64
import io
import re

import pandas as pd
import pytest

from postflow.figure import Caption, Figure, Tile
from postflow.ui import html, sheet
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
        html.table(made.rows, made.columns),
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


@pytest.mark.parametrize("words", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_formulas_are_made_inert(words: str) -> None:
    assert sheet.inert(words) == "'" + words


@pytest.mark.parametrize("words", ["-12.5", "+3", "-1,5", "-2e-3", "Netherlands", "", None, -4.0])
def test_numbers_and_words_stay(words: object) -> None:
    assert sheet.inert(words) == words


def test_csv_opens_with_the_caption_and_closes_with_the_rows() -> None:
    rows = pd.DataFrame(
        {
            "place": ["=cmd()", "Zürich"],
            "kg": [-1.5, 2.0],
            "on": pd.to_datetime(["2012-01-01", None]),
            "=x": ["a\nb", "c"],
        }
    )
    text = sheet.csv(figure(rows), "http://127.0.0.1/?a=b").decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("# Headline")
    assert "# measure with a break" in lines
    assert "# Handling: TLP:AMBER" in lines
    assert "# Link: http://127.0.0.1/?a=b" in lines
    assert "place,kg,on,'=x" in lines
    assert "'=cmd(),-1.5,2012-01-01," in text
    back = pd.read_csv(io.StringIO(text), comment="#")
    assert list(back["kg"]) == [-1.5, 2.0]


def test_cells_of_the_table_twin() -> None:
    assert html.cell(311038) == "311\u202f038"
    assert html.cell(2012, "year") == "2012"
    assert html.cell(1234.5678, "quantity_kg") == "1\u202f234.568"
    assert html.cell(None) == html.cell(float("nan")) == html.cell(pd.NaT) == html.cell(pd.NA) == "–"
    assert html.cell("NL", "departure_country_code") == "Netherlands"
    assert html.cell(["a", "b"]) == "a, b"
    assert html.cell(pd.Timestamp("2016-12-01")) == "2016-12-01"


def test_a_long_table_is_cut_and_says_so() -> None:
    assert "100 more rows are in the CSV" in html.table(pd.DataFrame({"n": range(600)}), {})


def test_a_tile_draws_gaps_as_hatch_and_ends_in_a_dot() -> None:
    drawn = tiles([Tile("what", "when", "667", "than", course=[120, 126, None, None, 667], tint="nz")], "light")
    svg = base64.b64decode(re.search(r"base64,([^']+)", drawn)[1]).decode()  # type: ignore[index]
    assert svg.count("<rect") == 1
    assert svg.count("<circle") >= 1
