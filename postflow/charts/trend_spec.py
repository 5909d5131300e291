"""How a trend is to be read: labels, references, flags, and which category has which colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from postflow.charts.timeline import NOT_STATED, OTHERS
from postflow.style import DESTINATION, DRUG

SIDE_TINTS = {"export": "export", "transit": "transit", "import": "import", "domestic": "ink3"}
"""Lines need more contrast than fills: domestic is a pale fill, outlined elsewhere, and a darker line here."""


@dataclass(frozen=True)
class Flag:
    """An event, numbered; its words stand under the chart."""

    when: pd.Timestamp
    number: int


@dataclass(frozen=True)
class Reference:
    """A published figure beside the pool, drawn only over the span where it holds."""

    category: str
    value: float
    words: str
    start: pd.Timestamp
    end: pd.Timestamp


@dataclass(frozen=True)
class TrendSpec:
    """How to read the rows."""

    dimension: str
    """drug, departure, destination, channel, side, reporter or source: decides the colours."""
    count_label: str
    weight_label: str
    names: Mapping[str, str] = field(default_factory=dict)
    """category → label."""
    references: tuple[Reference, ...] = ()
    flags: tuple[Flag, ...] = ()
    shows_kg: bool = True
    cuts: tuple[pd.Timestamp, ...] = ()
    """Dates at which a series begins anew: no line or band crosses into the first period that starts on or after."""


@dataclass(frozen=True)
class Tint:
    """How one category is drawn: colours of the palette by name."""

    line: str
    text: str
    width: float = 2.4


def hues(dimension: str) -> Mapping[str, str]:
    """Category → colour name, for the dimensions whose categories have hues."""
    return {"drug": DRUG, "destination": DESTINATION}.get(dimension, {})


def tints(categories: list[str], dimension: str) -> dict[str, Tint]:
    """Category → colours; hues only for the two drugs and the three destinations, slate for everything else.

    Slates run from ink (most seizures) to pale; what is not stated and the others are thin.
    """
    fixed = hues(dimension)
    plain = [c for c in categories if c not in fixed and c not in (OTHERS, *NOT_STATED)]
    found = {}
    for category in categories:
        if category in fixed:
            found[category] = Tint(fixed[category], f"{fixed[category]}_text")
        elif category == OTHERS:
            found[category] = Tint("void", "ink3", 1.6)
        elif category in NOT_STATED:
            found[category] = Tint("ink3", "ink3", 1.4)
        elif dimension == "side":
            found[category] = Tint(SIDE_TINTS.get(category, "ink3"), "ink")
        else:
            at = plain.index(category)
            slate = f"ink|import|{at / max(1, len(plain) - 1):.4f}"
            found[category] = Tint(slate, "ink" if at == 0 else "ink2", 2.4 if at < 3 else 1.8)
    return found
