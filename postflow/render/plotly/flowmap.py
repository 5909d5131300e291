"""The map: great circles from departure to destination. Solid = counted rows, dotted = published cases, not summed."""

from __future__ import annotations

import math

from postflow.drawing import Drawing, Lane, World
from postflow.numbers import clean, count, plural, short, spell, weight
from postflow.render.plotly.parts import Plot, Spec
from postflow.style import DESTINATION

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


GEO: Spec = {
    "fitbounds": False,
    "projection": {"type": "natural earth", "rotation": {"lon": 32}},
    "lonaxis": {"range": [-142, 206]},
    "lataxis": {"range": [-58, 72]},
    "resolution": 50,
    "showland": True,
    "showcountries": True,
    "countrywidth": 0.6,
    "showcoastlines": False,
    "showocean": False,
    "showlakes": False,
    "showframe": False,
}


def draw(drawing: Drawing, mode: str, size: str, height: int) -> Spec:
    """The map; the caller may drop the height where it follows the window."""
    assert drawing.world is not None
    plot = Plot(mode, size, height, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    look = _Look(drawing.world, plot)
    look.dotted()
    look.solid()
    look.senders()
    look.receivers()
    look.destination_words(height)
    if size == "present" or height >= LEAST_FOR_WORDS:
        look.departure_words()
    plot.data = plot.data or [_geo(lat=[], lon=[])]
    ground = {name: plot.colour[tint] for name, tint in GROUND.items()}
    plot.layout["geo"] = GEO | ground
    return plot.figure()


GROUND = {"bgcolor": "paper", "landcolor": "land", "countrycolor": "border"}


def _geo(**settings: object) -> Spec:
    return {"type": "scattergeo", **settings}


def _line(path: list[Place], **look: object) -> Spec:
    return _geo(lat=[p[0] for p in path], lon=[p[1] for p in path], mode="lines", hoverinfo="text", **look)


class _Look:
    """What every mark of one map needs."""

    def __init__(self, world: World, plot: Plot) -> None:
        self.world, self.plot, self.colour = world, plot, plot.colour
        self.big = 1.35 if plot.large else 1
        self.anchors = {code: (lat, lon) for code, _, lat, lon in world.places}
        self.names = {code: name for code, name, _, _ in world.places}

    def name(self, code: str) -> str:
        return clean(short(self.names.get(code, code), 30))

    def tint(self, destination: str) -> str:
        return self.colour[DESTINATION.get(destination, "ink2")]

    def number(self, value: float) -> str:
        return weight(value) if self.world.lead == "quantity_kg" else count(value)

    def amount(self, value: float) -> str:
        return self.number(value) + ("" if self.world.lead == "quantity_kg" else f" seizure{plural(value)}")

    def path(self, one: Lane) -> list[Place]:
        return lane(self.anchors[one.source], self.anchors[one.target])

    def dotted(self) -> None:
        for one in dict.fromkeys(self.world.published):
            line = {"width": 1.3 * self.big, "color": self.tint(one.target), "dash": "2px,4px"}
            words = f"<b>{self.name(one.source)} → {self.name(one.target)}</b><br>published case, not in the counts"
            self.plot.data.append(_line(self.path(one), line=line, text=words, meta="published"))

    def solid(self) -> None:
        """Thin where it leaves, full width where it arrives: direction without arrowheads."""
        most = max((one.value or 0.0 for one in self.world.lanes), default=0.0) or 1.0
        for one in [one for one in self.world.lanes if one.value][:LANES_DRAWN]:
            path = self.path(one)
            wide = (THINNEST + (WIDEST - THINNEST) * math.sqrt((one.value or 0.0) / most)) * self.big
            steps = 12 if wide > 4 else 4 if wide > 1.6 else 1
            words = f"<b>{self.name(one.source)} → {self.name(one.target)}</b><br>{self.amount(one.value or 0.0)}"
            told = {"opacity": 0.62, "text": words, "meta": f"{one.source}-{one.target}"}
            for step in range(steps):
                part = path[step * POINTS // steps : (step + 1) * POINTS // steps + 1]
                thick = max(1.0, wide * (0.3 + 0.7 * (step + 1) / steps))
                self.plot.data.append(_line(part, line={"width": thick, "color": self.tint(one.target)}, **told))

    def senders(self) -> None:
        codes = sorted({one.source for one in (*self.world.lanes, *self.world.published)})
        edge = {"width": 1, "color": self.colour["paper"]}
        if codes:
            self._dots(codes, {"size": 5 * self.big, "color": self.colour["ink"], "line": edge})

    def receivers(self) -> None:
        """A filled disc where counted rows arrive, a hollow ring where none does."""
        reached, wanted = {one.target for one in self.world.lanes}, self.world.destinations
        for code in [*wanted, *sorted(reached - set(wanted))]:
            if code in self.anchors:
                full, main = code in reached, code in wanted
                edge = {"width": 2.2 if main else 1, "color": self.colour["paper"] if full else self.tint(code)}
                size = ((20 if full else 13) if main else 9) * self.big
                fill = self.tint(code) if full else self.colour["paper"]
                self._dots([code], {"size": size, "color": fill, "line": edge, "opacity": 1})

    def _dots(self, codes: list[str], marker: Spec) -> None:
        places = [self.anchors[code] for code in codes]
        spots = {"lat": [place[0] for place in places], "lon": [place[1] for place in places]}
        words = {"hoverinfo": "text", "text": [self.name(code) for code in codes]}
        self.plot.data.append(_geo(mode="markers", marker=marker, **spots, **words))

    def _text(self, place: Place, words: str, where: str, px: float, tint: str) -> None:
        look = {"textposition": where, "hoverinfo": "skip", "textfont": {"size": px, "color": tint}}
        self.plot.data.append(_geo(lat=[place[0]], lon=[place[1]], mode="text", text=[words], **look))

    def destination_words(self, height: int) -> None:
        spots = LABELS if height >= LEAST_FOR_WORDS else LABELS | BESIDE
        for code in self.world.destinations:
            if code in spots:
                lat, lon, where = spots[code]
                tint = self.colour[f"{DESTINATION[code]}_text"]
                words = "<br>".join([f"<b>{self.name(code)}</b>", *self._arrived(code)])
                self._text((lat, lon), words, where, self.plot.text + 1, tint)

    def _arrived(self, code: str) -> list[str]:
        mine = [one for one in self.world.lanes if one.target == code]
        told = sum(one.target == code for one in self.world.published)
        if mine:
            value = sum(one.value or 0.0 for one in mine)
            unweighed = f"{count(sum(one.seizures or 0.0 for one in mine))} seizures, none weighed"
            return [self.amount(value) if value else unweighed]
        return ["no counted route", *([f"{count(told)} published case{plural(told)}"] if told else [])]

    def departure_words(self) -> None:
        sums: dict[str, float] = {}
        for one in self.world.lanes:
            sums[one.source] = sums.get(one.source, 0.0) + (one.value or 0.0)
        sending = sorted(((n, code) for code, n in sums.items() if n > 0), key=lambda pair: (-pair[0], pair[1]))
        if not sending:
            return
        lines = [f"<b>{self.number(n)}</b> {self.name(code)}" for n, code in sending[:3]]
        if rest := sending[3:]:
            other = f"{spell(len(rest))} other{plural(len(rest))}"
            lines.append(f"<b>{self.number(sum(n for n, _ in rest))}</b> {other}")
        words = "<b>Named as departure</b><br>" + "<br>".join(lines)
        place = (8.0, 24.0) if self.plot.large else (20.0, -19.0)
        self._text(place, words, "middle left", self.plot.text, self.colour["ink"])
