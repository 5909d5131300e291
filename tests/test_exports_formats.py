"""Every format, read back: caption, mark and synthetic label stand inside the files themselves."""

from __future__ import annotations

import io
import json
import re
import shutil
import stat
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfReader

from postflow import exports
from postflow.errors import ExportError
from postflow.exports import chrome, fonts, pptx, svg, typeset
from postflow.figure import Figure
from postflow.table import Column, Table
from tests.test_exports_cases import (
    CAPTION,
    EXERCISE,
    SOURCES,
    VIEW,
    briefing,
    columns,
    dumbbell,
    figure,
    lines,
    many,
    synthetic,
    world,
)

ONE = ("csv", "xlsx", "parquet", "png", "svg", "pptx", "pdf", "html")


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_NO_CHROME", "1")


def words(data: bytes, format: str) -> str:  # noqa: C901 - a line a format
    """All text of a file, as a reader of the format sees it."""
    if format in ("csv", "md"):
        return data.decode("utf-8-sig")
    if format == "svg":
        return data.decode()
    if format == "parquet":
        from pyarrow import parquet

        return b"\n".join(parquet.read_schema(io.BytesIO(data)).metadata.values()).decode()
    if format == "png":
        from PIL import Image

        return "\n".join(Image.open(io.BytesIO(data)).text.values())
    if format == "xlsx":
        return "\n".join(
            str(cell)
            for sheet in openpyxl.load_workbook(io.BytesIO(data))
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        )
    if format == "pptx":
        return "\n".join(slide_words(slide) for slide in Presentation(io.BytesIO(data)).slides)
    if format == "pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if format == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return " ".join(
                re.sub(r"<[^>]+>", "", box.read(name).decode())
                for name in box.namelist()
                if re.match(r"word/(document|header|footer)", name)
            )
    return page_words(data)


def slide_words(slide: object) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)  # type: ignore[attr-defined]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self.raw = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.raw = tag in ("script", "style")
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "data")]

    def handle_endtag(self, tag: str) -> None:
        self.raw = False

    def handle_data(self, data: str) -> None:
        if not self.raw:
            self.text.append(data)


def page_words(data: bytes) -> str:
    reader = _Text()
    reader.feed(data.decode())
    return " ".join(reader.text)


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def check(text: str, mark: str, is_synthetic: bool, sources: str = CAPTION.sources) -> None:
    """The caption's parts, the mark and the label."""
    seen = flat(text)
    for wanted in (CAPTION.counted, CAPTION.left_out, CAPTION.filters, sources, mark):
        assert flat(wanted) in seen, wanted
    assert ("SYNTHETIC" in seen) == is_synthetic


@pytest.mark.parametrize("format", ONE)
@pytest.mark.parametrize("kind", ["real", "synthetic"])
def test_every_format_carries_caption_mark_and_label(format: str, kind: str) -> None:
    made, view = (synthetic(), EXERCISE) if kind == "synthetic" else (figure(), VIEW)
    out = exports.gate(made, view, format, sources=None if kind == "synthetic" else SOURCES, link="/flows?drug=MDMA")
    text = words(exports.make(out), format)
    check(text, out.mark, kind == "synthetic")
    assert flat(view.data.version) in flat(text)


@pytest.mark.parametrize("format", exports.BRIEFING)
@pytest.mark.parametrize("kind", ["real", "synthetic"])
def test_every_briefing_says_the_same(format: str, kind: str) -> None:
    one, view = (synthetic(), EXERCISE) if kind == "synthetic" else (figure(), VIEW)
    out = exports.gate(briefing(one, caption=one.caption), view, format)
    text = words(exports.make(out), format).replace("\\", "")
    check(text, out.mark, kind == "synthetic")
    for n in range(5):
        assert flat(f"Sentence {n} stands here.") in flat(text)
    assert "667" in text


@pytest.mark.parametrize("format", exports.DECK)
@pytest.mark.parametrize("draw", [columns, lines, dumbbell, world, None])
def test_decks_of_every_kind_of_picture(format: str, draw: object) -> None:
    out = exports.gate([figure(draw), synthetic_free(draw)], VIEW, format, sources=SOURCES, title="Two findings")
    check(words(exports.make(out), format), "TLP:AMBER · H2", False)


def synthetic_free(draw: object) -> Figure:
    return figure(draw, key="second", headline="Another finding")


# ---------- tables ----------


def test_csv_has_no_live_cell_and_keeps_numbers() -> None:
    text = exports.make(exports.gate(figure(), VIEW, "csv"))
    assert text.startswith(b"\xef\xbb\xbf# ")
    rows = pd.read_csv(io.BytesIO(text), comment="#")
    assert rows["seizures"].tolist() == [120, 126, -667]
    assert rows["quantity_kg"].tolist()[2] == -2.25
    assert not [cell for cell in rows["category"] if cell[0] in "=+-@\t\r"]


def test_xlsx_has_no_formula_and_a_sheet_about_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(exports.make(exports.gate(figure(), VIEW, "xlsx", sources=SOURCES))))
    assert book.sheetnames == ["corridor", "corridor chart", "About"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    for label in ("Filters", "Sources", "Licence", "Factor set", "Data version", "Handling mark"):
        assert about[label]
    assert book["corridor"]["C4"].value == -667


def test_parquet_keeps_types_and_says_what_it_is() -> None:
    from pyarrow import parquet

    table = parquet.read_table(io.BytesIO(exports.make(exports.gate(figure(), VIEW, "parquet"))))
    assert table["seizures"].to_pylist() == [120, 126, -667]
    assert json.loads(table.schema.metadata[b"postflow"])["mark"] == "TLP:GREEN"


# ---------- slides ----------


def charts(data: bytes) -> list:
    return [shape.chart for slide in Presentation(io.BytesIO(data)).slides for shape in slide.shapes if shape.has_chart]


@pytest.mark.parametrize(("draw", "kind"), [(columns, "COLUMN_STACKED"), (lines, "LINE"), (dumbbell, "XY_SCATTER")])
def test_charts_can_be_edited(draw: object, kind: str) -> None:
    made = exports.make(exports.gate(figure(draw), VIEW, "pptx"))
    (chart,) = charts(made)
    assert chart.chart_type.name == kind
    with zipfile.ZipFile(io.BytesIO(made)) as box:
        books = [name for name in box.namelist() if name.endswith(".xlsx")]
        cells = [
            cell
            for name in books
            for sheet in openpyxl.load_workbook(io.BytesIO(box.read(name)))
            for row in sheet.iter_rows()
            for cell in row
        ]
    assert books
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value).startswith("=")]


def test_a_missing_month_stays_missing() -> None:
    (chart,) = charts(exports.make(exports.gate(figure(lines), VIEW, "pptx")))
    assert list(chart.series[0].values) == [1, 2, None, 3]


def test_a_map_is_a_picture_with_words() -> None:
    deck = Presentation(io.BytesIO(exports.make(exports.gate(figure(world), VIEW, "pptx"))))
    (picture,) = [shape for shape in deck.slides[1].shapes if shape.shape_type == 13]
    assert picture._element.nvPicPr.cNvPr.get("descr") == "120, 126 and 667 seizures"
    assert deck.slide_width == Emu(12192000)


def test_notes_hold_method_and_link() -> None:
    deck = Presentation(
        io.BytesIO(
            exports.make(exports.gate([exports.Item(figure(), link="/flows?a=1", note="Say this")], VIEW, "pptx"))
        )
    )
    notes = deck.slides[1].notes_slide.notes_text_frame.text
    assert "Method:" in notes
    assert "/flows?a=1" in notes
    assert notes.startswith("Say this")
    assert len(deck.slides) == 3


def test_another_template_is_taken_and_a_broken_one_named(tmp_path: Path) -> None:
    own = tmp_path / "own.pptx"
    Presentation().save(str(own))
    out = exports.gate(figure(), VIEW, "pptx")
    check(words(pptx.make(out, own), "pptx"), "TLP:GREEN", False)
    own.write_bytes(b"no deck")
    with pytest.raises(ExportError, match="template"):
        pptx.make(out, own)


def test_a_table_without_a_row_is_a_slide_that_says_so() -> None:
    empty = (Table((Column("Lane"), Column("When")), ()),)
    out = exports.gate(figure(None, body=empty, rows=pd.DataFrame({"a": []})), VIEW, "pptx")
    deck = Presentation(io.BytesIO(exports.make(out)))
    assert len(deck.slides) == 3
    assert "No row in this scope" in slide_words(deck.slides[1])
    check(words(exports.make(out), "pptx"), "TLP:GREEN", False)


# ---------- pages ----------


def test_the_page_asks_nobody() -> None:
    data = exports.make(exports.gate(figure(world), VIEW, "html"))
    reader = _Text()
    reader.feed(data.decode())
    assert reader.links == []
    text = data.decode()
    assert "connect-src 'none'" in text
    assert '"showSendToCloud": false' in text
    assert '"plotlyServerURL": ""' in text
    assert "PlotlyGeoAssets={topojson:{" in text


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="no browser")
def test_the_page_shows_no_button_and_draws_the_map(tmp_path: Path) -> None:
    path = tmp_path / "deck.html"
    exports.save(exports.make(exports.gate([figure(world), figure()], VIEW, "html")), path)
    run = subprocess.run(
        [
            "chromium",
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=8000",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    drawn = re.sub(r"<(script|style)\b.*?</\1>", "", run.stdout, flags=re.DOTALL)
    assert drawn.count("main-svg") > 2
    assert re.search(r'class="layer countries".*?<path[^>]* d="M', drawn, re.DOTALL)
    assert "modebar-btn" not in drawn
    assert "<a " not in drawn


def test_markup_in_words_stays_words() -> None:
    bad = figure(headline="</script><script>alert(1)</script>", measure='#image("/etc/passwd") <b>x</b>')
    for format in ("html", "svg"):
        text = exports.make(exports.gate(bad, VIEW, format))
        assert b"<script>alert(1)" not in text
    assert "#image" in words(exports.make(exports.gate(bad, VIEW, "pdf")), "pdf")


def test_pdf_is_tagged_and_the_briefing_one_page() -> None:
    reader = PdfReader(io.BytesIO(exports.make(exports.gate(briefing(figure(world), figure(lines)), VIEW, "pdf"))))
    assert len(reader.pages) == 1
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()


# ---------- bad input ----------

ODD = {
    "empty": figure(rows=pd.DataFrame({"a": []})),
    "no columns": figure(rows=pd.DataFrame(), drawing=None),
    "long": figure(headline="A very long headline indeed " * 11),
    "scripts": figure(headline="مرحبا بالعالم 日本語の見出し 🎉🎉", measure="עברית"),
    "control": figure(
        headline="a\x00b\x0bc\ud800d", rows=pd.DataFrame({"x": pd.Series(["\x00\x1b", "\ud83d"], dtype=object)})
    ),
    "many": figure(
        many,
        rows=pd.DataFrame({"c": [f"=C{n}" for n in range(200)], "n": range(200)}),
    ),
    "nan": figure(rows=pd.DataFrame({"x": [np.nan, np.inf, -np.inf], "l": [[1, 2], None, []]}), drawing=None),
}


@pytest.mark.parametrize("format", ONE)
@pytest.mark.parametrize("name", list(ODD))
def test_odd_input_gives_a_file(format: str, name: str) -> None:
    out = exports.gate(ODD[name], VIEW, format)
    data = exports.make(out)
    check(words(data, format), out.mark, False)


@pytest.mark.parametrize("format", exports.BRIEFING)
def test_an_empty_briefing_gives_a_file(format: str) -> None:
    bare = replace(briefing(), tiles=(), sentences=(), changes=(), missing=())
    assert exports.make(exports.gate(bare, VIEW, format))


def test_without_fonts_pictures_are_still_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "data_home", lambda: None)
    fonts._face.cache_clear()
    assert exports.make(exports.gate(figure(), VIEW, "png"))[:4] == b"\x89PNG"
    fonts._face.cache_clear()


def test_a_browser_that_dies_is_replaced_by_our_own_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*_: object, **__: object) -> bytes:
        raise ExportError("The browser that draws pictures failed.")

    monkeypatch.setattr(chrome, "is_there", lambda: True)
    monkeypatch.setattr(chrome, "draw", dead)
    assert exports.make(exports.gate(figure(), VIEW, "svg"))
    with pytest.raises(ExportError, match="browser"):
        exports.make(exports.gate(figure(), VIEW, "svg"), engine="chrome")


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        exports.save(b"x", tmp_path / "missing" / "a.csv")
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    exports.save(b"x", tmp_path / "a.csv")
    assert [path.name for path in tmp_path.glob("*a.csv*")] == ["a.csv"]


@pytest.mark.parametrize(
    ("format", "count"), [("csv", 2), ("png", 2), ("svg", 2), ("parquet", 2), ("docx", 1), ("md", 1), ("gif", 1)]
)
def test_a_format_that_does_not_fit_says_so(format: str, count: int) -> None:
    with pytest.raises(ExportError):
        exports.make(exports.gate([figure()] * count, VIEW, format))


def test_what_our_own_hand_cannot_draw_says_what_to_install() -> None:
    with pytest.raises(ExportError, match="Chrome"):
        svg.render({"data": [{"type": "sankey"}], "layout": {}}, 400, 300)


def test_typst_never_reads_words_as_markup() -> None:
    with pytest.raises(ExportError):
        typeset.compile("picture", {}, "png")
