"""SYNTHETIC across a picture, inside its layout, so that every renderer draws it."""

from __future__ import annotations

import plotly.graph_objects as go

INK = {"light": "#7A1FA2", "dark": "#D99BFF"}
WORD = "SYNTHETIC"


def synthetic_label(fig: go.Figure, mode: str) -> go.Figure:
    """The figure with the label, once."""
    if any(note.text and WORD in note.text for note in fig.layout.annotations):
        return fig
    return fig.add_annotation(
        text=WORD,
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        xanchor="center",
        yanchor="middle",
        textangle=-18,
        opacity=0.16,
        showarrow=False,
        font={"size": 110, "color": INK[mode], "weight": 700},
    )
