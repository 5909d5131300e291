"""The four pictures that every program draws: seizures and kilograms a month, channels, corridors."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

DEPARTURES = (
    "NL",
    "DE",
    "BE",
    "GB",
    "FR",
    "PL",
    "ES",
    "IT",
    "AT",
    "CH",
    "LU",
    "IE",
    "PT",
    "SE",
    "DK",
    "CZ",
    "CN",
    "IN",
    "US",
    "CA",
)
"""One a click, so that no program can answer from what it answered before."""
HEIGHT = 320


def _figure(title: str) -> go.Figure:
    return go.Figure(
        layout={"height": HEIGHT, "title": {"text": title}, "margin": {"l": 50, "r": 20, "t": 40, "b": 40}}
    )


def lines(rows: pd.DataFrame, value: str, title: str) -> go.Figure:
    """A line a drug over the months."""
    figure = _figure(title)
    for drug, mine in rows.groupby("drug"):
        figure.add_scatter(x=mine.period_start, y=mine[value], name=drug, mode="lines")
    return figure


def stacks(rows: pd.DataFrame) -> go.Figure:
    """Columns a year, stacked by channel."""
    figure = _figure("Seizures a year by channel")
    for channel, mine in rows.groupby("category"):
        figure.add_bar(x=mine.period_start, y=mine.seizures, name=channel)
    return figure.update_layout(barmode="stack")


def bars(rows: pd.DataFrame) -> go.Figure:
    """A bar a destination."""
    by = rows.groupby("destination_country_code").seizures.sum().sort_values().tail(10)
    return _figure("Seizures by destination").add_bar(x=by.to_numpy(), y=list(by.index), orientation="h")
