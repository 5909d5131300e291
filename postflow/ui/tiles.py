"""Tiles: one number with its comparison and its recent course. Pure; no Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from postflow.figure import Tile
from postflow.style import Palette
from postflow.ui.html import esc, image, rich

WIDTH, HEIGHT, EDGE = 132, 48, 6


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
        f"<div class='row'><div class='num'>{esc(item.number)}{unit}</div>{line}</div>"
        f"<div class='than'>{rich(item.than)}</div></div>"
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
    told, untold = _runs(values)

    def at(place: int) -> tuple[float, float]:
        return EDGE + place * step, HEIGHT - 6 - (HEIGHT - 13) * (values[place] or 0) / top

    parts = [_line([at(place) for place in run], colour[tint]) for run in told if len(run) > 1]
    parts += [_dot(*at(run[0]), 2, colour[tint], colour["paper"]) for run in told if len(run) == 1]
    parts.append(_dot(*at(told[-1][-1]), 3.6, colour[tint], colour["paper"]))
    for run in untold:
        left, right = (EDGE + max(run[0] - 0.5, 0) * step, EDGE + min(run[-1] + 0.5, len(values) - 1) * step)
        parts.append(f"<rect x='{left:.1f}' y='3' width='{right - left:.1f}' height='{HEIGHT - 7}' fill='url(#h)'/>")
    parts.append(f"<path d='M0,{HEIGHT - 2.5}H{WIDTH}' stroke='{colour['ink3']}' stroke-width='1'/>")
    return image(_svg("".join(parts), colour["void"]).encode(), HEIGHT)


def _line(points: list[tuple[float, float]], colour: str) -> str:
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    ends = "stroke-linejoin='round' stroke-linecap='round'"
    return f"<polyline points='{places}' fill='none' stroke='{colour}' stroke-width='2' {ends}/>"


def _dot(x: float, y: float, radius: float, colour: str, edge: str) -> str:
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{colour}' stroke='{edge}' stroke-width='1.2'/>"


def _svg(inside: str, void: str) -> str:
    size = f"width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}'"
    hatch = (
        "<pattern id='h' width='6' height='6' patternTransform='rotate(45)' patternUnits='userSpaceOnUse'>"
        f"<path d='M0,0V6' stroke='{void}' stroke-width='2.4'/></pattern>"
    )
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size}><defs>{hatch}</defs>{inside}</svg>"
