"""The one gate through which everything leaves. Each format takes an ``Outgoing``, and only ``gate`` makes one.

Rules that live here and nowhere else: the strictest mark of all that is inside; the synthetic label on each picture; no
single records of a source that may not be passed on; no live formula in any cell; no figure without filters, sources,
version and caption; no output of two pools or two builds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from postflow import handling
from postflow.briefing import Briefing
from postflow.errors import ExportError
from postflow.exports import cells
from postflow.exports.outgoing import SEAL, Leaving, Outgoing, Source
from postflow.figure import Caption, Figure
from postflow.table import Table
from postflow.view import View

RECORD_COLUMNS = frozenset(
    {"seizure_id", "record_id", "row_number", "source_key", "tracking_number", "row_key", "raw_row"}
    | {"seized_on", "quantity_reported", "seizure_place"}
)
"""A frame with one of these columns holds single records."""
MOST_TITLE = 400
_TAG = re.compile(r"</?(?:b|i|em|strong|span|br)\b[^<>]*>")
FACTOR_SET = "data/reference/unit_factors.csv as built into this version; low and high stand beside each weight"


@dataclass(frozen=True)
class Item:
    """A figure on its way out, with where it came from."""

    figure: Figure
    view: View | None = None
    """None: the view given to the gate."""
    sources: pd.DataFrame | None = None
    """``charts/sources`` of the figure's scope. None: the sources given to the gate."""
    link: str = ""
    headline: str = ""
    """Replaces the figure's own."""
    note: str = ""


def gate(
    what: Figure | Item | Briefing | Sequence[Figure | Item],
    view: View,
    format: str,
    *,
    sources: pd.DataFrame | None = None,
    title: str = "",
    link: str = "",
    on: date | None = None,
) -> Outgoing:
    """Let figures, a deck's figures or a briefing out.

    Args:
        what: a figure, the figures of a deck in order, or a briefing.
        view: what the reader looks at.
        format: the name of the format, for messages.
        sources: ``charts/sources`` of the scope (title, publisher, licence_id, may_redistribute, tlp,
            europol_handling, citation, is_synthetic). Without it single records stay here.
        title: of the deck; the first headline if empty.
        link: to the view.
        on: the day that the file is made.

    Raises:
        ExportError: nothing to export; a caption lacks its counts, filters, sources, version or mark; figures come from
            two pools or two builds.
    """
    items = [_item(part, view, sources, link) for part in _parts(what)]
    if not items:
        raise ExportError("There is nothing to export.", next_step="Add a figure to the deck.")
    for item in items:
        _complete(item)
    synthetic = _one_pool(items)
    found = _sources(item.sources for item in items)
    extra = [what.caption] if isinstance(what, Briefing) else []
    mark = handling.strictest(
        [*(item.figure.caption.mark for item in items), *(c.mark for c in extra), *(s.mark for s in found)]
        + [handling.SYNTHETIC] * synthetic
    )
    figures = tuple(_leave(item, synthetic) for item in items)
    name = cells.line(title or (what.title if isinstance(what, Briefing) else figures[0].headline))[:MOST_TITLE]
    made = on or date.today()
    return Outgoing(
        format,
        name,
        figures,
        mark,
        handling.words(mark),
        synthetic,
        figures[0].caption.filters,
        figures[0].caption.version,
        made,
        found,
        _about(name, figures, found, mark, made),
        _limits(figures, found),
        _cleaned(what, figures) if isinstance(what, Briefing) else None,
        SEAL,
    )


def _parts(what: Figure | Item | Briefing | Sequence[Figure | Item]) -> Sequence[Figure | Item]:
    if isinstance(what, Briefing):
        return [replace(figure, caption=figure.caption) for figure in what.figures] or [_bare(what)]
    return [what] if isinstance(what, (Figure, Item)) else what


def _bare(briefing: Briefing) -> Figure:
    """A briefing without pictures still has a caption to check."""
    rows = pd.DataFrame(
        [(c.name, c.before, c.after, c.change) for c in briefing.changes], columns=["name", "before", "after", "change"]
    )
    return Figure("briefing", briefing.title, briefing.changes_measure, briefing.caption, rows)


def _item(part: Figure | Item, view: View, sources: pd.DataFrame | None, link: str) -> Item:
    item = part if isinstance(part, Item) else Item(part)
    own = item.sources if item.sources is not None else getattr(item.figure, "sources", None)
    return replace(item, view=item.view or view, sources=own if own is not None else sources, link=item.link or link)


def _complete(item: Item) -> None:
    """Raise unless the caption says what a reader must know."""
    caption, view = item.figure.caption, item.view
    for name in ("counted", "left_out", "filters", "period", "sources", "version", "mark"):
        if not str(getattr(caption, name)).strip():
            raise ExportError(
                f"The caption lacks its {name.replace('_', ' ')}; nothing was exported.", field=item.figure.key
            )
    if view and caption.version.strip() != view.data.version.strip():
        raise ExportError(
            "The figure was drawn from another build than the view names; nothing was exported.",
            field=item.figure.key,
            value=caption.version,
            next_step=f"Draw it again on {view.data.version}.",
        )


def _one_pool(items: list[Item]) -> bool:
    kinds = {_is_synthetic(item) for item in items}
    if len(kinds) > 1:
        raise ExportError(
            "Figures of the real and of the exercise pool cannot leave together.", next_step="Export them apart."
        )
    return kinds.pop()


def _is_synthetic(item: Item) -> bool:
    named = item.sources is not None and "is_synthetic" in item.sources and bool(item.sources["is_synthetic"].any())
    return named or handling.is_synthetic(item.figure.caption.mark) or bool(item.view and item.view.data.is_synthetic)


def _sources(frames: Iterable[pd.DataFrame | None]) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for frame in frames:
        for row in [] if frame is None else frame.to_dict("records"):
            text = {
                key: cells.line("" if value is None or value is pd.NA or value != value else str(value))
                for key, value in row.items()
            }
            found.setdefault(
                text["title"],
                Source(
                    text["title"],
                    text.get("publisher", ""),
                    text.get("licence_id", "") or "not stated",
                    row.get("may_redistribute") is True or text.get("may_redistribute") == "True",
                    handling.joined(text.get("tlp", "") or "TLP:RED", text.get("europol_handling", "")),
                    text.get("citation", ""),
                    text.get("is_synthetic") == "True",
                ),
            )
    return tuple(found.values())


def _leave(item: Item, synthetic: bool) -> Leaving:
    figure = item.figure
    rows, withheld = may_leave(figure.rows, item.sources)
    caption = replace(
        figure.caption, **{name: cells.line(getattr(figure.caption, name)) for name in Caption.__dataclass_fields__}
    )
    if withheld:
        caption = replace(caption, silent=f"{caption.silent} {withheld}".strip())
    if synthetic and not handling.is_synthetic(caption.mark):
        caption = replace(caption, mark=handling.strictest([handling.SYNTHETIC, caption.mark]))
    drawn = None if withheld or not len(rows) else figure.drawing
    return Leaving(
        figure.key,
        cells.line(item.headline or figure.headline)[:MOST_TITLE],
        cells.line(figure.measure)[:MOST_TITLE],
        caption,
        cells.safe(rows),
        {str(cells.disarm(name)): cells.line(text) for name, text in figure.columns.items()},
        cells.line(figure.alt or figure.headline),
        tuple((n, cells.line(_TAG.sub("", text).replace("**", ""))) for n, text in figure.events),
        cells.line(item.link),
        cells.clean(item.note),
        synthetic,
        figure.keeps_shape,
        figure.height,
        figure.stage_height,
        drawn,
        () if withheld else tuple(_tidy(table) for table in figure.body),
    )


def _tidy(table: Table) -> Table:
    """A table whose words no program takes for anything but words."""
    columns = tuple(replace(column, label=cells.line(column.label)) for column in table.columns)
    rows = tuple(
        tuple(
            replace(cell, text=cells.line(cell.text), small=cells.line(cell.small), hidden=cells.line(cell.hidden))
            for cell in row
        )
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows, note=cells.line(table.note))


def may_leave(rows: pd.DataFrame, sources: pd.DataFrame | None) -> tuple[pd.DataFrame, str]:
    """The rows that may be passed on, and a sentence on those that may not."""
    if not RECORD_COLUMNS & set(rows.columns):
        return rows, ""
    open_sources = (
        set()
        if sources is None
        else set(sources.loc[sources["may_redistribute"].fillna(False).astype(bool), "source_id"])
    )
    if sources is not None and len(sources) and open_sources >= set(sources["source_id"]):
        return rows, ""
    kept = rows[rows["source_id"].isin(open_sources)] if "source_id" in rows else rows.iloc[:0]
    held = rows.drop(index=kept.index)
    if held.empty:
        return kept, ""
    known = [name for name in ("seizures", "quantity_kg") if name in held]
    seizures = int(held["seizures"].sum()) if "seizures" in held else len(held)
    totals = pd.DataFrame([{"records": len(held), **{name: held[name].sum() for name in known}}])
    words = f"Totals only: {len(held)} records ({seizures} seizures) come from sources whose licence does not let single records be passed on, or is not known."
    return (kept if len(kept) else totals), words


def _about(
    name: str, figures: Sequence[Leaving], found: Sequence[Source], mark: str, made: date
) -> tuple[tuple[str, str], ...]:
    first = figures[0]
    pairs = [
        ("Title", name),
        ("Handling mark", mark),
        ("Handling", handling.words(mark)),
        ("Filters", first.caption.filters),
        ("Period", first.caption.period),
        ("Counted", first.caption.counted),
        ("Left out", first.caption.left_out),
        ("Not shown", first.caption.silent),
        ("Sources", first.caption.sources),
        ("Factor set", FACTOR_SET),
        ("Data version", first.caption.version),
        ("Link", first.link),
        ("Made on", made.isoformat()),
    ]
    pairs += [
        (
            "Source",
            f"{s.title} · {s.publisher} · licence {s.licence} ({'may be passed on' if s.may_redistribute else 'not to be passed on'}) · {s.mark} · {s.citation}",
        )
        for s in found
    ]
    pairs += [("Licence", "; ".join(dict.fromkeys(s.licence for s in found)) or "not stated")]
    pairs += [(f"Column {column}", words) for column, words in first.columns.items()]
    return tuple((str(cells.disarm(label)), str(cells.disarm(text))) for label, text in pairs if text)


def _limits(figures: Sequence[Leaving], found: Sequence[Source]) -> tuple[str, ...]:
    """What none of the figures can say, for the closing slide."""
    said = dict.fromkeys(
        [*(f.caption.silent for f in figures if f.caption.silent), *(f.caption.left_out for f in figures)]
    )
    closed = [s.title for s in found if not s.may_redistribute]
    extra = [f"Single records of {'; '.join(closed)} are not passed on."] if closed else []
    return ("Seizures show what was found and reported, not what was sent.", *extra, *said)


def _cleaned(briefing: Briefing, figures: Sequence[Leaving]) -> Briefing:
    """The briefing with clean text; its pictures are those of ``Outgoing.figures``."""

    def tidy(value: object) -> object:
        if isinstance(value, str):
            return cells.line(value)
        return replace(
            value,
            **{n: tidy(getattr(value, n)) for n in value.__dataclass_fields__ if isinstance(getattr(value, n), str)},
        )  # type: ignore[attr-defined, type-var]

    groups = {
        name: tuple(tidy(part) for part in getattr(briefing, name))
        for name in ("tiles", "sentences", "changes", "missing", "periods", "notes")
    }
    return replace(tidy(briefing), caption=tidy(briefing.caption), figures=(), **groups)  # type: ignore[arg-type, return-value, type-var]
