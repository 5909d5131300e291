"""How Postflow writes numbers: thin spaces, exact counts, three figures for weights, unit after a no-break space."""

from __future__ import annotations

import html
import math
import re
from functools import lru_cache

from scipy.special import gammaincinv

THIN = "\u202f"  # between thousands, before %
UNIT = "\u00a0"  # before a unit
MINUS = "\u2212"
NOTHING = "–"
"""What stands where there is no number; a zero is written 0 and only where someone looked."""
LEAST_GRAMS = 0.01
WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def _known(value: object) -> float | None:
    """The number; None for None, NaN, an infinity, or pandas' own missing value."""
    try:
        number = float(value)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    except TypeError:
        return None
    return number if math.isfinite(number) else None


def count(value: float | None) -> str:
    """1234567 -> '1 234 567' with narrow no-break spaces."""
    if (known := _known(value)) is None:
        return NOTHING
    whole = round(value) if isinstance(value, int) else round(known)
    text = f"{abs(whole):,}".replace(",", THIN)
    return MINUS + text if whole < 0 else text


def weight(kg: float | None) -> str:
    """Three significant figures, kilograms from 1 kg on and grams below; '<0.01 g' for less than anyone weighs."""
    if (known := _known(kg)) is None:
        return NOTHING
    if known == 0:
        return f"0{UNIT}kg"
    size = _three_figures(abs(known))
    value, unit = (size, "kg") if size >= 1 else (_three_figures(size * 1000), "g")
    sign = MINUS if known < 0 else ""
    if unit == "g" and value < LEAST_GRAMS:
        return f"{sign}<{LEAST_GRAMS}{UNIT}g"
    digits = max(0, 2 - math.floor(math.log10(value)))
    return f"{sign}{value:,.{digits}f}".replace(",", THIN) + f"{UNIT}{unit}"


def _three_figures(value: float) -> float:
    return float(f"{value:.3g}")


def share(part: float, whole: float) -> str:
    """'63 %'. A part is never written as nothing, and never as the whole, where it is neither."""
    if _known(part) is None or not _known(whole):
        return NOTHING
    value = 100 * part / whole
    if 0 < value < 0.1:
        return f"<0.1{THIN}%"
    if 99.95 <= value < 100:
        return f">99.9{THIN}%"
    return f"{value:.1f}{THIN}%" if 0 < value < 0.95 or 99.5 <= value < 100 else f"{value:.0f}{THIN}%"


def change(new: float, old: float) -> str:
    """'×5.3' from a doubling on, else '+68 %' or '−21 %'."""
    if _known(new) is None or not _known(old):
        return "no earlier figure"
    if new / old >= 2:
        return f"×{new / old:.1f}"
    value = round(100 * (new / old - 1))
    return f"{'+' if value > 0 else MINUS if value < 0 else '±'}{abs(value)}{THIN}%"


@lru_cache(maxsize=8192)
def interval(n: float, level: float = 0.95) -> tuple[float, float]:
    """Exact central interval of a Poisson count: 5 → 1.6–11.7.

    The limits of Garwood (1936), half of the chi-squared quantiles with 2n and 2n + 2 degrees of freedom.
    """
    tail = (1 - level) / 2
    return (float(gammaincinv(n, tail)) if n > 0 else 0.0), float(gammaincinv(n + 1, 1 - tail))


def clean(text: object) -> str:
    """Text from data as Plotly may print it: no markup, no template variable, no control characters.

    Plotly reads a part of HTML (``<b>``, ``<a href>``) in every text, and ``%{…}`` in hover templates.
    """
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", " ", str(text))
    return html.escape(plain, quote=False).replace("%{", "%&#123;")


def short(text: object, most: int = 24) -> str:
    """A label of at most ``most`` characters, cut at its end and not yet escaped."""
    words = " ".join(str(text).split())
    return words if len(words) <= most else words[: max(1, most - 1)].rstrip(" ,.") + "…"


def ticks(top: float, target: int = 4, whole: bool = False) -> list[float]:
    """Round axis values from 0 to just above ``top``; ``whole`` for counts, which have no halves."""
    if not (top > 1e-12 and math.isfinite(top)):
        return [0.0, 1.0]
    raw = max(top / target, 1.0 if whole else 0.0)
    power = 10.0 ** math.floor(math.log10(raw))
    factors = (1, 2, 5, 10) if whole and power == 1 else (1, 2, 2.5, 5, 10)
    step = next((m * power for m in factors if m * power >= raw * (1 - 1e-9)), 10 * power)
    return [float(f"{n * step:.12g}") for n in range(math.floor(top / step + 0.01) + 1)]


def tick(value: float) -> str:
    """An axis value: thin spaces, no more digits than it has."""
    text = f"{abs(value):,.9f}".rstrip("0").rstrip(".").replace(",", THIN)
    return MINUS + text if value < 0 and text != "0" else text


def spell(n: int) -> str:
    """Numbers up to twelve as words, where a figure stands beside them."""
    return WORDS[n] if 0 <= n < len(WORDS) else count(n)


def against(new: int, old: int, when: str) -> str:
    """A count against an earlier one, for a headline: ``Five times as many as in 2013``, ``Up by 40 % on 2013``.

    From a doubling on as people say it, below that in per cent; without a ratio where one of the two is none.
    """
    if not old or not new:
        return f"{count(new) if new else 'None'} against {count(old) if old else 'none'} in {when}"
    ratio = new / old
    if ratio >= 1.95:
        return f"{spell(round(ratio)).capitalize() + ' times' if round(ratio) > 2 else 'Twice'} as many as in {when}"
    if new == old:
        return f"As many as in {when}"
    percent = abs(round(100 * (ratio - 1)))
    return f"{'Up' if ratio > 1 else 'Down'} by {percent or 'under 1'}{THIN}% on {when}"


def signed(value: float) -> str:
    """A whole difference: ``+311``, ``−191``, ``±0``."""
    whole = round(value)
    return f"{'+' if whole > 0 else MINUS if whole < 0 else '±'}{count(abs(whole))}"


def plural(n: float) -> str:
    """The ending of a counted noun."""
    return "" if n == 1 else "s"
