"""Rows as CSV, XLSX and Parquet, each with its caption inside the file."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pandas as pd

from postflow.errors import ExportError
from postflow.exports import cells
from postflow.exports.outgoing import Leaving, Outgoing

BOM = "\ufeff"
_SPLIT = ",;\t|\n"
MOST_ROWS = 1_048_000
"""A sheet holds 1 048 576."""
MOST_CELL = 32_767


def csv(out: Outgoing) -> bytes:
    """One figure's rows; the caption stands above them in lines that begin with ``#``. UTF-8 with BOM, for Excel.

    Raises:
        ExportError: more than one figure.
    """
    item = _one(out)
    head = [
        item.headline,
        item.measure,
        *out.caption,
        f"Made on {out.made_on.isoformat()}",
        *([f"Link: {item.link}"] if item.link else []),
    ]
    head += [f"Column {name}: {words}" for name, words in item.columns.items()]
    top = "".join(f"# {cells.apart(line, _SPLIT)}\r\n" for line in head if line)
    body = cells.csv(item.rows, "\r\n")
    return (BOM + top + body).encode("utf-8")


def parquet(out: Outgoing) -> bytes:
    """One figure's rows, typed; the caption stands in the schema's metadata under ``postflow``.

    Raises:
        ExportError: more than one figure, or pyarrow is missing.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet as files
    except ImportError:
        raise ExportError("Parquet needs pyarrow.", next_step="pip install pyarrow, or export CSV.") from None
    item = _one(out)
    table = pa.Table.from_pandas(_unmixed(item.rows), preserve_index=False)
    words = {
        "caption": "\n".join(out.caption),
        "mark": out.mark,
        "synthetic": str(out.is_synthetic).lower(),
        "about": out.about,
        "columns": item.columns,
    }
    notes = {
        b"postflow": json.dumps(words, ensure_ascii=False).encode(),
        b"caption": words["caption"].encode(),
        b"mark": out.mark.encode(),
    }  # type: ignore[union-attr]
    held = io.BytesIO()
    files.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **notes}), held)
    return held.getvalue()


def _unmixed(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns that mix numbers and words become words: a Parquet column has one type."""
    out = rows.copy()
    for at, dtype in enumerate(out.dtypes):
        if pd.api.types.is_object_dtype(dtype) and len({type(v) for v in out.iloc[:, at] if v is not None}) > 1:
            out.isetitem(at, out.iloc[:, at].map(lambda v: None if v is None or v is pd.NA or v != v else str(v)))
    return out.loc[:, ~out.columns.duplicated()]


def xlsx(out: Outgoing) -> bytes:
    """A sheet a figure, and a sheet that says what they are. Text cells are text, never formulas.

    Raises:
        ExportError: a table is longer than a sheet.
    """
    from openpyxl import Workbook

    from postflow.exports import xlsx_chart

    book = Workbook()
    book.remove(book.active)
    taken: set[str] = {"about"}
    first = True
    for item in out.figures:
        if len(item.rows) > MOST_ROWS:
            raise ExportError(
                f"A sheet holds {MOST_ROWS} rows.",
                field=item.key,
                value=str(len(item.rows)),
                next_step="Export CSV or Parquet.",
            )
        sheet = book.create_sheet(_sheet_name(item.key, taken))
        _fill(sheet, item)
        if item.drawing is not None and item.drawing.can_be_edited:
            shown = item.drawing.renamed(lambda name: str(cells.disarm(cells.line(name))))
            xlsx_chart.add(book.create_sheet(_sheet_name(f"{item.key} chart", taken)), shown, _text)
        if first:
            _about(book.create_sheet("About"), out)
            first = False
    book.properties.title, book.properties.subject, book.properties.creator = (
        out.title[:250],
        f"Handling: {out.mark}",
        "Postflow",
    )
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _one(out: Outgoing) -> Leaving:
    if len(out.figures) != 1:
        raise ExportError(
            f"{out.format} holds one figure.",
            value=str(len(out.figures)),
            next_step="Export them one by one, or as XLSX.",
        )
    return out.figures[0]


def _sheet_name(name: str, taken: set[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:26] or "Rows"
    name, n = base, 1
    while name.lower() in taken:
        n += 1
        name = f"{base} {n}"
    taken.add(name.lower())
    return name


def _fill(sheet: object, item: Leaving) -> None:
    """Headings and rows; widths follow the words."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for x, name in enumerate(item.rows.columns, start=1):
        cell = _text(sheet, 1, x, str(name))
        cell.font, cell.fill = Font(bold=True, color="16202A"), PatternFill("solid", fgColor="F3F0E9")  # type: ignore[attr-defined]
        longest = max((len(str(v)) for v in item.rows.iloc[:200, x - 1]), default=0)
        sheet.column_dimensions[get_column_letter(x)].width = min(60, max(len(str(name)), longest) + 2)  # type: ignore[attr-defined]
    for y, row in enumerate(item.rows.itertuples(index=False), start=2):
        for x, value in enumerate(row, start=1):
            _cell(sheet, y, x, value)
    sheet.freeze_panes = "A2"  # type: ignore[attr-defined]


def _cell(sheet: object, y: int, x: int, value: object) -> None:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return
    if isinstance(value, str):
        _text(sheet, y, x, value)
        return
    if isinstance(value, pd.Timestamp):
        value = value.tz_localize(None).to_pydatetime()
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        value = str(value)
    made = sheet.cell(y, x, value.item() if isinstance(value, np.generic) else value)
    if made.is_date:
        made.number_format = "yyyy-mm-dd"


def _text(sheet: object, y: int, x: int, text: str) -> object:
    """A cell whose type is text, whatever it begins with."""
    cell = sheet.cell(y, x)  # type: ignore[attr-defined]
    cell.value = text[:MOST_CELL]
    cell.data_type = "s"
    return cell


def _about(sheet: object, out: Outgoing) -> None:
    from openpyxl.styles import Alignment, Font

    label = [("SYNTHETIC", "Invented rows, exercise pool. No figure is a real seizure.")] if out.is_synthetic else []
    rows = [*label, *out.about, *(("Caption", line) for line in out.caption)]
    for y, (name, words) in enumerate(rows, start=1):
        _text(sheet, y, 1, name).font = Font(bold=True, color="16202A")  # type: ignore[attr-defined]
        _text(sheet, y, 2, words).alignment = Alignment(wrap_text=True, vertical="top")  # type: ignore[attr-defined]
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 110  # type: ignore[attr-defined]
