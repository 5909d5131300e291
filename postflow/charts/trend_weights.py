"""The lower panel of a trend: kilograms as stacked bars, one heavy record hatched, low to high as an upright line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from postflow.charts.parts import Spec, plain_bar, stroke
from postflow.charts.timeline import Timeline
from postflow.charts.trend_spec import Tint
from postflow.numbers import weight
from postflow.style import Palette

HEAVY = 0.5
"""One record above this share of its bar is hatched, if the bar is a tall one."""
TALL = 0.25
DIFFERS = 0.005
"""Low and high nearer than this share are one number."""
MOST_UPRIGHT = 120
LEAST = 1e-9
"""Kilograms below this are none: the pool keeps six decimals."""


def heaviest(lists: Iterable[object]) -> float:
    """The largest of all listed kilograms; 0 where nothing is listed."""
    found = [value for listed in lists if isinstance(listed, (list, tuple, np.ndarray)) for value in listed]
    return max((float(value) for value in found if pd.notna(value)), default=0.0)


class Weights:
    """Kilograms by place and category.

    Args:
        line: rows with place, category, quantity_kg, and where given quantity_kg_low, quantity_kg_high, largest_kg.
        categories: in the order of the stack.
        tint: category → colours.
        colour: of the mode.
        name: category → escaped label.
    """

    def __init__(
        self,
        line: Timeline,
        categories: list[str],
        tint: dict[str, Tint],
        colour: Palette,
        name: Callable[[str], str],
    ) -> None:
        self.categories, self.tint, self.colour, self.name = categories, tint, colour, name
        self.number = len(line)
        rows = line.rows
        kg = pd.to_numeric(rows["quantity_kg"] if "quantity_kg" in rows else pd.Series(np.nan, index=rows.index))
        kg = kg.astype(float).replace([np.inf, -np.inf], np.nan)
        low, high = (self._or(rows, column, kg) for column in ("quantity_kg_low", "quantity_kg_high"))
        listed = rows["largest_kg"] if "largest_kg" in rows else pd.Series(None, index=rows.index, dtype=object)
        self.rows = rows[["place", "category"]].assign(kg=kg, low=low, high=high, listed=listed)[kg.notna()]
        by = self.rows.groupby("place")[["kg", "low", "high"]].sum()
        self.totals = by
        self.most = float(by.max().max()) * 1.06 if len(by) and by.kg.max() > LEAST else 0.0

    @staticmethod
    def _or(rows: pd.DataFrame, column: str, kg: pd.Series) -> pd.Series:
        return pd.to_numeric(rows[column]).astype(float).fillna(kg) if column in rows else kg

    def draw(self) -> tuple[list[go.Bar], list[Spec]]:
        """The bars and the upright lines."""
        bars = [bar for category in self.categories for bar in self._bars(category)]
        differ = self.totals[self.totals.high - self.totals.low > DIFFERS * self.totals.kg]
        if len(differ) > MOST_UPRIGHT:
            return bars, []
        ends = [{"x0": n, "x1": n, "y0": row.low, "y1": row.high, "yref": "y2"} for n, row in differ.iterrows()]
        return bars, [stroke(self.colour["ink"], 1.4, **end) for end in ends]

    def _bars(self, category: str) -> list[go.Bar]:
        xs, light, heavy, told = [], [], [], []
        for place, mine in self.rows[self.rows.category == category].groupby("place"):
            kg = float(mine.kg.sum())
            most = min(heaviest(mine.listed), kg)
            top = most if kg > TALL * self.most and most / kg > HEAVY else 0.0
            xs.append(int(place))
            light.append(kg - top)
            heavy.append(top)
            told.append(self._words(kg, float(mine.low.sum()), float(mine.high.sum()), top))
        if not xs:
            return []
        tint, name = self.tint[category].line, self.name(category)
        common = {"x": xs, "yaxis": "y2", "width": 0.8, "meta": category}
        hover = f"{name} %{{customdata}}<extra></extra>"
        plain = go.Bar(y=light, marker=plain_bar(tint), name=f"{name}, kg", customdata=told, hovertemplate=hover)
        bars = [plain.update(common)]
        if any(heavy):
            look = {"shape": "/", "fgcolor": tint, "bgcolor": self.colour["paper"], "size": 5, "solidity": 0.4}
            marker = {"color": tint, "line": {"width": 1, "color": tint}, "pattern": look | {"fillmode": "replace"}}
            bars.append(go.Bar(y=heavy, marker=marker, hoverinfo="skip").update(common))
        return bars

    def _words(self, kg: float, low: float, high: float, top: float) -> str:
        span = f" ({weight(low)}–{weight(high)})" if high - low > DIFFERS * kg else ""
        return weight(kg) + span + (f", heaviest record {weight(top)}" if top else "")
