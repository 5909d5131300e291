"""Lines below each other: values with intervals, pairs, steps, shares of a whole."""

from __future__ import annotations

import math

from postflow.drawing import Drawing, Panel, Series
from postflow.numbers import clean, short
from postflow.render.plotly import parts
from postflow.render.plotly.parts import Plot, Spec, at_right, bar, note, plain_bar, scatter, stroke

FLOOR = 0.7
"""Where a zero stands on a log axis of counts; its number says 0."""


def ranges(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """A thin bar for the interval, a thick one for the inner half, a dot, its words."""
    (panel,) = drawing.panels
    (one,) = panel.series
    plot = Plot(mode, size, height)
    text, colour = plot.text, plot.colour
    left = parts.room([name[:34] for name in panel.places.names], text, 300)
    above = text + 14 if any(panel.directions) else 8
    right = parts.room(panel.notes, text, 330, 24)
    plot.layout["margin"] = {"l": left, "r": right, "t": above, "b": 28}
    low, high = panel.axis.marks[0], panel.axis.marks[-1]
    for n, words in enumerate(panel.notes):
        plot.notes.append(at_right(clean(words), text - 1, colour["ink"], y=n))
        if one.values[n] is not None:
            _interval(plot, one, n, low, high)
            _dot(plot, panel, one, n, min(max(one.values[n] or 0.0, low), high))
    for level in panel.levels:
        ends = {"x0": level.value, "x1": level.value, "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
        plot.shapes.append(stroke(colour[level.text], 1.2, "5px,4px", **ends))
    for x, words, side in zip((0, 1), panel.directions, ("left", "right"), strict=True):
        if words:
            where = {"x": x, "xref": "paper", "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 3}
            plot.notes.append(note(clean(words), text - 2, colour["ink2"], xanchor=side, **where))
    plot.layout["yaxis"] = parts.names_down(panel.places.names, colour, text)
    grid = {"showgrid": True, "gridcolor": colour["grid"], "ticks": ""}
    plot.layout["xaxis"] = parts.value_axis(panel.axis) | grid
    return plot.figure()


def _interval(plot: Plot, one: Series, n: int, low: float, high: float) -> None:
    hue = plot.colour[one.tints[n] if one.tints else one.tint]
    for lows, highs, wide in ((one.low, one.high, 1.8), (one.inner_low, one.inner_high, 9)):
        a, b = (lows[n], highs[n]) if lows else (None, None)
        if a is not None and b is not None:
            ends = {"x0": max(a, low), "x1": min(b, high), "y0": n, "y1": n}
            plot.shapes.append(stroke(hue, wide, opacity=0.45 if wide > 2 else 1, **ends))


def _dot(plot: Plot, panel: Panel, one: Series, n: int, x: float) -> None:
    hue = plot.colour[one.tints[n] if one.tints else one.tint]
    fill = hue if one.is_clear[n] else plot.colour["paper"]
    name = panel.places.names[n]
    plot.data.append(
        scatter(
            x=[x],
            y=[n],
            mode="markers",
            cliponaxis=False,
            meta=name,
            marker={"size": 11, "color": fill, "line": {"width": 2, "color": hue}},
            hoverinfo="text",
            hovertext=f"<b>{clean(name)}</b><br>{clean(one.words[n])}",
        )
    )


def pairs(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """Two dots a line, joined: hollow before, solid after; the ratio at the right."""
    (panel,) = drawing.panels
    before, after = panel.series
    plot = Plot(mode, size, height)
    text, colour = plot.text, plot.colour
    left = parts.room((short(name, 34) for name in panel.places.names), text, pad=18)
    right = max(70, parts.room(panel.notes, text, pad=16))
    plot.layout["margin"] = {"l": left, "r": right, "t": 40, "b": text + 12}
    at = [_placed(panel, a or 0.0, b or 0.0) for a, b in zip(before.values, after.values, strict=True)]
    for n, (a, b) in enumerate(at):
        plot.shapes.append(stroke(colour[before.tint], 3, x0=a, x1=b, y0=n, y1=n) | {"opacity": 0.45})
    outward = [("middle left", "middle right") if a <= b else ("middle right", "middle left") for a, b in at]
    for side, one in enumerate(panel.series):
        plot.data.append(_side(plot, one, side, [spot[side] for spot in at], [where[side] for where in outward]))
    _head_words(plot, panel, at)
    for n, ratio in enumerate(panel.notes):
        last = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": right - 4, "y": n}
        plot.notes.append(note(f"<b>{ratio}</b>", text - 1, colour["ink"], **last))
    grid = {"showgrid": True, "gridcolor": colour["grid"], "showline": False, "ticks": ""}
    plot.layout["xaxis"] = grid | parts.value_axis(panel.axis)
    down = parts.names_down(panel.places.names, colour, text)
    plot.layout["yaxis"] = down | {"range": [max(len(panel.places), 1) - 0.5, -0.7]}
    return plot.figure()


def _placed(panel: Panel, *pair: float) -> tuple[float, ...]:
    return tuple(max(value, FLOOR) if panel.axis.is_log else value for value in pair)


def _side(plot: Plot, one: Series, side: int, xs: list[float], outward: list[str]) -> Spec:
    colour = plot.colour
    hollow = {"size": 12, "color": colour["paper"], "line": {"width": 2.4, "color": colour[one.tint]}}
    solid = {"size": 13, "color": colour[one.tint], "line": {"width": 0}}
    return scatter(
        x=xs,
        y=list(range(len(xs))),
        mode="markers+text",
        meta=one.key,
        text=[f"<b>{words}</b>" if side else words for words in one.words],
        textposition=outward,
        marker=solid if side else hollow,
        hoverinfo="skip",
        cliponaxis=False,
        textfont={"color": colour["ink" if side else "ink2"], "size": plot.text if side else plot.text - 1},
    )


def _head_words(plot: Plot, panel: Panel, at: list[tuple[float, ...]]) -> None:
    """The two words stand over the first line, each on its outer side so that they never meet."""
    for a, b in at[:1]:
        sides = ("right", "left") if a <= b else ("left", "right")
        for value, one, anchor in zip((a, b), panel.series, sides, strict=True):
            x = math.log10(value) if panel.axis.is_log else value
            shift = 8 if anchor == "right" else -8
            where = {"x": x, "y": 0, "yanchor": "bottom", "yshift": 11, "xanchor": anchor, "xshift": shift}
            words = clean(short(one.name, 18))
            plot.notes.append(note(words, plot.text - 2, plot.colour["ink2"], align="center", **where))


def shares(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """Bars on a panel-coloured whole."""
    (panel,) = drawing.panels
    (one,) = panel.series
    plot = Plot(mode, size, height, barmode="overlay", bargap=0.42)
    text, colour = plot.text, plot.colour
    names, places = [short(name, 40) for name in panel.places.names], list(range(len(panel.places)))
    right = max(96, parts.room(panel.notes, text, pad=18))
    plot.layout["margin"] = {"l": parts.room(names, text - 1, pad=18), "r": right, "t": 4, "b": 4}
    flat = {"y": places, "orientation": "h"}
    ground = plain_bar(colour["panel"])
    plot.data.append(bar(x=[panel.axis.high] * len(names), marker=ground, hoverinfo="skip", **flat))
    told = [f"{clean(name)}<br>{words}" for name, words in zip(panel.places.names, one.words, strict=True)]
    hover = {"customdata": told, "hovertemplate": "%{customdata}<extra></extra>"}
    tints = plain_bar([colour[tint] for tint in one.tints])
    plot.data.append(bar(x=list(one.values), marker=tints, meta=one.key, **flat, **hover))
    for n, words in enumerate(panel.notes):
        first, _, rest = words.partition("  ")
        plot.notes.append(at_right(f"<b>{first}</b>  {rest}", text, colour["ink"], y=n) | {"xshift": 8})
    plot.layout["xaxis"] = {"visible": False, "range": [panel.axis.low, panel.axis.high]}
    plot.layout["yaxis"] = parts.names_down(names, colour, text - 1, 40)
    return plot.figure()


def steps(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """From the older total to the newer one, a step for each category."""
    (panel,) = drawing.panels
    totals, change = panel.series
    plot = Plot(mode, size, height, bargap=0.34)
    text, colour, last = plot.text, plot.colour, len(panel.places) - 1
    plot.layout["margin"] = {"l": parts.room(panel.places.names, text, 300), "r": 190, "t": 4, "b": 8}
    ends = {"y": [0, last], "x": [totals.values[0], totals.values[last]], "marker": plain_bar(colour[totals.tint])}
    plot.data.append(bar(orientation="h", hoverinfo="skip", meta=totals.key, **ends))
    at = float(totals.values[0] or 0)
    for n in range(1, last):
        at = _step(plot, panel, change, n)
    before = {"x0": at, "x1": at, "y0": last - 1, "y1": last, "layer": "below"}
    plot.shapes.append(stroke(colour["ink3"], 1, "2px,3px", **before))
    for n in (0, last):
        plot.notes.append(at_right(f"<b>{clean(panel.notes[n])}</b>", text, colour["ink"], y=n))
    plot.layout["yaxis"] = parts.names_down(panel.places.names, colour, text)
    plot.layout["xaxis"] = {"visible": False, "range": [panel.axis.low, panel.axis.high]}
    return plot.figure()


def _step(plot: Plot, panel: Panel, change: Series, n: int) -> float:
    """One step with the line that leads to it; gives where it ends."""
    step, at, colour = float(change.values[n] or 0), float(change.base[n] or 0), plot.colour
    look = {"color": colour["ink"] if step > 0 else colour["paper"], "line": {"width": 1.6, "color": colour["ink"]}}
    name = panel.places.names[n]
    hover = {"hoverinfo": "text", "hovertext": f"<b>{clean(name)}</b><br>{change.words[n]}", "meta": name}
    where = {"y": [n], "x": [abs(step)], "base": [min(at, at + step)], "orientation": "h"}
    plot.data.append(bar(marker=look, **where, **hover))
    ends = {"x0": at, "x1": at, "y0": n - 1, "y1": n, "layer": "below"}
    plot.shapes.append(stroke(colour["ink3"], 1, "2px,3px", **ends))
    size, gap, rest = panel.notes[n].partition("  ")
    tint = colour["ink" if change.is_clear[n] else "ink2"]
    plot.notes.append(at_right(f"<b>{clean(size)}</b>{gap}{clean(rest)}", plot.text - 1, tint, y=n))
    return at + step
