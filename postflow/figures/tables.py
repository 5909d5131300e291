"""Tables that are figures: ranked lists with bars, cards, ledgers. Every word from data is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from postflow.briefing import Briefing
from postflow.numbers import share
from postflow.table import Body, Cell, Column, Table, plain

__all__ = ["Ranked", "bullets", "changes", "ledger", "of_total", "plain", "ranked"]


@dataclass(frozen=True)
class Ranked:
    """One line of a ranked list."""

    name: str
    parts: tuple[tuple[str, float], ...]
    """(palette colour, value): the pieces of the bar."""
    value: str
    """The number as printed."""
    share: str = ""
    note: str = ""
    """In place of the numbers, for a line that nobody can fill."""

    @property
    def size(self) -> float:
        """The length of the bar."""
        return sum(value for _, value in self.parts)


def ranked(lines: Sequence[Ranked], heads: tuple[str, str, str], key: Iterable[tuple[str, str]] = ()) -> Body:
    """A table with bars; a line with a note is hatched.

    Args:
        lines: in the order to print.
        heads: of the name, the number and the share.
        key: which colour is what: (palette colour, word).
    """
    most = max((line.size for line in lines), default=0) or 1
    kinds = ((heads[0], "text"), ("", "bar"), (heads[1], "number"), (heads[2], "share"))
    columns = tuple(Column(label, kind) for label, kind in kinds)
    return (Table(columns, tuple(_ranked_line(line, most) for line in lines), "ranked", tuple(key)),)


def _ranked_line(line: Ranked, most: float) -> tuple[Cell, ...]:
    if line.note:
        return Cell(line.name), Cell(), Cell(hidden=line.note), Cell()
    parts = tuple((colour, value / most) for colour, value in line.parts if value > 0)
    return Cell(line.name), Cell(parts=parts), Cell(line.value), Cell(line.share)


def ledger(lines: Iterable[tuple[str, str, str]], note: str = "") -> Body:
    """An equation in words: (sign, number, words) a line; a line with ``=`` is ruled."""
    listed = list(lines)
    rows = tuple((Cell(sign), Cell(number), Cell(words)) for sign, number, words in listed)
    sums = tuple(n for n, (sign, _, _) in enumerate(listed) if sign == "=")
    return (Table((Column("", "sign"), Column("", "number"), Column("")), rows, "ledger", note=note, sums=sums),)


def changes(page: Briefing) -> str:
    """The ranked changes of a briefing: a bar from zero, filled where its interval leaves zero out, the interval as a line."""
    head, *lines = page.table()
    heads = "".join(
        f"<th scope='col'{'' if place in (0, 3) else ' class=n'}>{escape(name)}</th>" for place, name in enumerate(head)
    )
    body = "".join(
        f"<tr><td>{escape(name)}</td><td class='n'>{escape(old)}</td><td class='n'>{escape(new)}</td>"
        f"<td class='bar' style='width:40%'>{_difference(bar, change.is_clear, step)}</td>"
        f"<td class='n'>{f'<b>{escape(words)}</b>' if change.is_clear else escape(words)}</td></tr>"
        for (name, old, new, step, words), change, bar in zip(lines, page.changes, page.bars(), strict=True)
    )
    return f"<table class='pf-rank pf-plain pf-changes'><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _difference(bar: tuple[float, ...], is_clear: bool, step: str) -> str:
    """One bar; colours fall back to those of paper where the app's own are not known."""
    if not bar:
        return escape(step)
    zero, end, low, high = bar
    slate, ink = "var(--import,#8295A7)", "var(--ink,#16202A)"
    fill = f"background:{slate}" if is_clear else f"border:1px solid {slate}"
    parts = (
        (min(zero, end), abs(end - zero), f"top:3px;height:10px;{fill}"),
        (low, high - low, f"top:8px;height:1px;background:{ink}"),
        (low, 0.0, f"top:5px;height:7px;border-left:1px solid {ink}"),
        (high, 0.0, f"top:5px;height:7px;border-left:1px solid {ink}"),
        (zero, 0.0, f"top:-5px;height:27px;border-left:1px solid {ink}"),
    )
    drawn = "".join(
        f"<span style='position:absolute;box-sizing:border-box;left:{100 * at:.2f}%;width:{100 * wide:.2f}%;{look}'></span>"
        for at, wide, look in parts
    )
    return f"<div style='position:relative;height:16px' role='img' title='{escape(step)}' aria-label='{escape(step)}'>{drawn}</div>"


def of_total(value: float, total: float) -> str:
    """A share as printed, a dash where there is no whole."""
    return share(value, total) if total else "–"


def bullets(items: Iterable[str]) -> Body:
    """A list of sentences."""
    return (Table((Column(""),), tuple((Cell(item),) for item in items), "sentences"),)
