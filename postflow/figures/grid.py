"""Rows as an HTML table: the twin of each picture, and the body of figures that are tables."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from postflow import wording
from postflow.numbers import count
from postflow.render.html import tables as html_of
from postflow.table import Body, Cell, Column, Table

SHOWN_ROWS = 500


def escape(text: object) -> str:
    """Any value as text that a browser cannot take for markup; control characters are dropped."""
    return html.escape(re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", str(text)), quote=True)


def cell(value: object, column: str = "") -> str:
    """A value as the table twin prints it: exact counts, three decimals, countries by name, a dash for nothing."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(item, column) for item in value)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "–"
    if isinstance(value, (bool, int, float)):
        return _number(value, column)
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return wording.country(str(value)) if "country_code" in column else str(value)


def _number(value: float, column: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if "year" in column else count(value)
    is_count = math.isfinite(value) and value == round(value) and "_kg" not in column
    return count(value) if is_count else f"{value:,.3f}".replace(",", "\u202f")


def body(rows: pd.DataFrame, meanings: Mapping[str, str]) -> Body:
    """Rows as a table that scrolls in its own box; the first rows only where there are very many."""
    shown = rows.head(SHOWN_ROWS)
    kinds = ["number" if pd.api.types.is_numeric_dtype(shown[name]) else "text" for name in shown]
    columns = tuple(
        Column(_title(str(name)), kind, meanings.get(str(name), "")) for name, kind in zip(shown, kinds, strict=True)
    )
    lines = tuple(
        tuple(Cell(_plain(cell(value, str(name)))) for name, value in zip(shown, row, strict=True))
        for row in shown.itertuples(index=False)
    )
    more = f"{count(len(rows) - SHOWN_ROWS)} more rows are in the files." if len(rows) > SHOWN_ROWS else ""
    return (Table(columns, lines, "records", note=more),)


def _plain(text: object) -> str:
    """Words without control characters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", str(text))


def table(rows: pd.DataFrame, meanings: Mapping[str, str]) -> str:
    """The same as HTML."""
    return html_of(body(rows, meanings))


def _title(column: str) -> str:
    return column.replace("_country_code", "").replace("_", " ")
