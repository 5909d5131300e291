"""What may stand in a cell: text that no program takes for a formula, and that XML can hold. Only the gate calls this."""

from __future__ import annotations

import csv as _csv
import re
import unicodedata

import pandas as pd

_LIVE = re.compile(r"^[\s\u200b\ufeff]*(?:[=+\-@|%\uff1d\uff0b\uff0d\uff20]|\t|\r)")
"""First sign of a formula in Excel, LibreOffice and Google Sheets, full-width forms and leading blanks included."""
_NUMBER = re.compile(r"^[+-]?\d[\d\u202f\u00a0 ,.]*(?:[eE][+-]?\d+)?[\u202f\u00a0 ]?%?$")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202d\u202e]")
"""Control characters, half surrogate pairs, and the overrides that make text read backwards."""


def clean(text: str) -> str:
    """Text without characters that XML forbids, in one normal form."""
    return unicodedata.normalize("NFC", _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def line(text: str) -> str:
    """Clean text on one line."""
    return " ".join(clean(text).split("\n")).strip()


def disarm(value: object) -> object:
    """A cell that stays text: an apostrophe before a sign that would start a formula. Numbers stay numbers."""
    if isinstance(value, (list, tuple)) or (hasattr(value, "tolist") and getattr(value, "ndim", 0)):
        return disarm("; ".join(str(part) for part in value))  # type: ignore[attr-defined]
    if not isinstance(value, str):
        return value
    live = bool(_LIVE.match(value)) and not _NUMBER.match(value)
    return f"'{clean(value)}" if live else clean(value)


def apart(text: str, separators: str = ";\t|\n") -> str:
    """Text in which no part becomes a formula where a program splits a CSV at another separator than ours."""
    return re.sub(rf"([{separators}][\s\"]*)(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])", r"\1'", text)


def csv(rows: pd.DataFrame, line_end: str) -> str:
    """Rows as CSV: numbers bare, every text quoted and no live formula in it under any separator of any locale."""
    out = safe(rows)
    for at, dtype in enumerate(out.dtypes):
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)):
            out.isetitem(at, out.iloc[:, at].map(lambda cell: apart(cell) if isinstance(cell, str) else cell))
    out.columns = [apart(str(name)) for name in out.columns]
    quoting = _csv.QUOTE_NONNUMERIC
    return str(out.to_csv(index=False, lineterminator=line_end, date_format="%Y-%m-%d", quoting=quoting))


def safe(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with every text cell and every column name disarmed; the index is dropped."""
    out = rows.reset_index(drop=True).copy()
    out.columns = [str(disarm(str(name))) for name in out.columns]
    for at, dtype in enumerate(out.dtypes):
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)):
            out.isetitem(at, out.iloc[:, at].map(disarm))
    return out
