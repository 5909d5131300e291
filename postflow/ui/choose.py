"""Choices of one page, and clicks that filter; both live in the address like the shared filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from postflow.ui import filters


def choose(label: str, options: Mapping[str, str], key: str) -> str:
    """One of a few, as a row of words; the first is the default and stays out of the address."""
    picked = st.segmented_control(
        label,
        list(options),
        format_func=lambda name: options[name],
        default=next(iter(options)),
        required=True,
        key=key,
        bind="query-params",
    )
    return str(picked)


def keep_corridor(points: list[dict[str, Any]]) -> None:
    """A click on a cell of a matrix keeps its departure and, where it is one country, its destination."""
    data = points[0].get("customdata") if points else None
    if not data:
        return
    departure, destination = str(data[0]), str(data[1])
    kept: dict[str, object] = {"departure": (departure,)}
    if len(destination) == 2:
        kept["destination"] = (destination,)
    filters.narrow(**kept)
