"""Columns: stacks with their totals and intervals, hatched gaps, a key of colours; and small ones side by side."""

from __future__ import annotations

from postflow.drawing import Drawing, Panel, Series
from postflow.numbers import clean, count, short
from postflow.render.plotly import parts
from postflow.render.plotly.parts import Plot, Spec, bar, hatched_bar, note, plain_bar, stroke

MOST_TOTALS = 18
MOST_TICKS = 9
FEW = 5
"""Small columns carry their numbers up to as many places."""


def draw(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """The picture as plotly draws it."""
    (panel,) = drawing.panels
    plot = Plot(mode, size, height, barmode="stack", bargap=0.28)
    text = plot.text
    left = max(44, parts.room(panel.axis.words, text - 1, pad=16))
    deep = 2 * text + 14 if panel.opens else text + 14
    plot.layout["margin"] = {"l": left, "r": 4, "t": text + 18, "b": deep}
    _silence(plot, panel)
    for one in panel.series:
        _column(plot, panel, one)
    _upright(plot, panel)
    _gap_words(plot, panel)
    _key(plot, panel)
    _period_axis(plot, panel)
    plot.layout["yaxis"] = parts.value_axis(panel.axis)
    return plot.figure()


def _silence(plot: Plot, panel: Panel) -> None:
    for gap in panel.gaps:
        look = {"width": [gap.last - gap.first + 1], "marker": hatched_bar(plot.colour), "hoverinfo": "skip"}
        plot.data.append(bar(x=[(gap.first + gap.last) / 2], y=[panel.axis.high * 0.97], **look))


def _gap_words(plot: Plot, panel: Panel) -> None:
    look = {"y": panel.axis.high * 0.5, "align": "center", "bgcolor": plot.colour["paper"], "borderpad": 4}
    number = len(panel.places)
    for gap in panel.gaps:
        if (gap.last + 1 - gap.first) / number > 0.04:
            turn = {"textangle": 0 if gap.last > gap.first or number < 8 else -90}
            words = note("not<br>reported", plot.text - 1, plot.colour["ink"], x=(gap.first + gap.last) / 2, **look)
            plot.notes.append(words | turn)


def _column(plot: Plot, panel: Panel, one: Series) -> None:
    label, known = clean(short(one.name)), one.told()
    plot.data.append(
        bar(
            x=known,
            y=[one.values[n] for n in known],
            name=label,
            meta=one.key,
            marker=plain_bar(plot.colour[one.tint]),
            customdata=[f"{clean(panel.places.words[n])}<br>{one.words[n]}" for n in known],
            hovertemplate=f"<b>{label}</b> %{{customdata}}<extra></extra>",
        )
    )


def _key(plot: Plot, panel: Panel) -> None:
    """Which colour is which, above the columns; nothing where there is one."""
    right = 0.0
    for one in panel.series if len(panel.series) > 1 else ():
        words = f"■ {clean(short(one.name))}"
        where = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom"}
        plot.notes.append(note(words, plot.text - 1, plot.colour[one.text], **where, xshift=right, yshift=4))
        right += parts.room([words], plot.text - 1, pad=18)


def _upright(plot: Plot, panel: Panel) -> None:
    """The interval as an upright line, the count above it; a reported zero is written, a gap is not."""
    number, text = len(panel.places), plot.text
    px = text + 4 if number <= 6 else text if number <= 12 else text - 2
    for place, n in enumerate(panel.totals):
        low, high = panel.totals_low[place], panel.totals_high[place]
        if n is None:
            continue
        if n:
            plot.shapes.append(stroke(plot.colour["ink"], 1.4, x0=place, x1=place, y0=low, y1=high))
        if number <= MOST_TOTALS:
            where = {"x": place, "y": high if n else 0, "yanchor": "bottom", "yshift": 2, "align": "center"}
            plot.notes.append(note(f"<b>{count(n)}</b>", px, plot.colour["ink"], **where))


def _period_axis(plot: Plot, panel: Panel) -> None:
    opens = set(panel.opens)
    words = [clean(short(label, 16)) + ("<br>so far" * (n in opens)) for n, label in enumerate(panel.places.names)]
    shown = [len(words) - 1 - n for n in reversed(parts.every(len(words), MOST_TICKS))]
    span = [-0.62, max(0.62, len(words) - 0.38)]
    look = {"range": span, "ticks": "", "tickangle": 0}
    plot.layout["xaxis"] = {"tickvals": shown, "ticktext": [words[n] for n in shown], **look}


# ---------- small multiples ----------

SPACE = 0.025


def multiples(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """One panel a name, all on the same axes."""
    plot = Plot(mode, size, height, bargap=0.25)
    panels = drawing.panels
    left = max(44, parts.room(panels[0].axis.words if panels else [], plot.text - 1, pad=16))
    plot.layout["margin"] = {"l": left, "r": 6, "t": plot.text + 16, "b": plot.text + 10}
    wide = (1 - SPACE * (len(panels) - 1)) / max(1, len(panels))
    for n, panel in enumerate(panels):
        _small(plot, panel, str(n + 1) if n else "", n * (wide + SPACE), wide)
    return plot.figure()


def _small(plot: Plot, panel: Panel, number: str, start: float, wide: float) -> None:
    axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    gaps = [n for gap in panel.gaps for n in range(gap.first, gap.last + 1)]
    if gaps:
        look = {"width": 1, "marker": hatched_bar(plot.colour, 7), "hoverinfo": "skip"}
        plot.data.append(bar(x=gaps, y=[panel.axis.high] * len(gaps), **look, **axes))
    for one in panel.series:
        known = one.told()
        plot.data.append(
            bar(
                x=known,
                y=[one.values[n] for n in known],
                marker=plain_bar(plot.colour[one.tint]),
                meta=one.key,
                customdata=[f"{clean(panel.places.names[n])}<br>{one.words[n]}" for n in known],
                hovertemplate=f"<b>{clean(one.name)}</b> %{{customdata}}<extra></extra>",
                **axes,
            )
        )
        _small_words(plot, panel, one, {"xref": f"x{number}", "yref": f"y{number}"})
    names, ends = panel.places.names, sorted({0, len(panel.places) - 1}) if len(panel.places) else []
    words = {"tickvals": ends, "ticktext": [clean(short(names[n], 10)) for n in ends], "ticks": ""}
    span = {"range": [-0.6, max(0.6, len(names) - 0.4)], "domain": [start, start + wide], "anchor": f"y{number}"}
    plot.layout[f"xaxis{number}"] = _templated(plot, "xaxis", number) | words | span
    base = _templated(plot, "yaxis", number) | parts.value_axis(panel.axis) | {"anchor": f"x{number}"}
    plot.layout[f"yaxis{number}"] = base | ({"matches": "y", "showticklabels": False} if number else {})


def _templated(plot: Plot, axis: str, number: str) -> Spec:
    """Axes beside the first take the template's look by hand."""
    return dict(plot.template["layout"][axis]) if number else {}


def _small_words(plot: Plot, panel: Panel, one: Series, axes: Spec) -> None:
    head = {"x": -0.5, "y": panel.axis.high, "yanchor": "bottom", "yshift": 4, "xanchor": "left"}
    words = f"<b>{clean(short(panel.label, 20))}</b>"
    plot.notes.append(note(words, plot.text, plot.colour["ink"], **head, **axes))
    known = one.told()
    if len(known) > FEW or not all(one.values[n] == round(one.values[n] or 0) for n in known):
        return
    look = {"yanchor": "bottom", "align": "center"}
    for n in known:
        words = f"<b>{count(one.values[n])}</b>"
        plot.notes.append(note(words, plot.text - 1, plot.colour["ink"], x=n, y=one.values[n], **look, **axes))
