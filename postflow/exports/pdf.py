"""The deck and the one-page briefing as PDF/UA, set by typst, charts as vectors."""

from __future__ import annotations

import io
import re

from postflow.briefing import Briefing
from postflow.errors import ExportError
from postflow.exports import fonts, handling_label, picture, sheets, typeset
from postflow.exports.ink import palette
from postflow.exports.outgoing import Leaving, Outgoing
from postflow.numbers import count

STANDARD = ("ua-1",)
SIZES = (((900, 400), (520, 240)), *(((900, height),) for height in range(400, 120, -20)), ())
"""Of a briefing's pictures in px, largest first: the first set with which everything stands on one page is taken."""
A4_PT = 841.89
PT_A_PX = 510 / 900
"""A picture of 900 px stands 180 mm wide."""
HEAD_PT = 45
"""Rule, headline, measure and caption of a picture, at least."""


def deck(out: Outgoing, mode: str = "light") -> bytes:
    """A page a figure on the presenter's stage, tables on as many as hold them, with title and closing page."""
    pages = [page for item in out.figures for page in _pages(item, mode)]
    return typeset.compile("slides", {**shared(out, mode), "figures": pages}, standards=STANDARD)[0]


def _pages(item: Leaving, mode: str) -> list[dict]:
    tall = _room(item)
    made = []
    if item.has_picture:
        drawn = picture.chart_svg(item, 1200, tall, mode, "present")
        made.append({**picture.figure_data(item, drawn), "height": tall, "tables": []})
    body = item.body if item.has_picture else item.tables()
    for parts in sheets.sheets(body, 1200.0, float(tall)):
        tables = [_lines(part) for part in parts]
        made.append({**picture.figure_data(item, ""), "height": tall, "tables": tables})
    return made or [{**picture.figure_data(item, ""), "height": tall}]


def _lines(part: sheets.Part) -> list[list[str]]:
    heads = [column.label for column in part.table.columns]
    return [heads, *([cell.words for cell in row] for row in part.table.rows)]


def _room(item: Leaving) -> int:
    """Px that headline, measure, notes and caption leave for the picture on the stage."""
    size = 24 if len(item.headline) > 150 else 32 if len(item.headline) > 62 else 38
    heads = -(-int(fonts.width(item.headline, size)) // 1180)
    foot = sum(
        -(-int(fonts.width(line, 14)) // 1080)
        for line in [f"{item.caption.counted} {item.caption.left_out}", *item.caption_lines()[1:]]
    )
    notes = -(-sum(int(fonts.width(text, 14)) + 60 for _, text in item.events) // 1180)
    return max(240, 640 - int(heads * size * 1.35) - 34 - foot * 20 - 26 - notes * 24)


def briefing(out: Outgoing, mode: str = "light") -> bytes:
    """The one page.

    Raises:
        ExportError: what was let out is not a briefing.
    """
    from pypdf import PdfReader

    for sizes in _fitting(out, mode):
        made = typeset.compile("briefing", briefing_data(out, mode, sizes), standards=STANDARD)[0]
        if len(PdfReader(io.BytesIO(made)).pages) == 1:
            return made
    return made  # more words than a page holds: nothing is cut off, it runs on


def _fitting(out: Outgoing, mode: str) -> list[tuple[tuple[int, int], ...]]:
    """The sizes worth trying: the words alone are set once on a page as long as they need, which tells the room left."""
    page = typeset.compile("briefing", briefing_data(out, mode, ()) | {"tall": True}, "svg")[0].decode("utf-8")
    room = A4_PT - float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', page)[1])  # type: ignore[index]
    return [sizes for sizes in SIZES if not sizes or sizes[0][1] * PT_A_PX + HEAD_PT <= room] or [()]


def shared(out: Outgoing, mode: str) -> dict:
    """What each template needs of the whole."""
    return {
        **handling_label.data(out),
        "colours": palette(mode),
        "title": out.title,
        "filters": out.filters,
        "version": out.version,
        "made_on": out.made_on.isoformat(),
        "synthetic": out.is_synthetic,
        "limits": list(out.limits),
        "about": [list(pair) for pair in out.about],
        "sources": [f"{s.title}. {s.publisher}. Licence: {s.licence}. {s.mark}." for s in out.sources]
        or list(dict.fromkeys(f.caption.sources for f in out.figures)),
    }


def briefing_data(out: Outgoing, mode: str = "light", sizes: tuple[tuple[int, int], ...] = SIZES[0]) -> dict:
    """The briefing as plain data, for typst."""
    page = out.briefing
    if page is None:
        raise ExportError("This is not a briefing.", next_step="Give a Briefing to the gate.")
    colours = palette(mode)
    shown = [item for item in out.figures if item.key != "briefing"]
    drawn = [
        (item, picture.chart_svg(item, *size, mode, "screen") if item.has_picture else "")
        for item, size in zip(shown, sizes, strict=False)
    ]
    known = {*page.caption.lines(), page.caption.counted, page.caption.left_out}
    return {
        **shared(out, mode),
        "tall": False,
        "standfirst": page.standfirst,
        "link": page.link,
        "periods": list(page.periods),
        "tiles": [
            {"what": t.what, "when": t.when, "number": t.number, "than": t.than, "tint": colours.get(t.tint, "")}
            for t in page.tiles
        ],
        "sentences": [s.text for s in page.sentences],
        "changes_measure": page.changes_measure,
        "changes": _changes(page),
        "figures": [_told_once(picture.figure_data(item, svg, 6), known) for item, svg in drawn],
        "missing": [[m.number, m.words] for m in page.missing],
        "notes": list(page.notes),
        "caption": {
            "counted": page.caption.counted,
            "left_out": page.caption.left_out,
            "lines": page.caption.lines()[1:],
        },
    }


def _changes(page: Briefing) -> list[dict]:
    return [
        {
            "name": c.name,
            "before": _number(c.before),
            "after": _number(c.after),
            "change": c.change,
            "clear": c.is_clear,
            "bar": list(bar),
        }
        for c, bar in zip(page.changes, page.bars(), strict=True)
    ]


def _number(value: float | None) -> str | None:
    return None if value is None else count(value)


def _told_once(data: dict, known: set[str]) -> dict:
    """A figure without the lines that stand in the page's own caption."""
    kept = {name: "" if data[name] in known else data[name] for name in ("counted", "left_out")}
    return {**data, **kept, "lines": [line for line in data["lines"] if line not in known]}
