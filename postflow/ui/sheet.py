"""A figure's rows as CSV: the caption in comment lines on top, no cell that a spreadsheet would run. Pure."""

from __future__ import annotations

import re

import pandas as pd

from postflow.figure import Figure

LIVE = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*(e[+-]?\d+)?", re.IGNORECASE)


def inert(cell: object) -> object:
    """A cell that a spreadsheet shows and does not run: text like a formula gets an apostrophe, numbers stay."""
    if isinstance(cell, str) and cell.startswith(LIVE) and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def csv(figure: Figure, link: str = "") -> bytes:
    """UTF-8 with a byte-order mark: comment lines, one header, the rows."""
    said = [figure.headline, figure.measure, *figure.caption.lines(), f"Handling: {figure.caption.mark}"]
    said += [f"Link: {link}"] if link else []
    said += [f"{name}: {meaning}" for name, meaning in figure.columns.items()]
    notes = "".join(f"# {' '.join(line.split())}\n" for line in said)
    return ("\ufeff" + notes + rows_csv(figure.rows)).encode()


def rows_csv(rows: pd.DataFrame) -> str:
    """Rows as CSV text with inert cells and ISO dates."""
    safe = rows.copy()
    for name in safe.columns:
        if pd.api.types.is_datetime64_any_dtype(safe[name]):
            safe[name] = safe[name].dt.strftime("%Y-%m-%d")
        elif not pd.api.types.is_numeric_dtype(safe[name]) and not pd.api.types.is_bool_dtype(safe[name]):
            safe[name] = safe[name].map(
                lambda cell: inert(
                    "; ".join(map(str, cell)) if hasattr(cell, "tolist") or isinstance(cell, list) else cell
                )
            )
    safe.columns = [inert(str(name)) for name in safe.columns]
    return safe.to_csv(index=False, lineterminator="\n")
