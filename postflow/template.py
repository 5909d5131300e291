"""Plotly templates: postflow_light, postflow_dark, and the same for the presenter. Used with theme=None everywhere."""

from __future__ import annotations

from functools import cache
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from postflow.style import CATEGORICAL, CHART_TEXT, FALLBACK, SANS, Palette

FONT = f"{SANS}, {FALLBACK}"
CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "topojsonURL": "app/static/topojson/",
    "scrollZoom": False,
    "doubleClick": "reset",
}


def build(mode: str, size: str) -> go.layout.Template:
    """The template of a mode (light, dark) and a size (screen, present)."""
    colour, text = Palette(mode), CHART_TEXT[size]
    axis = {
        "tickfont": {"color": colour["ink2"], "size": text - 1},
        "title": {"font": {"color": colour["ink2"]}},
        "automargin": False,
        "fixedrange": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": text, "color": colour["ink"]},
            "paper_bgcolor": colour["paper"],
            "plot_bgcolor": colour["paper"],
            "colorway": [colour[name] for name in CATEGORICAL],
            "margin": {"l": 44, "r": 12, "t": 10, "b": 28},
            "showlegend": False,
            "separators": ".\u202f",
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": colour["raise"],
                "bordercolor": colour["ink"],
                "font": {"family": FONT, "size": text, "color": colour["ink"]},
                "align": "left",
            },
            "dragmode": False,
            "transition": {"duration": 0},
            "xaxis": axis
            | {
                "showgrid": False,
                "showline": True,
                "linecolor": colour["ink2"],
                "linewidth": 1,
                "ticks": "outside",
                "ticklen": 4,
                "tickcolor": colour["ink3"],
                "zeroline": False,
            },
            "yaxis": axis
            | {
                "gridcolor": colour["grid"],
                "gridwidth": 1,
                "showline": False,
                "zeroline": False,
                "ticks": "",
                "ticklabelstandoff": 6,
            },
            "annotationdefaults": {
                "font": {"family": FONT, "size": text - 1, "color": colour["ink"]},
                "showarrow": False,
                "align": "left",
            },
        }
    )


for _mode in ("light", "dark"):
    for _size in CHART_TEXT:
        pio.templates[f"postflow_{_mode}_{_size}"] = build(_mode, _size)


@cache
def plain(mode: str, size: str) -> dict[str, Any]:
    """The template as a plain dict, for figures that are plain dicts."""
    return pio.templates[f"postflow_{mode}_{size}"].to_plotly_json()


def watermark(fig: dict[str, Any], mode: str, span: float = 1.0) -> dict[str, Any]:
    """The picture with SYNTHETIC across it: part of the figure, so that every export carries it.

    Args:
        fig: the picture; left as it is.
        mode: light or dark.
        span: the figure's share of the page's width.
    """
    look = {"size": round(120 * span), "color": Palette(mode)["synth"], "family": FONT, "weight": 700}
    where = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "textangle": -18, "opacity": 0.16}
    layout = fig["layout"]
    notes = [*layout.get("annotations", ()), {"text": "SYNTHETIC", "font": look, **where}]
    return {**fig, "layout": {**layout, "annotations": notes}}
