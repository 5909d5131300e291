"""The briefing as a Word document and as Markdown."""

from __future__ import annotations

import io

from postflow import handling
from postflow.briefing import Briefing
from postflow.errors import ExportError
from postflow.exports import picture
from postflow.exports.ink import LIGHT, solid
from postflow.exports.outgoing import Outgoing


def _page(out: Outgoing) -> Briefing:
    if out.briefing is None:
        raise ExportError("This is not a briefing.", next_step="Give a Briefing to the gate.")
    return out.briefing


def markdown(out: Outgoing) -> bytes:
    """The page as Markdown: words and tables; pictures are named by their sentence."""
    page = _page(out)
    lines = [f"# {_md(page.title)}", "", f"**{_md(out.mark)}** · {_md(out.mark_words)}", ""]
    if out.is_synthetic:
        lines += ["> **SYNTHETIC**: invented rows, exercise pool. No figure is a real seizure.", ""]
    lines += [
        _md(page.standfirst),
        "",
        *(f"- **{_md(t.number) or 'not reported'}** {_md(t.what)}, {_md(t.when)}. {_md(t.than)}" for t in page.tiles),
    ]
    lines += ["", "## What changed", "", *(f"{n}. {_md(s.text)}" for n, s in enumerate(page.sentences, start=1))]
    if page.changes:
        rows = page.table()
        lines += [
            "",
            "## Ranked changes",
            "",
            _md(page.changes_measure),
            "",
            _row(rows[0]),
            "|---|---:|---:|---:|---:|",
            *(_row(row) for row in rows[1:]),
        ]
    lines += [
        "",
        "## What is missing",
        "",
        *(f"- {f'**{_md(m.number)}** ' if m.number else ''}{_md(m.words)}" for m in page.missing),
    ]
    for item in out.figures:
        if item.key != "briefing":
            lines += [
                "",
                f"## {_md(item.headline)}",
                "",
                _md(item.measure),
                "",
                _md(item.alt),
                "",
                *(_md(line) for line in item.caption_lines()),
            ]
    lines += [
        "",
        "---",
        "",
        *(
            f"{_md(line)}  "
            for line in [
                *page.caption.lines(),
                *page.notes,
                f"Link: {page.link}" if page.link else "",
                f"Handling: {out.mark}. {out.mark_words}",
                f"Made on {out.made_on.isoformat()}",
            ]
            if line
        ),
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _md(text: str) -> str:
    """Text whose signs are not markup."""
    for sign in "\\`*_[]<>#|":
        text = text.replace(sign, f"\\{sign}")
    return text


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(_md(cell) for cell in cells) + " |"


def docx(out: Outgoing) -> bytes:
    """The page as a Word document: headings, tables and alt text that a screen reader finds; mark in head and foot."""
    from docx import Document
    from docx.shared import Mm

    page = _page(out)
    doc = Document()
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(16)
    _styles(doc)
    _heads(doc, out)
    if out.is_synthetic:
        doc.add_paragraph().add_run("SYNTHETIC: invented rows, exercise pool. No figure is a real seizure.").bold = True
    doc.add_heading(page.title, 1)
    doc.add_paragraph(page.standfirst)
    if page.tiles:
        _tiles(doc, page)
    doc.add_heading("What changed", 2)
    for sentence in page.sentences:
        doc.add_paragraph(sentence.text, style="List Number")
    if page.changes:
        doc.add_heading("Ranked changes", 2)
        doc.add_paragraph(page.changes_measure)
        _table(doc, page.table())
    doc.add_heading("What is missing", 2)
    for lack in page.missing:
        doc.add_paragraph(f"{lack.number} {lack.words}".strip(), style="List Bullet")
    _figures(doc, out)
    for line in [
        *page.caption.lines(),
        *page.notes,
        f"Link: {page.link}" if page.link else "",
        f"Handling: {out.mark}. {out.mark_words}",
    ]:
        if line:
            _small(doc, line)
    words = doc.core_properties
    words.title, words.subject, words.author, words.keywords = (
        out.title[:250],
        f"Handling: {out.mark}",
        "Postflow",
        out.mark,
    )
    held = io.BytesIO()
    doc.save(held)
    return held.getvalue()


def _styles(doc: object) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    ink = RGBColor.from_string(solid(LIGHT["ink"]))
    for name, font, size in (("Normal", "Arial", 10), ("Heading 1", "Georgia", 20), ("Heading 2", "Georgia", 13)):
        style = doc.styles[name]  # type: ignore[attr-defined]
        style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), ink
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            if "Theme" in key:
                del fonts.attrib[key]
        for key in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(key), font)
        style.paragraph_format.space_after = Pt(4)
    doc.styles["Heading 2"].paragraph_format.space_before = Pt(12)  # type: ignore[attr-defined]


def _heads(doc: object, out: Outgoing) -> None:
    from docx.shared import Pt

    section = doc.sections[0]  # type: ignore[attr-defined]
    for part, text in (
        (section.header, f"Postflow · {out.version} · made on {out.made_on.isoformat()} · {out.mark}"),
        (section.footer, f"{out.mark}. {out.mark_words}"),
    ):
        run = part.paragraphs[0].add_run(text)
        run.font.size, run.font.bold = Pt(8), handling.is_synthetic(out.mark) or None


def _tiles(doc: object, page: Briefing) -> None:
    from docx.shared import Pt

    table = doc.add_table(rows=1, cols=len(page.tiles[:4]))  # type: ignore[attr-defined]
    for cell, tile in zip(table.rows[0].cells, page.tiles[:4], strict=True):
        first = cell.paragraphs[0]
        first.add_run(tile.what).bold = True
        cell.add_paragraph(tile.when).runs[0].font.size = Pt(8)
        big = cell.add_paragraph().add_run(tile.number or "not reported")
        big.bold, big.font.size = True, Pt(22 if tile.number else 11)
        cell.add_paragraph(tile.than).runs[0].font.size = Pt(8)


def _table(doc: object, rows: list[list[str]]) -> None:
    table = doc.add_table(rows=len(rows), cols=len(rows[0]))  # type: ignore[attr-defined]
    table.style = "Light List"
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            table.cell(y, x).text = text


def _figures(doc: object, out: Outgoing) -> None:
    from docx.shared import Mm

    for item in out.figures:
        if item.key == "briefing":
            continue
        doc.add_heading(item.headline, 2)  # type: ignore[attr-defined]
        doc.add_paragraph(item.measure)  # type: ignore[attr-defined]
        if item.has_picture:
            doc.add_picture(io.BytesIO(picture.chart_png(item, 1000, item.height, size="screen")), width=Mm(174))  # type: ignore[attr-defined]
            doc.inline_shapes[-1]._inline.docPr.set("descr", item.alt)  # type: ignore[attr-defined]
        for table in item.body if item.has_picture else item.tables(12):
            if table.style != "key" and (rows := table.lines()):
                _table(doc, rows)
        for line in item.caption_lines():
            _small(doc, line)


def _small(doc: object, text: str) -> None:
    from docx.shared import Pt, RGBColor

    run = doc.add_paragraph().add_run(text)  # type: ignore[attr-defined]
    run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(solid(LIGHT["ink2"]))
