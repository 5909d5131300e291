"""A world map without a browser: our topojson, the natural earth projection, traces on it."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

import numpy as np

from postflow.errors import ExportError
from postflow.exports import marks
from postflow.exports.axes import Spec, values

FOLDER = Path(__file__).resolve().parents[2] / "static" / "topojson"

_LAND: dict[tuple, list[str]] = {}
"""Outlines already projected: a deck draws the same map more than once."""


@cache
def rings(resolution: int) -> tuple[np.ndarray, ...]:
    """Outlines of all countries as lon, lat.

    Raises:
        ExportError: the topojson is missing.
    """
    path = FOLDER / f"world_{resolution}m.json"
    try:
        world = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ExportError(
            "The map's outlines are missing.", file=str(path), next_step="Restore static/topojson."
        ) from None
    scale, shift = (np.array(world["transform"][name]) for name in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in world["arcs"]]
    found = []
    for shape in world["objects"]["countries"]["geometries"]:
        parts = shape.get("arcs") or []
        for polygon in [parts] if shape["type"] == "Polygon" else parts:
            found += [np.concatenate([arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring]) for ring in polygon]
    return tuple(found)


def natural_earth(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Šavrič and others 2011, as in d3-geo; degrees in, unit sphere out."""
    lam, phi = np.radians(lon), np.radians(lat)
    p2 = phi * phi
    p4 = p2 * p2
    x = lam * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    return x, phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))


class Map:
    """One geo subplot in a box of pixels."""

    def __init__(self, spec: Spec, box: tuple[float, float, float, float]) -> None:
        self.spec = spec
        self.turn = float(_in(spec, "projection", "rotation", "lon") or 0)
        west, east = (values(_in(spec, "lonaxis", "range")) or [self.turn - 180, self.turn + 180])[:2]
        south, north = (values(_in(spec, "lataxis", "range")) or [-60, 84])[:2]
        self.south, self.north = south, north
        edge = np.linspace(south, north, 60)
        left, _ = natural_earth(np.full(60, max(-180.0, west - self.turn)), edge)
        right, _ = natural_earth(np.full(60, min(180.0, east - self.turn)), edge)
        _, heights = natural_earth(np.zeros(2), np.array([south, north]))
        x0, y0, wide, tall = box
        self.scale = min(wide / (right.max() - left.min()), tall / (heights[1] - heights[0]))
        self.mid = (
            x0 + wide / 2 - self.scale * (left.min() + right.max()) / 2,
            y0 + tall / 2 + self.scale * heights.mean(),
        )

    def project(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Pixels of places whose longitude is already relative to the middle."""
        x, y = natural_earth(lon, lat)
        return np.column_stack([self.mid[0] + self.scale * x, self.mid[1] - self.scale * y])

    def relative(self, lon: list[float]) -> np.ndarray:
        """Longitudes from the middle of the map, -180 to 180."""
        return (np.asarray(lon, dtype=float) - self.turn + 180) % 360 - 180

    def land(self) -> str:
        """All countries as one path."""
        key = (
            int(self.spec.get("resolution") or 110),
            self.turn,
            self.south,
            self.north,
            round(self.scale, 3),
            self.mid,
        )  # type: ignore[call-overload]
        if key not in _LAND:
            if len(_LAND) >= 16:
                _LAND.clear()
            _LAND[key] = [
                piece
                for ring in rings(key[0])
                if ring[:, 1].max() >= self.south and ring[:, 1].min() <= self.north
                for piece in self._ring(ring)
            ]
        parts = _LAND[key]
        return (
            f'<path d="{"".join(parts)}" fill="{escape(str(self.spec.get("landcolor") or "#E8E3D8"))}" fill-rule="evenodd"'
            f' stroke="{escape(str(self.spec.get("countrycolor") or "#FBFAF7"))}" stroke-width="{self.spec.get("countrywidth") or 0.6}"/>'
        )

    def _ring(self, ring: np.ndarray) -> list[str]:
        lon = np.degrees(np.unwrap(np.radians(self.relative(ring[:, 0].tolist()))))
        lat = np.clip(ring[:, 1], self.south - 4, self.north + 8)
        out = []
        for shift in (-360.0, 0.0, 360.0):
            moved = lon + shift
            if moved.max() <= -180 or moved.min() >= 180:
                continue
            points = self.project(np.clip(moved, -180, 180), lat)
            keep = np.append(True, np.abs(np.diff(points, axis=0)).max(axis=1) > 0.35)
            if keep.sum() > 2:
                out.append("M" + "L".join(f"{a:.1f},{b:.1f}" for a, b in points[keep]) + "Z")
        return out

    def trace(self, trace: Spec, defs: marks.Defs, font: Spec) -> str:
        """A scattergeo trace; a line that leaves at the map's edge is broken there."""
        lon, lat = values(trace.get("lon")), values(trace.get("lat"))
        if not lon or None in lon:
            return ""
        relative = self.relative(lon)
        pixels = self.project(relative, np.asarray(lat, dtype=float))
        points: list = []
        for n, point in enumerate(pixels):
            if n and abs(relative[n] - relative[n - 1]) > 180:
                points.append(None)
            points.append((float(point[0]), float(point[1])))
        return marks.placed({"mode": "markers", **trace}, points, defs, font)


def _in(spec: object, *path: str) -> object:
    for name in path:
        spec = spec.get(name) if isinstance(spec, dict) else None
    return spec
