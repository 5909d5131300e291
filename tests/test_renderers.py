"""Every format tells the same: what each file holds of a picture, read back, is what the drawing says."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from html import unescape

import openpyxl
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from postflow import exports, pool, redraw
from postflow.drawing import Drawing, Panel, Series
from postflow.exports import svg
from postflow.figure import Figure
from postflow.figures import registry
from postflow.numbers import clean
from postflow.view import Fetch, View
from tests.test_share import looking

XY = ("ranges", "pairs")
TOLD = 1e-4


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_NO_CHROME", "1")


@pytest.fixture(scope="module", params=["real", "exercise"])
def looked(
    request: pytest.FixtureRequest, real_pool: pool.PoolFile, exercise_pool: pool.PoolFile
) -> Iterator[tuple[Fetch, View]]:
    yield from looking(real_pool if request.param == "real" else exercise_pool)


@pytest.fixture(scope="module", params=list(registry.PAGES))
def drawn(request: pytest.FixtureRequest, looked: tuple[Fetch, View]) -> list[exports.Item]:
    """Every finding of a page that has a picture."""
    fetch, view = looked
    made = [make() for make in registry.of_page(fetch, view, request.param).values()]
    return [exports.Item(one, view, redraw.sources(one, fetch, view)) for one in made if one and one.drawing]


def file(items: list[exports.Item], format: str) -> bytes:
    return exports.make(exports.gate(items, items[0].view, format))  # type: ignore[arg-type]


def of(figure: Figure) -> Drawing:
    assert figure.drawing is not None
    return figure.drawing


def held(panel: Panel, value: float) -> float:
    """Where a slide sets a value: within the axis, and a zero on a log axis at its floor."""
    at = max(value, 0.7) if panel.axis.is_log and value <= 0 else value
    return min(max(at, panel.axis.low), panel.axis.high)


def near(found: list, wanted: list) -> bool:
    return len(found) == len(wanted) and all(
        (a is None) == (b is None) and (a is None or abs(a - b) <= TOLD * max(1.0, abs(b)))
        for a, b in zip(found, wanted, strict=True)
    )


# ---------- slides ----------


def test_a_slide_holds_the_values_intervals_axes_gaps_flags_and_labels(drawn: list[exports.Item]) -> None:
    if not drawn:
        pytest.skip("a page of tables")
    slides = {}
    for slide in list(Presentation(io.BytesIO(file(drawn, "pptx"))).slides)[1:-1]:
        shapes = list(slide.shapes)
        if not any(shape.has_table for shape in shapes):
            slides[len(slides)] = shapes
    for shapes, item in zip(slides.values(), drawn, strict=True):
        drawing = of(item.figure)
        if drawing.can_be_edited:
            check_slide(shapes, drawing, item.figure.key)
        else:
            (picture,) = [shape for shape in shapes if shape.shape_type == 13]
            assert picture._element.nvPicPr.cNvPr.get("descr")


def check_slide(shapes: list, drawing: Drawing, key: str) -> None:
    charts = [shape.chart for shape in shapes if shape.has_chart]
    names, words = [shape.name for shape in shapes], [s.text_frame.text for s in shapes if s.has_text_frame]
    assert len(charts) == len(drawing.panels), key
    for chart, panel in zip(charts, drawing.panels, strict=True):
        (check_points if drawing.kind in XY else check_rows)(chart, panel, key)
        assert {mark for mark in panel.notes} <= {word.lstrip("'") for word in words}, key
        if panel.label and not panel.is_flat:
            assert panel.label in words, key
    gaps = sorted(gap.words for panel in drawing.panels for gap in panel.gaps)
    assert sorted(name[5:] for name in names if name.startswith("Gap: ")) == gaps, key
    assert [name for name in names if re.fullmatch(r"Event \d+", name)] == [f"Event {f.number}" for f in drawing.flags]
    shades = sum(len(panel.shades) for panel in drawing.panels)
    assert sum(name.startswith("Shade: ") for name in names) == shades, key


def check_axis(axis: object, panel: Panel, key: str) -> None:
    found = [axis.minimum_scale, axis.maximum_scale]  # type: ignore[attr-defined]
    assert near(found, [panel.axis.low, panel.axis.high]), key


def check_rows(chart: object, panel: Panel, key: str) -> None:
    rows = {one.name: one for plot in chart.plots for one in plot.series}  # type: ignore[attr-defined]
    check_axis(chart.value_axis, panel, key)  # type: ignore[attr-defined]
    for one in panel.series:
        if one.base:
            more, less = list(rows["More"].values), list(rows["Less"].values)
            steps = [a if a is not None else None if b is None else -b for a, b in zip(more, less, strict=True)]
            assert near(steps, [value or None for value in one.values]), key
            continue
        values = list(rows[one.name].values)
        if any(one.heavy):
            heavy = rows[f"{one.name}, heaviest record"].values
            values = [None if a is None else a + (b or 0) for a, b in zip(values, heavy, strict=True)]
        assert near(values, list(one.values)), (key, one.name)
        if any(value is not None for value in one.low):
            check_interval(rows[one.name], one.values, one.low, one.high, (key, one.name))
    for level in panel.levels:
        assert {v for v in rows[level.words or "Level"].values if v is not None} == {level.value}, key
    if panel.is_stacked and any(value is not None for value in panel.totals):
        assert near(list(rows["Total"].values), list(panel.totals)), key
        if any(value is not None for value in panel.totals_low):
            check_interval(rows["Total"], panel.totals, panel.totals_low, panel.totals_high, (key, "Total"))


def check_interval(row: object, values: tuple, low: tuple, high: tuple, key: object) -> None:
    bars = row._element.find(qn("c:errBars"))  # type: ignore[attr-defined]
    assert bars is not None, key
    for side, ends, sign in (("c:minus", low, -1), ("c:plus", high, 1)):
        read = {int(p.get("idx")): float(p[0].text) for p in bars.find(qn(side)).iter(qn("c:pt"))}
        wanted = {
            n: sign * (end - value)
            for n, (value, end) in enumerate(zip(values, ends, strict=True))
            if value is not None and end is not None
        }
        assert read == pytest.approx(wanted, rel=1e-3, abs=1e-4), key


def check_points(chart: object, panel: Panel, key: str) -> None:
    traces: dict[str, dict[int, list[float]]] = {}
    for one in chart.plots[0].series:  # type: ignore[attr-defined]
        xs = [float(p[0].text) for p in one._element.find(qn("c:xVal")).iter(qn("c:pt"))]
        for x, y in zip(xs, one.iter_values(), strict=True):
            at = traces.setdefault(one.name, {}).setdefault(len(panel.places) - 1 - round(y), [])
            at += [] if x in at else [x]
    check_axis(chart.category_axis, panel, key)  # type: ignore[attr-defined]
    for one in panel.series:
        dots = traces.get(one.name, {}) | traces.get(f"{one.name}, interval holds the level", {})
        wanted = {n: held(panel, one.values[n] or 0.0) for n in one.told()}
        assert {n: xs[0] for n, xs in dots.items()} == pytest.approx(wanted), key
        for n, name in enumerate(panel.places.names):
            check_span(traces.get(f"{name}, interval", {}).get(n), panel, one, n, key)


def check_span(found: list[float] | None, panel: Panel, one: Series, n: int, key: str) -> None:
    low, high = (ends[n] if ends else None for ends in (one.low, one.high))
    if low is None or high is None:
        assert not found, key
    else:
        ends = sorted({held(panel, low), held(panel, high)})
        assert sorted(found or []) == pytest.approx(ends), key


# ---------- screen, web page, vector picture ----------


def figures_of(data: bytes) -> list[dict]:
    text = data.decode().replace("<\\/", "</")
    found = re.findall(r"Plotly\.newPlot\('f\d+',(\{.*?\})\);</script>", text, re.DOTALL)
    return [json.loads(part) for part in found]


def test_a_web_page_holds_the_values_intervals_axes_gaps_flags_and_labels(drawn: list[exports.Item]) -> None:
    if not drawn:
        pytest.skip("a page of tables")
    for found, item in zip(figures_of(file(drawn, "html")), drawn, strict=True):
        check_plot(found, of(item.figure), item.figure.key)


def check_plot(found: dict, drawing: Drawing, key: str) -> None:
    notes = [note["text"] for note in found["layout"].get("annotations", [])]
    bare_notes = [re.sub(r"</?b>", "", note) for note in notes]
    assert all(f"<b>{flag.number}</b>" in notes for flag in drawing.flags), key
    for n, panel in enumerate(drawing.panels):
        for one in panel.series:
            if drawing.kind in ("time", "columns", "multiples"):
                assert read_values(found, one, n, drawing.kind) == told(one), (key, one.name)
        axis = found["layout"][("xaxis" if panel.is_flat else "yaxis") + (str(n + 1) if n else "")]
        ends = [10**end for end in axis["range"]] if axis.get("type") == "log" else axis["range"]
        assert ends == pytest.approx([panel.axis.low, panel.axis.high]), key
        for words in panel.notes:
            assert any(clean(words) == bare or words == unescape(bare) for bare in bare_notes), (key, words)
    if drawing.grid is not None:
        hatched = sum(cell.value is None for cell in drawing.grid.cells)
        assert sum(len(t["y"]) for t in found["data"] if t["marker"].get("pattern")) == hatched, key
    if drawing.flow is not None:
        links = {(link.source, link.target) for link in drawing.flow.links}
        assert {tuple(trace["meta"]) for trace in found["data"] if trace.get("meta")} == links, key


def told(one: Series) -> dict[int, object]:
    return {n: pytest.approx(one.values[n]) for n in one.told()}


def read_values(found: dict, one: Series, panel: int, kind: str) -> dict[int, float]:
    out: dict[int, float] = {}
    for trace in found["data"]:
        axis = trace.get("yaxis", "y") == (f"y{panel + 1}" if panel else "y")
        if trace.get("meta") == one.key and axis:
            for x, y in zip(trace["x"], trace["y"], strict=True):
                out[x] = out.get(x, 0.0) + y
    return out


def test_a_vector_picture_says_what_the_drawing_says(drawn: list[exports.Item]) -> None:
    for item in drawn:
        drawing = of(item.figure)
        said = re.sub(r"<[^>]+>", "\n", svg.render(item.figure.picture("light"), 1200, item.figure.height))
        said = re.sub(r"\s+", " ", said.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
        for panel in drawing.panels:
            shown = [*panel.notes, *(panel.axis.words if panel.axis.is_shown else ())]
            for words in shown:
                assert all(part in said for part in words.split()), (item.figure.key, words)
        assert all(f" {flag.number} " in said for flag in drawing.flags), item.figure.key


# ---------- workbooks ----------


def test_a_workbook_holds_the_values_and_intervals_beside_its_chart(drawn: list[exports.Item]) -> None:
    if not drawn:
        pytest.skip("a page of tables")
    book = openpyxl.load_workbook(io.BytesIO(file(drawn, "xlsx")))
    for item in drawn:
        drawing = of(item.figure)
        if drawing.can_be_edited:
            sheet = book[f"{item.figure.key} chart"[:26]]
            charts = [panel for panel in drawing.panels if panel.series and len(panel.places)]
            assert len(sheet._charts) == len(charts), item.figure.key
            for panel in drawing.panels:
                check_block(sheet, panel, item.figure.key)


def check_block(sheet: object, panel: Panel, key: str) -> None:
    rows = list(sheet.iter_rows(values_only=True))  # type: ignore[attr-defined]
    for one in panel.series:
        for what, values in (("", one.values), (", low", one.low), (", high", one.high)):
            if values:
                found = columns(rows, one.name + what, len(panel.places))
                assert any(near(column, list(values)) for column in found), (key, one.name, what)


def columns(rows: list[tuple], head: str, number: int) -> list[list]:
    """Every column under a heading of this name."""
    return [
        [row[x] if x < len(row) else None for row in rows[y + 1 : y + 1 + number]]
        for y, row in enumerate(rows)
        for x, value in enumerate(row)
        if str(value).lstrip("'") == head and x > 0
    ]


# ---------- tables ----------


def test_a_slide_and_a_page_say_every_word_of_the_tables_on_screen(looked: tuple[Fetch, View]) -> None:
    fetch, view = looked
    for page in registry.PAGES:
        made = [make() for make in registry.of_page(fetch, view, page).values()]
        for figure in [one for one in made if one and one.body]:
            item = exports.Item(figure, view, redraw.sources(figure, fetch, view))
            out = exports.gate(item, view, "pptx")
            body = [table for table in out.figures[0].body if table.style != "key"]
            if not body:
                continue  # single records that may not be passed on
            slides = list(Presentation(io.BytesIO(exports.make(out))).slides)[1:-1]
            cells = {
                cell.text
                for slide in slides
                for shape in slide.shapes
                if shape.has_table
                for row in shape.table.rows
                for cell in row.cells
            }
            wanted = {cell.words for table in body for row in table.rows for cell in row}
            assert wanted - {""} <= cells, figure.key


def test_no_type_on_a_slide_is_smaller_than_ten_points(drawn: list[exports.Item]) -> None:
    if not drawn:
        pytest.skip("a page of tables")
    for slide in Presentation(io.BytesIO(file(drawn, "pptx"))).slides:
        for shape in slide.shapes:
            xml = shape._element.xml + (shape.chart._chartSpace.xml if shape.has_chart else "")
            sizes = [int(size) for size in re.findall(r'\bsz="(\d+)"', xml)]
            assert min(sizes, default=1000) >= 1000, (shape.name, min(sizes))
