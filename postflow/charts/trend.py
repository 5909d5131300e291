"""Counts above, kilograms below, one time axis; gaps, unfinished periods, flags, references."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from postflow.charts.timeline import MOST_LINES, OTHERS, UNKNOWN, Timeline, folded, timeline
from postflow.charts.trend_spec import Flag, Reference, TrendSpec, hues, tints
from postflow.drawing import Axis, Drawing, Gap, Level, Panel, Places, Series, Values
from postflow.drawing import Flag as Placed
from postflow.numbers import count, interval, spell, tick, ticks, weight

__all__ = ["Flag", "Reference", "TrendSpec", "heaviest", "tints", "trend"]

MOST_BANDS = 4
MOST_FLAGS = 5
AIR_COUNTS, AIR_KG = 0.05, 0.11
"""Share of an axis that its last tick stays below the panel's label."""
HEAVY = 0.5
"""One record above this share of its bar is hatched, if the bar is a tall one."""
TALL = 0.25
DIFFERS = 0.005
"""Low and high nearer than this share are one number."""
MOST_UPRIGHT = 120
LEAST = 1e-9
"""Kilograms below this are none: the pool keeps six decimals."""


def trend(rows: pd.DataFrame, told: pd.DataFrame, spec: TrendSpec) -> Drawing:
    """The two panels; the lower one is left out where no row has kilograms.

    A line never crosses a period that nobody reported. A single reported period between two gaps is a dot with its
    interval, and so is the unfinished one at the end, because a line down to it would look like a fall. More than six
    categories: the six largest and the others, faint; the caller names them in the caption.

    Args:
        rows: ``charts/seizures_by_period_and_category``: period, period_start, category, seizures, quantity_kg,
            quantity_kg_low, quantity_kg_high (kg), largest_kg (the heaviest records, kg).
        told: ``charts/reporters_by_period``: period, period_start, reporter_country_code, months_reported,
            months_in_period.
        spec: colours, labels, references, flags.
    """
    number = rows.category.nunique(dropna=False)
    if number > MOST_LINES:
        spec = replace(spec, names={**spec.names, OTHERS: f"{spell(number - MOST_LINES)} others"})
    kept = folded(rows, "category", hues(spec.dimension).__contains__)
    line = timeline(kept, told, dimension=spec.dimension)
    places = places_of(line)
    gaps = gaps_of(line)
    upper = _counts(line, spec, places, gaps)
    lower = _kilograms(line, spec, places, gaps)
    flags = [(flag.number, at_date(places, flag.when)) for flag in spec.flags[:MOST_FLAGS]]
    placed = tuple(Placed(number, at) for number, at in flags if at is not None)
    return Drawing("time", (upper, lower) if lower else (upper,), placed)


def places_of(line: Timeline) -> Places:
    """The periods of a timeline."""
    starts = tuple(period.start.date() for period in line.periods)
    words = tuple(line.words(n) for n in range(len(line)))
    return Places(tuple(line.labels), words, starts, tuple(max(1, period.months) for period in line.periods))


def gaps_of(line: Timeline) -> tuple[Gap, ...]:
    """The runs of periods that nobody reported."""
    return tuple(Gap(first, last) for first, last in runs(line.gaps))


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbouring places."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and place == found[-1][1] + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def at_date(places: Places, when: pd.Timestamp) -> float | None:
    """Where a date stands among the periods, within its period by day; None where it falls outside."""
    starts = [pd.Timestamp(start) for start in places.starts]
    number = sum(start <= pd.Timestamp(when) for start in starts) - 1
    if number < 0:
        return None
    end = starts[number] + pd.DateOffset(months=places.months[number])
    share = (pd.Timestamp(when) - starts[number]) / (end - starts[number])
    return number - 0.5 + share if share < 1 else None


def axis_to(peak: float, target: int = 4, whole: bool = False, air: float = 0.0) -> Axis:
    """An axis from zero to just above a peak, its last tick clear of the label above it."""
    marks = ticks(peak, target, whole)
    return Axis(0.0, max(peak, marks[-1] + air * peak), tuple((mark, tick(mark)) for mark in marks))


def _name(spec: TrendSpec, category: str) -> str:
    return spec.names.get(category) or {OTHERS: "others", UNKNOWN: "not stated"}.get(category, category)


def _counts(line: Timeline, spec: TrendSpec, places: Places, gaps: tuple[Gap, ...]) -> Panel:
    categories = line.categories()
    tint, opens = tints(categories, spec.dimension), tuple(line.open)
    cuts = {sum(period.start < when for period in line.periods) for when in spec.cuts}
    series = []
    for category in categories:
        values = tuple(line.values(category))
        ends = [None if value is None else interval(value) for value in values]
        look = tint[category]
        series.append(
            Series(
                _name(spec, category),
                "line",
                look.line,
                values,
                () if category == OTHERS else tuple(end and end[0] for end in ends),
                () if category == OTHERS else tuple(end and end[1] for end in ends),
                words=tuple(
                    "" if v is None or not e else f"{count(v)} ({count(e[0])}–{count(e[1])})"
                    for v, e in zip(values, ends, strict=True)
                ),
                text=look.text,
                key=category,
                width=look.width,
                end="value",
                has_band=len(categories) <= MOST_BANDS,
            )
        )
    levels = _levels(line, spec, {category: tint[category].text for category in categories})
    peak = max((interval(v)[1] for one in series for v in one.values if v is not None), default=1.0)
    axis = axis_to(max([peak, *(level.value for level in levels)]) * 1.04, whole=True, air=AIR_COUNTS)
    whole = tuple(sorted(cuts | set(opens)))
    return Panel(spec.count_label, places, axis, tuple(series), gaps=gaps, opens=opens, cuts=whole, levels=levels)


def _levels(line: Timeline, spec: TrendSpec, text: dict[str, str]) -> tuple[Level, ...]:
    found = []
    for one in spec.references:
        inside = [n for n, period in enumerate(line.periods) if one.start <= period.start <= one.end]
        if inside:
            found.append(Level(one.value, one.words, inside[0], inside[-1], text.get(one.category, "ink3")))
    return tuple(found)


def heaviest(lists: Iterable[object]) -> float:
    """The largest of all listed kilograms; 0 where nothing is listed."""
    found = [value for listed in lists if isinstance(listed, (list, tuple, np.ndarray)) for value in listed]
    return max((float(value) for value in found if pd.notna(value)), default=0.0)


def _weighed(rows: pd.DataFrame) -> pd.DataFrame:
    """place, category, kg, low, high, listed of the rows that have kilograms."""
    kg = pd.to_numeric(rows["quantity_kg"] if "quantity_kg" in rows else pd.Series(np.nan, index=rows.index))
    kg = kg.astype(float).replace([np.inf, -np.inf], np.nan)

    def known(column: str) -> pd.Series:
        return pd.to_numeric(rows[column]).astype(float).fillna(kg) if column in rows else kg

    listed = rows["largest_kg"] if "largest_kg" in rows else pd.Series(None, index=rows.index, dtype=object)
    ends = {"low": known("quantity_kg_low"), "high": known("quantity_kg_high")}
    return rows[["place", "category"]].assign(kg=kg, **ends, listed=listed)[kg.notna()]


def _kilograms(line: Timeline, spec: TrendSpec, places: Places, gaps: tuple[Gap, ...]) -> Panel | None:
    """The lower panel: kilograms stacked, one heavy record hatched, low to high of each sum."""
    rows = _weighed(line.rows)
    sums = rows.groupby("place")[["kg", "low", "high"]].sum()
    if not spec.shows_kg or not len(sums) or sums.kg.max() <= LEAST:
        return None
    most = float(sums.max().max()) * 1.06
    tint = tints(line.categories(), spec.dimension)
    series = [
        _columns(rows[rows.category == category], len(line), most, _name(spec, category), category, tint[category].line)
        for category in line.categories()
        if (rows.category == category).any()
    ]
    differ = sums[sums.high - sums.low > DIFFERS * sums.kg]
    differ = differ if len(differ) <= MOST_UPRIGHT else differ[:0]

    def wide(column: pd.Series) -> Values:
        return tuple(None if n not in column.index else float(column[n]) for n in range(len(line)))

    return Panel(
        spec.weight_label,
        places,
        axis_to(most, 2, air=AIR_KG),
        tuple(series),
        is_stacked=True,
        gaps=tuple(replace(gap, words="a gap, not a fall to zero") for gap in gaps),
        opens=tuple(line.open),
        totals=wide(sums.kg),
        totals_low=wide(differ.low),
        totals_high=wide(differ.high),
    )


def _columns(mine: pd.DataFrame, number: int, most: float, name: str, key: str, tint: str) -> Series:
    values: list[float | None] = [None] * number
    heavy: list[float | None] = [None] * number
    words = [""] * number
    for place, part in mine.groupby("place"):
        n, kg = int(place), float(part.kg.sum())
        top = min(heaviest(part.listed), kg)
        values[n] = kg
        heavy[n] = top if kg > TALL * most and top / kg > HEAVY else 0.0
        words[n] = _words(kg, float(part.low.sum()), float(part.high.sum()), heavy[n] or 0.0)
    return Series(name, "column", tint, tuple(values), heavy=tuple(heavy), words=tuple(words), key=key)


def _words(kg: float, low: float, high: float, top: float) -> str:
    span = f" ({weight(low)}–{weight(high)})" if high - low > DIFFERS * kg else ""
    return weight(kg) + span + (f", heaviest record {weight(top)}" if top else "")
