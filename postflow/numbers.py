"""How Postflow writes numbers: thin spaces, exact counts, three figures for weights, unit after a thin space."""
from __future__ import annotations

import html
import math
import re

from scipy.stats import chi2

THIN = "\u202f"  # between thousands, before %
UNIT = "\u00a0"  # before a unit
MINUS = "\u2212"


def count(value: float) -> str:
    """1234567 -> '1 234 567' with narrow no-break spaces."""
    text = f"{abs(round(value)):,}".replace(",", THIN)
    return MINUS + text if value < 0 else text


def weight(kg: float | None) -> str:
    """Three significant figures, in the unit that keeps the number between 1 and 9 999."""
    if kg is None or not math.isfinite(kg):
        return "–"
    if kg == 0:
        return f"0{UNIT}kg"
    value, unit = (kg * 1000, "g") if abs(kg) < 1 else (kg, "kg")
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    rounded = round(value, digits) if digits else round(value / 10 ** (math.floor(math.log10(abs(value))) - 2)) * 10 ** (math.floor(math.log10(abs(value))) - 2)
    text = f"{rounded:,.{digits}f}".replace(",", THIN)
    return f"{text}{UNIT}{unit}"


def share(part: float, whole: float) -> str:
    if not whole:
        return "–"
    value = 100 * part / whole
    if 0 < value < 0.1:
        return f"<0.1{THIN}%"
    return f"{value:.0f}{THIN}%" if value >= 1 or value == 0 else f"{value:.1f}{THIN}%"


def change(new: float, old: float) -> str:
    """'×5.3' from a doubling on, else '+68 %' or '−21 %'."""
    if not old:
        return "no earlier figure"
    if new / old >= 2:
        return f"×{new / old:.1f}"
    value = round(100 * (new / old - 1))
    return f"{'+' if value > 0 else MINUS if value < 0 else '±'}{abs(value)}{THIN}%"


def interval(n: float, level: float = 0.95) -> tuple[float, float]:
    """Exact central interval of a Poisson count (Garwood): 5 → 1.6–11.7."""
    tail = (1 - level) / 2
    low = float(chi2.ppf(tail, 2 * n) / 2) if n > 0 else 0.0
    return low, float(chi2.ppf(1 - tail, 2 * (n + 1)) / 2)


def clean(text: object) -> str:
    """Text from data as Plotly may print it: no markup, no control characters."""
    return html.escape(re.sub(r"[\x00-\x1f\x7f]", " ", str(text)), quote=False)


def ticks(top: float, target: int = 4) -> list[float]:
    """Round axis values from 0 to just above ``top``."""
    if not top > 0:
        return [0.0, 1.0]
    raw = top / target
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    values, value = [], 0.0
    while value < top + step * 0.01:
        values.append(value)
        value += step
    return values


WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def spell(n: int) -> str:
    """Numbers up to twelve as words, where a figure stands beside them."""
    return WORDS[n] if n < len(WORDS) else count(n)


def times(new: float, old: float) -> str:
    """'Five times as many' for a headline, from a doubling on; else 'Up by 40 %'."""
    if not old:
        return "None before"
    ratio = new / old
    if ratio >= 1.95:
        return f"{spell(round(ratio)).capitalize()} times as many" if round(ratio) > 2 else "Twice as many"
    return f"{'Up' if ratio > 1 else 'Down'} by {abs(round(100 * (ratio - 1)))}{THIN}%"


def plural(n: float) -> str:
    """The ending of a counted noun."""
    return "" if n == 1 else "s"
