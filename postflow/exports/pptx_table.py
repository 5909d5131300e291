"""Tables of a figure as tables of PowerPoint's own: the words of the page, hatched cells, shaded cells."""

from __future__ import annotations

from pptx.enum.dml import MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from postflow.exports.pptx_series import rgb
from postflow.exports.sheets import AIR, GAP, PAD, Part
from postflow.table import Cell, Column

PX = 9525
PT_A_PX = 0.75
RIGHT = ("number", "share")


def add(slide: Slide, parts: list[Part], left: float, top: float, alt: str) -> None:
    """Set the tables of one sheet below each other, from a place in px."""
    for part in parts:
        _table(slide, part, left, top, alt)
        top += part.height + GAP


def _table(slide: Slide, part: Part, left: float, top: float, alt: str) -> None:
    rows = ([[Cell(c.label) for c in part.table.columns]] if part.table.is_headed else []) + list(part.table.rows)
    size = tuple(Emu(int(v * PX)) for v in (left, top, sum(part.widths), part.height))
    frame = slide.shapes.add_table(len(rows), len(part.widths), *size)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    table = frame.table
    table.horz_banding = False
    table.first_row = part.table.is_headed
    for x, wide in enumerate(part.widths):
        table.columns[x].width = Emu(int(wide * PX))
    for y, (row, tall) in enumerate(zip(rows, part.heights, strict=True)):
        table.rows[y].height = Emu(int(tall * PX))
        is_head = part.table.is_headed and not y
        for x, (cell, column) in enumerate(zip(row, part.table.columns, strict=True)):
            _cell(table.cell(y, x), cell, column, part.size, is_head)


def _cell(made: object, cell: Cell, column: Column, size: float, is_head: bool) -> None:
    _ground(made, cell, is_head)
    made.margin_left = made.margin_right = Emu(int(PAD / 2 * PX))  # type: ignore[attr-defined]
    made.margin_top = made.margin_bottom = Emu(int(AIR / 2 * PX))  # type: ignore[attr-defined]
    made.vertical_anchor = MSO_ANCHOR.TOP  # type: ignore[attr-defined]
    paragraph = made.text_frame.paragraphs[0]  # type: ignore[attr-defined]
    paragraph.alignment = PP_ALIGN.RIGHT if column.kind in RIGHT else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = cell.words
    run.font.size, run.font.bold = Pt(size * PT_A_PX), is_head or cell.is_bold
    run.font.color.rgb = rgb("ink2" if is_head or cell.hidden else "ink")
    _rule(made)


def _ground(made: object, cell: Cell, is_head: bool) -> None:
    fill = made.fill  # type: ignore[attr-defined]
    if cell.hidden:
        fill.patterned()
        fill.pattern = MSO_PATTERN.LIGHT_UPWARD_DIAGONAL
        fill.fore_color.rgb, fill.back_color.rgb = rgb("void"), rgb("paper")
        return
    fill.solid()
    shade = f"paper|ink|{0.03 + 0.31 * cell.depth**0.5:.3f}" if cell.depth else "panel" if is_head else "paper"
    fill.fore_color.rgb = rgb(shade)


def _rule(made: object) -> None:
    """A hairline below; none at the other edges."""
    properties = made._tc.get_or_add_tcPr()  # type: ignore[attr-defined]
    none = '<a:{0} {1} w="0"><a:noFill/></a:{0}>'
    below = '<a:lnB {} w="6350"><a:solidFill><a:srgbClr val="{}"/></a:solidFill></a:lnB>'
    edges = [parse_xml(none.format(name, nsdecls("a"))) for name in ("lnL", "lnR", "lnT")]
    edges.append(parse_xml(below.format(nsdecls("a"), rgb("hair"))))
    for old in [child for child in properties if child.tag in {qn(f"a:{n}") for n in ("lnL", "lnR", "lnT", "lnB")}]:
        properties.remove(old)
    for n, edge in enumerate(edges):
        properties.insert(n, edge)
