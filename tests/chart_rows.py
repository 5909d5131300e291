"""Rows for the chart tests, as the queries return them, and what may be asked of any picture."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from postflow.drawing import Drawing
from postflow.render import plotly
from postflow.style import COLOURS

FIVE_HUES = {value for name in ("mdma", "ketamine", "us", "au", "nz") for value in COLOURS[name]}
HUES = FIVE_HUES | {value for name in COLOURS if name.endswith("_text") for value in COLOURS[name]}
ATTACKS = ('<a href="https://x.example">x</a>', "<script>alert(1)</script>", "<b>bold</b> %{x} & co")
MONTHS = {"month": 1, "quarter": 3, "year": 12, "us_fy": 12}


def shown(drawing: Drawing, mode: str = "light", size: str = "screen", height: int = 340) -> go.Figure:
    """A drawing as plotly reads it, every setting checked."""
    return go.Figure(plotly.figure(drawing, mode, size, height))


def day(text: str) -> pd.Timestamp:
    found = pd.Timestamp(text)
    assert isinstance(found, pd.Timestamp)
    return found


def starts(basis: str, number: int) -> list[pd.Timestamp]:
    first = day("2011-10-01" if basis == "us_fy" else "2012-01-01")
    return list(pd.date_range(first, periods=number, freq=f"{MONTHS[basis]}MS"))


def label(start: pd.Timestamp, basis: str) -> str:
    return {
        "month": f"{start:%Y-%m}",
        "quarter": f"{start.year}-Q{start.quarter}",
        "year": f"{start.year}",
        "us_fy": f"FY{start.year + 1}",
    }[basis]


def told(basis: str, months: Iterable[int | None], reporter: str = "NZ") -> pd.DataFrame:
    """``charts/reporters_by_period`` of one service; None leaves the period out of the answer."""
    months = list(months)
    return pd.DataFrame(
        [
            (label(start, basis), start, reporter, reported, MONTHS[basis], 0)
            for start, reported in zip(starts(basis, len(months)), months, strict=True)
            if reported is not None
        ],
        columns=["period", "period_start", "reporter_country_code", "months_reported", "months_in_period", "seizures"],
    ).astype({"months_reported": int, "months_in_period": int, "period_start": "datetime64[us]"})


def counted(basis: str, cells: Iterable[tuple]) -> pd.DataFrame:
    """``charts/seizures_by_period_and_category`` from (place, category, seizures, kg or None, heaviest records)."""
    cells = list(cells)
    at = starts(basis, 1 + max((cell[0] for cell in cells), default=0))
    rows = [
        (label(at[n], basis), at[n], category, seizures, kg, low(kg, 0.9), low(kg, 1.2), 0, np.array(heavy))
        for n, category, seizures, kg, heavy in cells
    ]
    names = ["period", "period_start", "category", "seizures", "quantity_kg", "quantity_kg_low", "quantity_kg_high"]
    found = pd.DataFrame(rows, columns=[*names, "seizures_without_kg", "largest_kg"])
    numbers = {name: float for name in names[4:]}
    return found.astype({"period_start": "datetime64[us]", "seizures": "int64", **numbers})


def low(kg: float | None, share: float) -> float | None:
    return None if kg is None else kg * share


def texts(fig: go.Figure) -> list[str]:
    """Every text of a picture that Plotly reads as markup."""
    found = [note.text for note in fig.layout.annotations]
    for axis in fig.select_xaxes():
        found += list(axis.ticktext or ())
    for axis in fig.select_yaxes():
        found += list(axis.ticktext or ())
    for trace in fig.data:
        for value in (trace.text, trace.hovertext, trace.hovertemplate, trace.name):
            found += [value] if isinstance(value, str) else list(value if value is not None else ())
        if trace.hovertemplate and trace.customdata is not None:
            found += [str(value) for value in trace.customdata]
    return [str(text) for text in found]


def assert_sound(fig: go.Figure) -> None:
    """What every picture promises: our template, no legend, no titles, readable words, no markup from data, JSON."""
    assert fig.layout.template.layout.showlegend is False
    assert not any(axis.title.text for axis in [*fig.select_xaxes(), *fig.select_yaxes()])
    assert all(note.font.size is None or note.font.size >= 12 for note in fig.layout.annotations)
    for text in texts(fig):
        rest = re.sub(r"</?(b|br|extra|span)( style='[^'<>]*')?>", "", text)
        assert not re.search(r"<[a-zA-Z/!]", rest), text
    assert "Infinity" not in fig.to_json()


def colours(fig: go.Figure) -> set[str]:
    """Every ``#RRGGBB`` that the traces, shapes and words use."""
    plain = fig.to_plotly_json()
    return set(re.findall(r"#[0-9A-Fa-f]{6}", str(plain["data"]) + str({**plain["layout"], "template": None})))


def total(fig: go.Figure, kind: str, letter: str = "y", **where: object) -> float:
    """Sum of the values of all traces of a kind that carry a category."""
    found = 0.0
    for trace in fig.data:
        if trace.type == kind and trace.meta is not None and all(trace[k] == v for k, v in where.items()):
            found += float(sum(value for value in trace[letter] if value is not None))
    return found
