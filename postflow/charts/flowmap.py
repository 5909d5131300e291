"""The map: great circles from departure to destination. Solid = counted rows, dotted = published cases, never summed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from postflow.numbers import clean, count, spell, weight
from postflow.style import CHART_TEXT, DESTINATION, Palette
from postflow.template import figure

Place = tuple[float, float]
"""Latitude, longitude."""

BEND = (58.0, 96.0)
"""Lanes between near-antipodes are pulled here: their true circles cross the pole and would break at the map's edge."""
POINTS = 60
LANES_DRAWN = 60
LABELS = {"US": (7, -137, "middle right"), "AU": (-25, 111, "middle left"), "NZ": (-50, 166, "middle left")}
"""Where the words of the three main destinations stand: on open water."""


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


def arcs(
    rows: pd.DataFrame, lanes: pd.DataFrame, anchors: Mapping[str, Place], names: Mapping[str, str], lead: str, destinations: Sequence[str],
    mode: str, size: str = "screen", height: int = 520,
) -> go.Figure:  # fmt: skip
    """The flow map.

    Args:
        rows: departure_country_code, destination_country_code, seizures, quantity_kg; several rows a lane are added up.
        lanes: departure_country_code, destination_country_code of published cases, drawn dotted.
        anchors: country code → latitude and longitude.
        names: country code → label.
        lead: ``seizures`` or ``quantity_kg``: what the widths are.
        destinations: drawn hollow where no row reaches them.
    """
    fig = figure(mode, size, height, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    colour, big = Palette(mode), 1 if size == "screen" else 1.35
    flows = rows.groupby(["departure_country_code", "destination_country_code"], as_index=False)[["seizures", "quantity_kg"]].sum()
    flows = flows[flows.departure_country_code.isin(anchors) & flows.destination_country_code.isin(anchors) & (flows.departure_country_code != flows.destination_country_code)]
    flows = flows.assign(value=flows[lead].fillna(0).astype(float)).sort_values(["value", "seizures"], ascending=False, kind="stable")
    _dotted(fig, lanes, anchors, names, colour, big)
    _solid(fig, flows[flows.value > 0].head(LANES_DRAWN), anchors, names, lead, colour, big)
    _dots(fig, flows, lanes, anchors, names, destinations, colour, big)
    _words(fig, flows, lanes, names, lead, destinations, colour, CHART_TEXT[size], size)
    fig.update_geos(
        fitbounds=False, projection_type="natural earth", projection_rotation={"lon": 32}, lonaxis_range=[-142, 206], lataxis_range=[-58, 72], resolution=50, bgcolor=colour["paper"],
        showland=True, landcolor=colour["land"], showcountries=True, countrycolor=colour["border"], countrywidth=0.6, showcoastlines=False, showocean=False, showlakes=False, showframe=False,
    )  # fmt: skip
    return fig


def _line(path: list[Place], **look: object) -> go.Scattergeo:
    return go.Scattergeo(lat=[p[0] for p in path], lon=[p[1] for p in path], mode="lines", hoverinfo="text", **look)


def _dotted(fig: go.Figure, lanes: pd.DataFrame, anchors: Mapping[str, Place], names: Mapping[str, str], colour: Palette, big: float) -> None:
    pairs = lanes[["departure_country_code", "destination_country_code"]].drop_duplicates() if len(lanes) else lanes
    for pair in pairs.itertuples():
        a, b = pair.departure_country_code, pair.destination_country_code
        if a in anchors and b in anchors:
            look = {"width": 1.3 * big, "color": colour[DESTINATION.get(b, "ink3")], "dash": "2px,4px"}
            fig.add_trace(_line(lane(anchors[a], anchors[b]), line=look, text=f"<b>{clean(names[a])} → {clean(names[b])}</b><br>published case, not in the counts"))


def _solid(fig: go.Figure, flows: pd.DataFrame, anchors: Mapping[str, Place], names: Mapping[str, str], lead: str, colour: Palette, big: float) -> None:
    """Thin where it leaves, full width where it arrives: direction without arrowheads."""
    most = float(flows.value.max()) if len(flows) else 1.0
    for flow in flows.itertuples():
        a, b = flow.departure_country_code, flow.destination_country_code
        path, width = lane(anchors[a], anchors[b]), (1 + 11 * math.sqrt(flow.value / most)) * big
        steps = 12 if width > 4 else 4
        amount = weight(flow.value) if lead == "quantity_kg" else f"{count(flow.value)} seizures"
        for step in range(steps):
            part = path[step * POINTS // steps : (step + 1) * POINTS // steps + 1]
            look = {"width": max(1, width * (0.3 + 0.7 * (step + 1) / steps)), "color": colour[DESTINATION.get(b, "ink2")]}
            fig.add_trace(_line(part, line=look, opacity=0.62, text=f"<b>{clean(names[a])} → {clean(names[b])}</b><br>{amount}"))


def _dots(fig: go.Figure, flows: pd.DataFrame, lanes: pd.DataFrame, anchors: Mapping[str, Place], names: Mapping[str, str], destinations: Sequence[str], colour: Palette, big: float) -> None:  # fmt: skip
    senders = sorted((set(flows.departure_country_code) | set(lanes.departure_country_code if len(lanes) else ())) & set(anchors))
    fig.add_trace(go.Scattergeo(lat=[anchors[c][0] for c in senders], lon=[anchors[c][1] for c in senders], mode="markers", marker={"size": 5 * big, "color": colour["ink"], "line": {"width": 1, "color": colour["paper"]}}, hoverinfo="text", text=[clean(names[c]) for c in senders]))  # fmt: skip
    reached = set(flows.destination_country_code)
    for code in [*destinations, *sorted(reached - set(destinations))]:
        if code not in anchors:
            continue
        tint, full, main = colour[DESTINATION.get(code, "ink2")], code in reached, code in destinations
        marker = {"size": ((20 if full else 13) if main else 9) * big, "color": tint if full else colour["paper"], "line": {"width": 2.2 if main else 1, "color": colour["paper"] if full else tint}, "opacity": 1}
        fig.add_trace(go.Scattergeo(lat=[anchors[code][0]], lon=[anchors[code][1]], mode="markers", marker=marker, hoverinfo="text", text=clean(names[code])))


def _words(fig: go.Figure, flows: pd.DataFrame, lanes: pd.DataFrame, names: Mapping[str, str], lead: str, destinations: Sequence[str], colour: Palette, text: int, size: str) -> None:  # fmt: skip
    totals = flows.groupby("destination_country_code").value.sum()
    for code in destinations:
        if code not in LABELS:
            continue
        cases = int((lanes.destination_country_code == code).sum()) if len(lanes) else 0
        n = float(totals.get(code, 0))
        amount = (weight(n) if lead == "quantity_kg" else f"{count(n)} seizures") if n else "no counted route"
        more = f"<br>{count(cases)} published case{'s' * (cases != 1)}" if cases and not n else ""
        lat, lon, where = LABELS[code]
        fig.add_trace(go.Scattergeo(lat=[lat], lon=[lon], mode="text", text=[f"<b>{clean(names[code])}</b><br>{amount}{more}"], textposition=where, hoverinfo="skip", textfont={"size": text + 1, "color": colour[DESTINATION[code] + "_text"]}))  # fmt: skip
    sending = flows.groupby("departure_country_code").value.sum().sort_values(ascending=False)
    sending = sending[sending > 0]
    if sending.empty:
        return
    printed = weight if lead == "quantity_kg" else count
    lines = [f"<b>{printed(n)}</b> {clean(names[str(code)])}" for code, n in sending.head(3).items()]
    if len(sending) > 3:
        lines.append(f"<b>{printed(float(sending.iloc[3:].sum()))}</b> {spell(len(sending) - 3)} others")
    fig.add_trace(go.Scattergeo(lat=[20 if size == "screen" else 14], lon=[-19 if size == "screen" else -6], mode="text", text=["<b>Named as departure</b><br>" + "<br>".join(lines)], textposition="middle left", textfont={"size": text, "color": colour["ink"]}, hoverinfo="skip"))  # fmt: skip
