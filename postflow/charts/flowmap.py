"""The map: great circles from departure to destination. Solid = counted rows, dotted = published cases, not summed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from postflow.charts.parts import Spec
from postflow.numbers import clean, count, plural, short, spell, weight
from postflow.style import CHART_TEXT, DESTINATION, Palette
from postflow.template import figure

Place = tuple[float, float]
"""Latitude, longitude."""

BEND = (58.0, 96.0)
"""Lanes between near-antipodes are pulled here: their true circles cross the pole and would break at the map's edge."""
POINTS = 60
LANES_DRAWN = 60
LEAST_FOR_WORDS = 336
"""Height in px below which the list of departures would cover the lanes; the caption and the table still hold it."""
WIDEST, THINNEST = 12.0, 1.0
"""Px of the heaviest and of the lightest lane, between them by square root."""
LABELS = {"US": (7, -137, "middle right"), "AU": (-25, 111, "middle left"), "NZ": (-50, 166, "middle left")}
"""Where the words of the three main destinations stand: on open water."""
BESIDE = {"NZ": (-41, 188, "middle right")}
"""On a low map, where the water below New Zealand is too narrow for two lines."""


def _vector(place: Place) -> tuple[float, float, float]:
    lat, lon = (math.radians(value) for value in place)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _slerp(a: tuple[float, ...], b: tuple[float, ...], t: float) -> tuple[float, ...]:
    angle = math.acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(a, b, strict=True)))))
    if angle < 1e-9:
        return a
    u, v = math.sin((1 - t) * angle) / math.sin(angle), math.sin(t * angle) / math.sin(angle)
    return tuple(u * p + v * q for p, q in zip(a, b, strict=True))


def lane(start: Place, end: Place, points: int = POINTS) -> list[Place]:
    """A great circle as latitudes and longitudes; beyond 160 degrees a curve on the sphere pulled towards ``BEND``."""
    a, b, bend = _vector(start), _vector(end), _vector(BEND)
    far = sum(p * q for p, q in zip(a, b, strict=True)) < math.cos(math.radians(160))
    path = []
    for step in range(points + 1):
        t = step / points
        x, y, z = _slerp(_slerp(a, bend, t), _slerp(bend, b, t), t) if far else _slerp(a, b, t)
        path.append((round(math.degrees(math.atan2(z, math.hypot(x, y))), 2), round(math.degrees(math.atan2(y, x)), 2)))
    return path


@dataclass(frozen=True)
class _Look:
    """What every mark of one map needs."""

    anchors: Mapping[str, Place]
    names: Mapping[str, str]
    colour: Palette
    big: float
    lead: str

    def name(self, code: str) -> str:
        return clean(short(self.names.get(code, code), 30))

    def tint(self, destination: str) -> str:
        return self.colour[DESTINATION.get(destination, "ink2")]

    def amount(self, value: float) -> str:
        return weight(value) if self.lead == "quantity_kg" else f"{count(value)} seizure{plural(value)}"


def arcs(
    rows: pd.DataFrame,
    lanes: pd.DataFrame,
    anchors: Mapping[str, Place],
    names: Mapping[str, str],
    lead: str,
    destinations: Sequence[str],
    mode: str,
    size: str = "screen",
    height: int = 520,
) -> go.Figure:
    """The flow map.

    Rows without both ends, or whose ends have no place, are not drawn: the caller's caption counts them.

    Args:
        rows: departure_country_code, destination_country_code, seizures, quantity_kg; rows of one lane are added up.
        lanes: departure_country_code, destination_country_code of published cases, drawn dotted.
        anchors: country code → latitude and longitude.
        names: country code → label.
        lead: ``seizures`` or ``quantity_kg``: what the widths are.
        destinations: drawn hollow where no row reaches them.
        mode: light or dark.
        size: screen or present.
        height: px; the caller may drop it where the map follows the window.
    """
    colour = Palette(mode)
    look = _Look(anchors, names, colour, 1 if size == "screen" else 1.35, lead)
    flows, cases = _flows(rows, anchors, lead), _cases(lanes, anchors)
    traces = _dotted(cases, look) + _solid(flows[flows.value > 0].head(LANES_DRAWN), look)
    traces += _senders(flows, cases, look) + _receivers(flows, destinations, look)
    traces += _destination_words(flows, cases, destinations, look, CHART_TEXT[size], height)
    if size == "present" or height >= LEAST_FOR_WORDS:
        traces += _departure_words(flows, look, size)
    fig = figure(mode, size, height, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    fig.add_traces(traces or [go.Scattergeo(lat=[], lon=[])])
    fig.update_geos(
        fitbounds=False,
        projection_type="natural earth",
        projection_rotation={"lon": 32},
        lonaxis_range=[-142, 206],
        lataxis_range=[-58, 72],
        resolution=50,
        bgcolor=colour["paper"],
        showland=True,
        landcolor=colour["land"],
        showcountries=True,
        countrycolor=colour["border"],
        countrywidth=0.6,
        showcoastlines=False,
        showocean=False,
        showlakes=False,
        showframe=False,
    )
    return fig


def _flows(rows: pd.DataFrame, anchors: Mapping[str, Place], lead: str) -> pd.DataFrame:
    """One row a lane with ``value``, what its width is; heaviest first."""
    ends = ["departure_country_code", "destination_country_code"]
    found = rows.assign(**{column: pd.to_numeric(rows[column]).astype(float) for column in ("seizures", "quantity_kg")})
    found = found.groupby(ends, as_index=False)[["seizures", "quantity_kg"]].sum()
    placed = found.departure_country_code.isin(anchors) & found.destination_country_code.isin(anchors)
    found = found[placed & (found.departure_country_code != found.destination_country_code)]
    found = found.assign(value=found[lead].fillna(0.0))
    return found.sort_values(["value", "seizures", *ends], ascending=[False, False, True, True], kind="stable")


def _cases(lanes: pd.DataFrame, anchors: Mapping[str, Place]) -> list[tuple[str, str]]:
    if lanes.empty:
        return []
    pairs = zip(lanes.departure_country_code, lanes.destination_country_code, strict=True)
    return [(a, b) for a, b in pairs if a in anchors and b in anchors and a != b]


def _line(path: list[Place], **look: object) -> go.Scattergeo:
    return go.Scattergeo(lat=[p[0] for p in path], lon=[p[1] for p in path], mode="lines", hoverinfo="text", **look)


def _dotted(cases: list[tuple[str, str]], look: _Look) -> list[go.Scattergeo]:
    traces = []
    for a, b in dict.fromkeys(cases):
        line = {"width": 1.3 * look.big, "color": look.tint(b), "dash": "2px,4px"}
        words = f"<b>{look.name(a)} → {look.name(b)}</b><br>published case, not in the counts"
        traces.append(_line(lane(look.anchors[a], look.anchors[b]), line=line, text=words, meta="published"))
    return traces


def _solid(flows: pd.DataFrame, look: _Look) -> list[go.Scattergeo]:
    """Thin where it leaves, full width where it arrives: direction without arrowheads."""
    most = float(flows.value.max()) if len(flows) else 1.0
    traces = []
    for a, b, value in zip(flows.departure_country_code, flows.destination_country_code, flows.value, strict=True):
        path = lane(look.anchors[a], look.anchors[b])
        wide = (THINNEST + (WIDEST - THINNEST) * math.sqrt(value / most)) * look.big
        steps = 12 if wide > 4 else 4 if wide > 1.6 else 1
        words = f"<b>{look.name(a)} → {look.name(b)}</b><br>{look.amount(value)}"
        for step in range(steps):
            part = path[step * POINTS // steps : (step + 1) * POINTS // steps + 1]
            line = {"width": max(1.0, wide * (0.3 + 0.7 * (step + 1) / steps)), "color": look.tint(b)}
            traces.append(_line(part, line=line, opacity=0.62, text=words, meta=f"{a}-{b}"))
    return traces


def _senders(flows: pd.DataFrame, cases: list[tuple[str, str]], look: _Look) -> list[go.Scattergeo]:
    codes = sorted({*flows.departure_country_code, *(a for a, _ in cases)})
    if not codes:
        return []
    marker = {"size": 5 * look.big, "color": look.colour["ink"], "line": {"width": 1, "color": look.colour["paper"]}}
    return [_dots(codes, look, marker)]


def _receivers(flows: pd.DataFrame, destinations: Sequence[str], look: _Look) -> list[go.Scattergeo]:
    """A filled disc where counted rows arrive, a hollow ring where none does."""
    reached, traces = set(flows.destination_country_code), []
    for code in [*destinations, *sorted(reached - set(destinations))]:
        if code in look.anchors:
            full, main = code in reached, code in destinations
            edge = {"width": 2.2 if main else 1, "color": look.colour["paper"] if full else look.tint(code)}
            size = ((20 if full else 13) if main else 9) * look.big
            fill = look.tint(code) if full else look.colour["paper"]
            traces.append(_dots([code], look, {"size": size, "color": fill, "line": edge, "opacity": 1}))
    return traces


def _dots(codes: list[str], look: _Look, marker: Spec) -> go.Scattergeo:
    places = [look.anchors[code] for code in codes]
    return go.Scattergeo(
        lat=[place[0] for place in places],
        lon=[place[1] for place in places],
        mode="markers",
        marker=marker,
        hoverinfo="text",
        text=[look.name(code) for code in codes],
    )


def _text(place: Place, words: str, where: str, px: float, tint: str) -> go.Scattergeo:
    font = {"size": px, "color": tint}
    return go.Scattergeo(
        lat=[place[0]], lon=[place[1]], mode="text", text=[words], textposition=where, hoverinfo="skip", textfont=font
    )


def _destination_words(
    flows: pd.DataFrame, cases: list[tuple[str, str]], destinations: Sequence[str], look: _Look, text: int, height: int
) -> list[go.Scattergeo]:
    totals = flows.groupby("destination_country_code")[["value", "seizures"]].sum()
    traces = []
    for code in destinations:
        if code in LABELS:
            lat, lon, where = (LABELS if height >= LEAST_FOR_WORDS else LABELS | BESIDE)[code]
            told = sum(b == code for _, b in cases)
            words = [f"<b>{look.name(code)}</b>"]
            if code in totals.index:
                value = float(totals.value[code])
                words.append(look.amount(value) if value else f"{count(totals.seizures[code])} seizures, none weighed")
            else:
                words += ["no counted route", *([f"{count(told)} published case{plural(told)}"] if told else [])]
            tint = look.colour[f"{DESTINATION[code]}_text"]
            traces.append(_text((lat, lon), "<br>".join(words), where, text + 1, tint))
    return traces


def _departure_words(flows: pd.DataFrame, look: _Look, size: str) -> list[go.Scattergeo]:
    sending = flows.groupby("departure_country_code").value.sum()
    sending = sending[sending > 0].sort_values(ascending=False, kind="stable")
    if sending.empty:
        return []
    printed = weight if look.lead == "quantity_kg" else count
    lines = [f"<b>{printed(float(n))}</b> {look.name(str(code))}" for code, n in sending.head(3).items()]
    if len(sending) > 3:
        rest = len(sending) - 3
        lines.append(f"<b>{printed(float(sending.iloc[3:].sum()))}</b> {spell(rest)} other{plural(rest)}")
    words = "<b>Named as departure</b><br>" + "<br>".join(lines)
    place = (20.0, -19.0) if size == "screen" else (8.0, 24.0)
    return [_text(place, words, "middle left", CHART_TEXT[size], look.colour["ink"])]
