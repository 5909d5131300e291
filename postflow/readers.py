"""A delivered file becomes numbered rows of text, exactly as delivered; nothing is read into it.

CSV, TSV (any delimiter; UTF-8, UTF-16, cp1252), gzip or zip around one, XLSX, ODS, Parquet. ``read`` makes one DuckDB view;
flat text is read by DuckDB itself, so that ten million rows take seconds.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from postflow import limits, queries, reshape, spreadsheet, vocabulary
from postflow.errors import DeliveryError, first_line
from postflow.unpacking import look, unpacked

PIECE = 1 << 20
DELIMITERS = ",;\t|"
MOST_NAMED = 12
"""Columns that a message names."""
MOST_COMPARED = 300
"""Names among which near ones are looked for."""


@dataclass(frozen=True)
class FileFormat:
    """The ``[file]`` section of a source.toml."""

    format: str
    """csv, xlsx, ods or parquet."""
    delimiter: str | None = None
    """None: found among comma, semicolon, tab and bar."""
    encoding: str | None = None
    """None: found by its marks; strict UTF-8, else cp1252."""
    sheet: str | tuple[str, ...] | None = None
    """None: the first that is shown. ``*``: every one that is shown."""
    header_row: int = 1
    quotechar: str = '"'
    decimal_mark: str = "."
    """In which number cells of a workbook or of Parquet are written."""


@dataclass(frozen=True)
class Delivered:
    """What was read."""

    rows: int
    sha256: str
    """Of the file as delivered."""
    bytes: int
    member: str
    """Name inside the zip; empty for a plain file."""
    encoding: str
    delimiter: str
    row_step: int = 1
    """Row keys between one delivered row and the next: more than one where a row may become several."""
    warnings: tuple[str, ...] = ()
    """What a person should look at, each a sentence."""


@dataclass(frozen=True)
class Flat:
    """A plain UTF-8 text file, ready for DuckDB; one for each sheet that is read."""

    sheets: tuple[reshape.Sheet, ...]
    encoding: str = ""
    member: str = ""
    shown: tuple[str, ...] = ()
    """Every sheet of the workbook that a person sees."""
    warnings: tuple[str, ...] = ()


def read(
    pool: duckdb.DuckDBPyConnection,
    path: Path,
    file_format: FileFormat,
    names: Mapping[str, str],
    work_dir: Path,
    *,
    view: str = "delivered_file",
    shape: reshape.Shape | None = None,
) -> Delivered:
    """Make the view ``row_number, <names>…`` of a delivered file, every cell as text.

    Args:
        pool: where the view is made.
        path: the file as delivered.
        file_format: how its source.toml describes it.
        names: header in the file → column of the view; the header must hold these and no others.
        work_dir: for what must be unpacked or decoded; the view reads from there.
        view: the name of the view.
        shape: how the table differs from a plain list of rows; None where it does not.

    Raises:
        DeliveryError: the file is missing, empty, damaged, or not what its source.toml says.
    """
    look(path)
    try:
        str(path.absolute()).encode("utf-8")
    except UnicodeEncodeError:  # a name that is no text: no library opens it
        copy = work_dir / f"delivered-{_sha256(path)[:12]}"
        shutil.copyfile(path, copy)
        try:
            return read(pool, copy, file_format, names, work_dir, view=view, shape=shape)
        except DeliveryError as error:
            raise error.about(copy.name, path.name) from None
    checksum = _sha256(path)
    shape = shape or reshape.Shape(header_row=file_format.header_row)
    try:
        if file_format.format == "parquet" and shape.is_plain:
            rows = _parquet(pool, path, names, view, file_format.decimal_mark)
            return Delivered(rows, checksum, path.stat().st_size, "", "", "")
        flat = flatten(path, file_format, work_dir)
        rows, warnings = _rows(pool, path.name, flat, file_format, shape, names, view, work_dir)
    except OSError as error:
        raise DeliveryError(
            f"The file cannot be read or unpacked: {error.strerror or error}.",
            file=path.name,
            next_step="Free space, check the rights, and try again.",
        ) from None
    if rows == 0:
        raise DeliveryError(
            "The file has a header and no rows.", file=path.name, next_step="Ask the contributor to send it again."
        )
    return Delivered(
        rows,
        checksum,
        path.stat().st_size,
        flat.member,
        flat.encoding,
        flat.sheets[0].delimiter,
        shape.row_step,
        (*flat.warnings, *warnings),
    )


def _rows(
    pool: duckdb.DuckDBPyConnection,
    name: str,
    flat: Flat,
    file_format: FileFormat,
    shape: reshape.Shape,
    names: Mapping[str, str],
    view: str,
    work_dir: Path,
) -> tuple[int, list[str]]:
    """Lay the view and count its rows: by DuckDB alone where the table is plain, else over a plain copy."""

    def match(head: list[str], sheet: str) -> list[str]:
        return _match(head, names, name, flat, file_format, sheet)

    first = flat.sheets[0]
    head = _head(first, name, shape.header_row)
    sheet_as = names.get(reshape.SHEET_COLUMN, "sheet" if len(flat.sheets) > 1 else "")
    if shape.is_plain and not sheet_as and not _has_blank_lines(first.path):
        ours = match(head, first.name)
        try:
            return _view(pool, first, shape.header_row, ours, view, head, name), []
        except duckdb.Error as error:
            # Notes under a table are shorter than its rows; what cannot be told apart from damage is said to be damage.
            said = str(error)
    else:
        said = ""
    out = work_dir / f"plain-{_sha256(first.path)[:12]}.csv"
    columns, warnings = reshape.reshape(flat.sheets, shape, match, out, name, sheet_as)
    kinds = {column: "BIGINT" if column == "row_number" else "VARCHAR" for column in columns}
    try:
        raw = pool.read_csv(
            str(out),
            columns=kinds,
            header=False,
            delimiter=",",
            quotechar='"',
            escapechar='"',
            auto_detect=False,
            max_line_size=limits.current().line_kb * 1_000,
            buffer_size=_piece_bytes(),
        )
        raw.create_view("delivered_cells", replace=True)
        pool.execute("drop view if exists delivered_file; drop table if exists delivered_rows")
        pool.execute("create temp table delivered_rows as from delivered_cells")
    except duckdb.Error as error:
        raise _damage(said or str(error), first, name, len(head)) from None
    pool.sql("from delivered_rows").create_view(view)
    return int(pool.sql("select count(*) from delivered_rows").fetchall()[0][0]), warnings


def _has_blank_lines(path: Path) -> bool:
    """Whether a line above the last ones is empty: DuckDB steps over it, and every row below would be numbered wrongly."""
    blank, found, left = re.compile(rb"\n\n|\n\r\n|\r\r"), False, b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            text = left + piece
            first = None if found else blank.search(text)
            if text[first.start() if first else 0 :].strip() and (found or first):
                return True
            found, left = found or first is not None, text[-2:]
    return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---------- to flat text ----------


def flatten(path: Path, file_format: FileFormat, work_dir: Path) -> Flat:
    """The file as plain UTF-8 text, unpacked and decoded; each of its sheets by itself.

    Raises:
        DeliveryError: it is damaged, or not what its format says.
    """
    if file_format.format in ("xlsx", "ods", "xls"):
        return _sheets(path, file_format, work_dir)
    quote = file_format.quotechar
    if file_format.format == "parquet":
        return Flat((reshape.Sheet(_parquet_as_csv(path, file_format, work_dir), "", ",", quote),))
    opened, member = unpacked(path, work_dir)
    _refuse_long_rows(opened, path.name)
    encoding, warnings = (file_format.encoding, ()) if file_format.encoding else _encoding(opened)
    text = _utf8(opened, path.name, encoding, work_dir)
    delimiter = file_format.delimiter or _delimiter(text, path.name, file_format.header_row)
    return Flat((reshape.Sheet(text, "", delimiter, quote),), encoding, member, warnings=warnings)


MIXED = "utf-8 and cp1252"


def _encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """The encoding, and a warning where a file is written in two."""
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
            return "utf-32", ()
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16", ()
        if start.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig", ()
        even, odd = start[::2].count(0), start[1::2].count(0)
        if max(even, odd) > len(start) / 5:
            return "utf-16-be" if even > odd else "utf-16-le", ()
    if (bad := _first_bad_byte(path)) is None:
        return "utf-8", ()
    if (line := _first_utf8_line(path)) is None:
        return "cp1252", ()
    said = f"The file is written in two encodings: line {line} is UTF-8, line {_row_of(path, bad)} is not and was read as cp1252."
    return MIXED, (said,)


def _first_utf8_line(path: Path) -> int | None:
    """The first line that must be UTF-8: as cp1252 its letters would be nonsense such as Ã¼."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.isascii() and _is_western_utf8(line):
                return number
    return None


def _is_western_utf8(line: bytes) -> bool:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(ord(sign) < 0x250 or 0x2000 <= ord(sign) < 0x20D0 for sign in text)


def _first_bad_byte(path: Path) -> int | None:
    """Where strict UTF-8 fails, read in pieces."""
    done, left = 0, b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            text = left + piece
            try:
                text.decode("utf-8")
                done, left = done + len(text), b""
            except UnicodeDecodeError as error:
                if error.start < len(text) - 4:
                    return done + error.start
                done, left = done + error.start, text[error.start :]
    return done if left else None


def _utf8(path: Path, name: str, encoding: str, work_dir: Path) -> Path:
    """The file itself where it is plain UTF-8 that DuckDB can read, else a decoded copy."""
    if _is_utf8(encoding):
        if (bad := _first_bad_byte(path)) is not None:
            raise DeliveryError(
                f"The file is not UTF-8: byte {bad:,} (about row {_row_of(path, bad)}).",
                file=name,
                field="file.encoding",
                value=encoding,
                next_step="Leave encoding out of source.toml, or name the right one.",
            )
        if not _has_controls(path):
            return path
    target = work_dir / f"decoded-{_sha256(path)[:12]}"
    return _decoded_by_line(path, target) if encoding == MIXED else _decoded(path, name, encoding, target)


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _decoded(path: Path, name: str, encoding: str, target: Path) -> Path:
    """A copy in UTF-8. cp1252 leaves five bytes without a character; nothing may vanish, so they are shown as U+FFFD."""
    try:
        with (
            path.open(encoding=encoding, errors="replace" if encoding == "cp1252" else "strict", newline="") as file,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while text := file.read(PIECE):
                out.write(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", text.removeprefix("\ufeff")))
    except UnicodeDecodeError as error:
        raise DeliveryError(
            f"The file is not {encoding}: byte {error.start:,}.",
            file=name,
            field="file.encoding",
            value=encoding,
            next_step="Leave encoding out of source.toml, or name the right one.",
        ) from None
    except (LookupError, ValueError):  # "undefined" and others that decode no text, or half characters
        raise DeliveryError(
            "There is no such encoding, or the file is not written in it.",
            file=name,
            field="file.encoding",
            value=encoding,
            next_step="Write utf-8, utf-16 or cp1252.",
        ) from None
    return target


def _decoded_by_line(path: Path, target: Path) -> Path:
    """A copy in UTF-8 of a file whose lines are UTF-8 or cp1252."""
    with path.open("rb") as file, target.open("w", encoding="utf-8", newline="") as out:
        for line in file:
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = line.decode("cp1252", errors="replace")
            out.write(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", text.removeprefix("\ufeff")))
    return target


def _has_controls(path: Path) -> bool:
    """Control characters, which break readers and screens, are replaced by U+FFFD in a copy."""
    odd = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
    with path.open("rb") as file:
        return any(odd.search(piece) for piece in iter(lambda: file.read(PIECE), b""))


def _row_of(path: Path, offset: int) -> int:
    row = 1
    with path.open("rb") as file:
        while offset > 0 and (piece := file.read(min(PIECE, offset))):
            row, offset = row + piece.count(b"\n"), offset - len(piece)
    return row


def _refuse_long_rows(path: Path, name: str) -> None:
    """Refuse a text with a line beyond the limit, before anything reads it line by line."""
    most, length, row = limits.current().line_kb * 1_000, 0, 1
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            lines = piece.replace(b"\r", b"\n").split(b"\n")
            lengths = [length + len(lines[0]), *map(len, lines[1:])]
            if max(lengths) > most:
                at = next(place for place, found in enumerate(lengths) if found > most)
                raise DeliveryError(
                    f"A line is longer than {most:,} bytes.",
                    file=name,
                    row=row + piece.count(b"\n", 0, sum(len(line) + 1 for line in lines[:at])),
                    next_step="See whether this is the right file, and text; line_kb in docs/limits.md is the limit.",
                )
            length, row = lengths[-1], row + piece.count(b"\n")


def _sheets(path: Path, file_format: FileFormat, work_dir: Path) -> Flat:
    """The sheets as CSVs of text."""
    wanted = (file_format.sheet,) if isinstance(file_format.sheet, str) else file_format.sheet or ()
    out = work_dir / f"sheet-{_sha256(path)[:12]}"
    written = spreadsheet.write(path, file_format.format, wanted, out, file_format.decimal_mark)
    sheets = [
        reshape.Sheet(spreadsheet.csv_of(out, place), name, ",", file_format.quotechar)
        for place, name in enumerate(written.read)
    ]
    return Flat(tuple(sheets), "utf-8", shown=written.shown)


# ---------- header and rows ----------


def _delimiter(path: Path, name: str, header_row: int) -> str:
    """The delimiter that gives the header the most columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [line for _, line in zip(range(header_row + 20), file, strict=False)]
    head = lines[min(header_row, len(lines)) - 1] if lines else ""
    if not head.strip():
        raise DeliveryError(
            "The line of the header is empty.",
            file=name,
            row=header_row,
            next_step="Set file.header_row in source.toml.",
        )
    found = {mark: len(next(csv.reader([head[:100_000]], delimiter=mark), [])) for mark in DELIMITERS}
    return max(found, key=lambda mark: found[mark])


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", vocabulary.one_space(name))


def _head(sheet: reshape.Sheet, name: str, header_row: int) -> list[str]:
    rows = reshape.records(sheet.path, sheet.delimiter, sheet.quote)
    found: list[str] = []
    try:
        for _ in range(header_row):
            found = next(rows)
    except (StopIteration, csv.Error):
        raise DeliveryError(
            "The file has no header.",
            file=name,
            row=header_row,
            next_step="Set file.header_row in source.toml, or ask for the file again.",
        ) from None
    if len(found) <= 2 and re.fullmatch(r"(?i)\s*sep=.?", found[0] if found else ""):
        raise DeliveryError(
            "The first line is an instruction to Excel (sep=), not the header.",
            file=name,
            row=header_row,
            value=sheet.delimiter.join(found),
            next_step=f"Set header_row = {header_row + 1} and the delimiter that it names under [file] in source.toml.",
        )
    return [_tidy(column) for column in found]


def _match(
    head: list[str], names: Mapping[str, str], file: str, flat: Flat | None, file_format: FileFormat, sheet: str = ""
) -> list[str]:
    """Our names in the order of the file's columns; a column without a name is ``ignored_blank_…``.

    Raises:
        DeliveryError: a column is missing, unknown or twice there.
    """
    _refuse_wide(head, file, file_format)
    wanted = {_tidy(theirs): ours for theirs, ours in names.items() if theirs != reshape.SHEET_COLUMN}
    if len(head) == 1 and len(wanted) > 1 and flat:
        _one_column(head[0], file, flat.sheets[0].delimiter)
    is_named_blank = not wanted.get("", "ignored_").startswith("ignored_") and head.count("") == 1
    twice = sorted(column for column, number in Counter(head).items() if column and number > 1)
    if twice:
        raise DeliveryError(
            "The header names a column twice.",
            file=file,
            row=file_format.header_row,
            field=twice[0],
            next_step="Rename one of them, or set file.header_rows where two rows make the header.",
        )
    found = set(head)
    missing = [column for column in wanted if column and column not in found]
    unknown = [column for column in head if column and column not in wanted]
    if missing or unknown:
        raise DeliveryError(
            f"The columns differ from source.toml: {_difference(missing, unknown)}." + _which_sheet(sheet, flat),
            file=file,
            row=file_format.header_row,
            field="columns",
            next_step="Map each under [columns], or list it under ignored, in source.toml.",
        )
    blank = "ignored_empty_" if "" in wanted else "ignored_blank_"
    return [
        wanted[column] if column or is_named_blank else f"{blank}{place}" for place, column in enumerate(head, start=1)
    ]


def _refuse_wide(head: list[str], file: str, file_format: FileFormat) -> None:
    most = limits.current().columns
    if len(head) > most:
        raise DeliveryError(
            f"The header has {len(head):,} columns; at most {most:,} are read.",
            file=file,
            row=file_format.header_row,
            next_step="See whether this is the right file and delimiter; columns in docs/limits.md is the limit.",
        )


def _difference(missing: list[str], unknown: list[str]) -> str:
    """The first columns that are missing or unknown, each missing one with the unknown one that is near it."""
    near_ones = [column for column in unknown[:MOST_COMPARED] if len(column) < 100]
    said = []
    for column in missing[:MOST_NAMED]:
        near = difflib.get_close_matches(column[:100], near_ones, n=1)
        said.append(f"missing {column!r}" + (f" (is it {near[0]!r}?)" if near else ""))
    said += [f"unknown {column!r}" for column in unknown[: MOST_NAMED - len(said)]]
    more = len(missing) + len(unknown) - len(said)
    return ", ".join(said) + (f" and {more:,} more" if more > 0 else "")


def _one_column(head: str, file: str, delimiter: str) -> None:
    """Say which delimiter it seems to be where the header is one single column."""
    other = {mark: head.count(mark) for mark in DELIMITERS if mark != delimiter}
    mark = max(other, key=lambda item: other[item])
    if other[mark]:
        raise DeliveryError(
            "The header is one single column.",
            file=file,
            field="file.delimiter",
            value=delimiter,
            next_step=f"The delimiter seems to be {mark!r}: say so in source.toml.",
        )


def _which_sheet(sheet: str, flat: Flat | None) -> str:
    """Which sheet was read, where there are others."""
    if not sheet or not flat or len(flat.shown) < 2:
        return ""
    return f" The sheet read is {sheet!r}; the workbook shows: {', '.join(map(repr, flat.shown[:20]))}."


def _view(
    pool: duckdb.DuckDBPyConnection,
    sheet: reshape.Sheet,
    header_row: int,
    ours: list[str],
    view: str,
    head: list[str],
    name: str,
) -> int:
    """Create the view over the flat file and count its rows, which also proves that every row can be read."""
    raw = pool.read_csv(
        str(sheet.path),
        columns=dict.fromkeys(ours, "VARCHAR"),
        header=False,
        skiprows=header_row,
        delimiter=sheet.delimiter,
        quotechar=sheet.quote,
        escapechar=sheet.quote,
        null_padding=False,
        ignore_errors=False,
        strict_mode=True,
        auto_detect=False,
        max_line_size=limits.current().line_kb * 1_000,
        buffer_size=_piece_bytes(),
    )
    raw.create_view("delivered_cells", replace=True)
    _lay(pool, header_row)
    _blank_columns_are_empty(pool, ours, name)
    pool.sql("from delivered_rows").create_view(view)
    return int(pool.sql("select count(*) from delivered_rows").fetchall()[0][0])


def _piece_bytes() -> int:
    """How much of a file is held at a time: DuckDB would hold sixteen of the longest rows, in each thread."""
    return max(4_000 * limits.current().line_kb, 8_000_000)


def _lay(pool: duckdb.DuckDBPyConnection, header_row: int) -> None:
    """The rows as a table: parsed once, numbered once."""
    pool.execute("drop view if exists delivered_file; drop table if exists delivered_rows")
    queries.lay_aside(pool, "mapping/delivered_rows", "delivered_rows", header_row=header_row)


def _blank_columns_are_empty(pool: duckdb.DuckDBPyConnection, ours: list[str], name: str) -> None:
    """Drop the columns without a name; what they hold would be lost without a word."""
    for column in [column for column in ours if column.startswith("ignored_blank_")]:
        filled = duckdb.FunctionExpression("trim", duckdb.ColumnExpression(column)) != duckdb.ConstantExpression("")
        found = pool.table("delivered_rows").filter(filled).project(f"row_number, {column}").limit(1).fetchall()
        if found:
            raise DeliveryError(
                "A column without a name holds values.",
                file=name,
                row=found[0][0],
                field=f"column {column.removeprefix('ignored_blank_')}",
                value=found[0][1][:80],
                next_step='Give it a name in the file, or list "" under ignored in source.toml.',
            )
        pool.execute(f"alter table delivered_rows drop column {column}")


def _damage(said: str, sheet: reshape.Sheet, name: str, width: int) -> DeliveryError:
    """Say which row is ragged or unterminated, in the reader's terms."""
    try:
        for number, record in enumerate(reshape.records(sheet.path, sheet.delimiter, sheet.quote), start=1):
            if record and len(record) != width:
                return DeliveryError(
                    f"The row has {len(record)} fields; the header has {width}.",
                    file=name,
                    row=number,
                    value=sheet.delimiter.join(record)[:80],
                    next_step="Correct the row, or the delimiter and quotes in source.toml.",
                )
    except csv.Error as error:
        return DeliveryError(
            f"The text cannot be split into rows: {error}.",
            file=name,
            next_step="Look for a quote that is never closed.",
        )
    line = re.search(r"Line: (\d+)", said)
    return DeliveryError(
        f"The text cannot be read: {said.splitlines()[0][:200]}",
        file=name,
        row=int(line[1]) if line else None,
        next_step="Look for a quote that is never closed, or a cut-off end.",
    )


def _parquet(
    pool: duckdb.DuckDBPyConnection, path: Path, names: Mapping[str, str], view: str, decimal_mark: str
) -> int:
    try:
        raw = pool.from_parquet(str(path))
        head = [_tidy(column) for column in raw.columns]
        ours = _match(head, names, path.name, None, FileFormat("parquet"))
        _as_text(raw, ours, decimal_mark).create_view("delivered_cells", replace=True)
        _lay(pool, 0)
        _blank_columns_are_empty(pool, ours, path.name)
        pool.sql("from delivered_rows").create_view(view)
    except duckdb.Error as error:
        raise _no_parquet(error, path) from None
    return int(pool.sql("select count(*) from delivered_rows").fetchall()[0][0])


def _parquet_as_csv(path: Path, file_format: FileFormat, work_dir: Path) -> Path:
    """A table in Parquet that has to be reshaped, as text."""
    out = work_dir / f"parquet-{_sha256(path)[:12]}.csv"
    try:
        with duckdb.connect() as con:
            raw = con.from_parquet(str(path))
            _as_text(raw, list(raw.columns), file_format.decimal_mark).write_csv(str(out), header=True)
    except duckdb.Error as error:
        raise _no_parquet(error, path) from None
    return out


def _no_parquet(error: duckdb.Error, path: Path) -> DeliveryError:
    return DeliveryError(
        f"The file is not Parquet: {first_line(error)}",
        file=path.name,
        field="file.format",
        value="parquet",
        next_step="See whether source.toml names the right format.",
    )


def _as_text(raw: duckdb.DuckDBPyRelation, ours: list[str], decimal_mark: str) -> duckdb.DuckDBPyRelation:
    """Typed columns as a person would have typed them: a moment without its zone, a number in the source's decimal mark."""
    cells = []
    for theirs, kind, mine in zip(raw.columns, raw.types, ours, strict=True):
        column = duckdb.ColumnExpression(theirs)
        name = str(kind)
        text: duckdb.Expression = column.cast("varchar")
        if name == "TIMESTAMP WITH TIME ZONE":
            text = duckdb.FunctionExpression("timezone", duckdb.ConstantExpression("UTC"), column).cast("varchar")
        elif name.endswith("[]"):
            text = duckdb.FunctionExpression(
                "array_to_string", column.cast("varchar[]"), duckdb.ConstantExpression("; ")
            )
        if name.startswith("TIMESTAMP"):
            text = duckdb.FunctionExpression(
                "regexp_replace", text, duckdb.ConstantExpression(" 00:00:00$"), duckdb.ConstantExpression("")
            )
        elif name in ("FLOAT", "DOUBLE") or name.startswith("DECIMAL"):
            text = duckdb.FunctionExpression(
                "replace", text, duckdb.ConstantExpression("."), duckdb.ConstantExpression(decimal_mark)
            )
        cells.append(text.alias(mine))
    return raw.project(*cells)
