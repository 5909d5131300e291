"""The map: lanes from departure to destination, counted and published, and the destinations that are looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from postflow.drawing import Drawing, Lane, World

Place = tuple[float, float]
"""Latitude, longitude."""


def arcs(
    rows: pd.DataFrame,
    lanes: pd.DataFrame,
    anchors: Mapping[str, Place],
    names: Mapping[str, str],
    lead: str,
    destinations: Sequence[str],
) -> Drawing:
    """The flow map.

    Rows without both ends, or whose ends have no place, are not drawn: the caller's caption counts them.

    Args:
        rows: departure_country_code, destination_country_code, seizures, quantity_kg; rows of one lane are added up.
        lanes: departure_country_code, destination_country_code of published cases, drawn dotted.
        anchors: country code → latitude and longitude.
        names: country code → label.
        lead: ``seizures`` or ``quantity_kg``: what the widths are.
        destinations: drawn hollow where no row reaches them.
    """
    flows = _flows(rows, anchors, lead)
    ends = zip(flows.departure_country_code, flows.destination_country_code, strict=True)
    amounts = zip(flows.value, flows.seizures, strict=True)
    counted = tuple(Lane(a, b, float(v), float(n)) for (a, b), (v, n) in zip(ends, amounts, strict=True))
    cases = tuple(Lane(a, b, None) for a, b in _cases(lanes, anchors))
    codes = {*destinations, *(end for lane in (*counted, *cases) for end in (lane.source, lane.target))}
    places = tuple((code, names.get(code, code), *anchors[code]) for code in sorted(codes & set(anchors)))
    return Drawing("map", world=World(counted, cases, tuple(destinations), places, lead))


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
