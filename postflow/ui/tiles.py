"""Tiles: one number with its comparison and its recent course. Pure; no Streamlit."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from postflow.style import Palette
from postflow.ui.html import esc, rich

WIDTH, HEIGHT, EDGE = 132, 48, 6


@dataclass(frozen=True)
class Tile:
    """One number."""

    what: str
    when: str
    number: str
    """As numbers are printed: ``667``, ``2 430 kg``."""
    than: str
    """The comparison, with its base; ``**bold**`` allowed."""
    unit: str = ""
    """Small words after the number: ``of 913``."""
    course: Sequence[float | None] = ()
    """Values in order of time, None where nobody reported."""
    tint: str = ""
    """A colour of the palette: ``mdma``, ``nz``."""
    is_unknown: bool = False
    """Draw a hatched field where the course would stand."""


def tiles(items: Iterable[Tile], mode: str) -> str:
    """Tiles side by side, as HTML."""
    return "<div class='pf-tiles'>" + "".join(_tile(item, mode) for item in items) + "</div>"


def _tile(item: Tile, mode: str) -> str:
    dot = f"<span class='pf-key' style='background:var(--{esc(item.tint)})'></span>" if item.tint else ""
    unit = f" <small>{esc(item.unit)}</small>" if item.unit else ""
    line = (
        "<span class='pf-hatch' style='width:120px;height:44px'></span>"
        if item.is_unknown
        else course(item.course, item.tint or "ink2", mode)
    )
    return (
        f"<div class='pf-tile'><div class='what'>{dot}{esc(item.what)}</div><div class='when'>{esc(item.when)}</div>"
        f"<div class='row'><div class='num'>{esc(item.number)}{unit}</div>{line}</div><div class='than'>{rich(item.than)}</div></div>"
    )


def _runs(values: Sequence[float | None]) -> tuple[list[list[int]], list[list[int]]]:
    """Positions of neighbouring values that are known, and of those that are not."""
    known: list[list[int]] = []
    unknown: list[list[int]] = []
    for place, value in enumerate(values):
        runs = unknown if value is None else known
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return known, unknown


def course(values: Sequence[float | None], tint: str, mode: str) -> str:
    """A sparkline from zero as an image; gaps are hatched, the newest value is a dot."""
    known = [value for value in values if value is not None]
    if len(values) < 2 or not known:
        return ""
    colour = Palette(mode)
    step, top = (WIDTH - 2 * EDGE) / (len(values) - 1), max(known) or 1

    def at(place: int) -> str:
        return f"{EDGE + place * step:.1f},{HEIGHT - 6 - (HEIGHT - 13) * (values[place] or 0) / top:.1f}"

    told, untold = _runs(values)
    parts = [
        f"<polyline points='{' '.join(at(place) for place in run)}' fill='none' stroke='{colour[tint]}' stroke-width='2' stroke-linejoin='round' stroke-linecap='round'/>"
        for run in told
        if len(run) > 1
    ]
    dots = [(run[0], 2.0) for run in told if len(run) == 1] + [(max(place for run in told for place in run), 3.6)]
    for place, radius in dots:
        x, y = at(place).split(",")
        parts.append(
            f"<circle cx='{x}' cy='{y}' r='{radius}' fill='{colour[tint]}' stroke='{colour['paper']}' stroke-width='1.2'/>"
        )
    for run in untold:
        left = EDGE + max(run[0] - 0.5, 0) * step
        right = EDGE + min(run[-1] + 0.5, len(values) - 1) * step
        parts.append(f"<rect x='{left:.1f}' y='3' width='{right - left:.1f}' height='{HEIGHT - 7}' fill='url(#h)'/>")
    parts.append(f"<path d='M0,{HEIGHT - 2.5}H{WIDTH}' stroke='{colour['ink3']}' stroke-width='1'/>")
    pattern = f"<defs><pattern id='h' width='6' height='6' patternTransform='rotate(45)' patternUnits='userSpaceOnUse'><path d='M0,0V6' stroke='{colour['void']}' stroke-width='2.4'/></pattern></defs>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}'>{pattern}{''.join(parts)}</svg>"
    return f"<img alt='' src='data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}'>"
