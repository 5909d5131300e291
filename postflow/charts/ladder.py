"""The barrier model as a ladder: what was counted at each step; a step that nobody measures says so."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from postflow.charts import parts
from postflow.charts.parts import Spec, hatched_bar, note, plain_bar
from postflow.numbers import clean, count, plural, share, short
from postflow.style import CHART_TEXT, Palette
from postflow.template import figure


def ladder(rows: pd.DataFrame, mode: str, size: str = "screen", height: int = 380) -> go.Figure:
    """Steps from top to bottom with their counts; a null count is hatched over the full width: not measured, not zero.

    Args:
        rows: step (words), seizures (count; null where nobody measures it), in order of the chain; optionally
            note (words at the right in place of the share).
        mode: light or dark.
        size: screen or present.
        height: px.
    """
    colour, text = Palette(mode), CHART_TEXT[size]
    names = [f"{n}  {short(step, 30)}" for n, step in enumerate(rows.step, 1)]
    numbers = [None if pd.isna(n) else int(n) for n in rows.seizures]
    known = [n for n in numbers if n is not None]
    most, whole = max([*known, 1]), sum(known)
    asides = list(rows["note"]) if "note" in rows else [None] * len(numbers)
    words = [_words(n, whole, aside) for n, aside in zip(numbers, asides, strict=True)]
    right = parts.room((word.replace("<b>", "").replace("</b>", "") for word in words), text, 300, 20)
    margin = {"l": parts.room(names, text, 320, 18), "r": right, "t": 4, "b": 4}
    fig = figure(mode, size, height, barmode="overlay", bargap=0.3, margin=margin)
    for at, widths, marker, kind in (
        ([n for n, v in enumerate(numbers) if v is None], [most] * numbers.count(None), hatched_bar(colour), "unknown"),
        ([n for n, v in enumerate(numbers) if v is not None], known, plain_bar(colour["transit"]), "seizures"),
    ):
        if at:
            told = [_hover(rows.step.iloc[n], numbers[n]) for n in at]
            look = {"orientation": "h", "marker": marker, "hoverinfo": "text", "hovertext": told, "meta": kind}
            fig.add_bar(y=at, x=widths, **look)
    fig.update_layout(annotations=_notes(numbers, words, most, colour, text))
    fig.update_xaxes(visible=False, range=[0, most])
    parts.names_down(fig, names, colour, text, 36)
    return fig


def _words(number: int | None, whole: int, aside: object) -> str:
    if isinstance(aside, str) and aside:
        return clean(short(aside, 32)) if number is None else f"<b>{count(number)}</b>  {clean(short(aside, 32))}"
    if number is None:
        return ""
    return f"<b>{count(number)}</b>  {share(number, whole)}" if whole else f"<b>{count(number)}</b>"


def _hover(step: object, number: int | None) -> str:
    told = "not measured" if number is None else f"{count(number)} seizure{plural(number)}"
    return f"<b>{clean(step)}</b><br>{told}"


def _notes(numbers: list[int | None], words: list[str], most: int, colour: Palette, text: int) -> list[Spec]:
    where = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 8}
    notes = [note(word, text, colour["ink"], y=n, **where) for n, word in enumerate(words) if word]
    look = {"x": most / 2, "align": "center", "bgcolor": colour["paper"], "borderpad": 3}
    unsaid = [n for n, number in enumerate(numbers) if number is None]
    return notes + [note("not measured", text - 1, colour["ink2"], y=n, **look) for n in unsaid]
