"""A delivered file becomes numbered rows of text, exactly as delivered; nothing is read into it.

CSV, TSV (any delimiter; UTF-8, UTF-16, cp1252), gzip or zip around one, XLSX, ODS, Parquet. ``read`` makes one DuckDB view;
flat text is read by DuckDB itself, so that ten million rows take seconds.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import hashlib
import re
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from postflow import queries
from postflow.errors import DeliveryError

PIECE = 1 << 20
MOST_SHEET_MEMBER = 200_000_000
"""Bytes of one member of a spreadsheet's zip, unpacked: a million rows need less."""
MOST_SHEET_TOTAL = 400_000_000
MOST_SHEET_RATIO = 100
"""Honest sheets pack about ten to one."""
MOST_UNPACKED = 20_000_000_000
MOST_RATIO = 100
RATIO_FROM = 100_000_000
"""Small files may pack as well as they like."""
SHEET_MEMORY = 3_000_000_000
SHEET_SECONDS = 240
MOST_COLUMNS = 1_000
"""A wider header is no list of seizures, and comparing it with source.toml would take minutes."""
DELIMITERS = ",;\t|"
WORKER = Path(__file__).with_name("spreadsheet.py")


@dataclass(frozen=True)
class FileFormat:
    """The ``[file]`` section of a source.toml."""

    format: str
    """csv, xlsx, ods or parquet."""
    delimiter: str | None = None
    """None: found among comma, semicolon, tab and bar."""
    encoding: str | None = None
    """None: found by its marks; strict UTF-8, else cp1252."""
    sheet: str | None = None
    header_row: int = 1
    quotechar: str = '"'


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


@dataclass(frozen=True)
class _Flat:
    """A plain UTF-8 text file, ready for DuckDB."""

    path: Path
    encoding: str
    member: str


def read(
    pool: duckdb.DuckDBPyConnection,
    path: Path,
    file_format: FileFormat,
    names: Mapping[str, str],
    work_dir: Path,
    *,
    view: str = "delivered_file",
) -> Delivered:
    """Make the view ``row_number, <names>…`` of a delivered file, every cell as text.

    Args:
        pool: where the view is made.
        path: the file as delivered.
        file_format: how its source.toml describes it.
        names: header in the file → column of the view; the header must hold these and no others.
        work_dir: for what must be unpacked or decoded; the view reads from there.
        view: the name of the view.

    Raises:
        DeliveryError: the file is missing, empty, damaged, or not what its source.toml says.
    """
    if not path.is_file():
        raise DeliveryError("There is no such file.", file=path.name, next_step="Check the path.")
    if path.stat().st_size == 0:
        raise DeliveryError("The file is empty.", file=path.name, next_step="Ask the contributor to send it again.")
    checksum = _sha256(path)
    try:
        if file_format.format == "parquet":
            rows = _parquet(pool, path, names, view)
            return Delivered(rows, checksum, path.stat().st_size, "", "", "")
        flat = _flatten(path, file_format, work_dir)
        delimiter = "," if file_format.format != "csv" else file_format.delimiter or _delimiter(flat.path, path.name)
        quote = file_format.quotechar
        head = _head(flat.path, path.name, delimiter, quote, file_format.header_row)
        ours = _match(head, names, path.name, delimiter, file_format)
        rows = _view(pool, flat.path, path.name, delimiter, quote, file_format.header_row, ours, view, work_dir)
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
    return Delivered(rows, checksum, path.stat().st_size, flat.member, flat.encoding, delimiter)


def header(path: Path, file_format: FileFormat, work_dir: Path) -> list[str]:
    """The header of a file.

    Raises:
        DeliveryError: as ``read``.
    """
    if file_format.format == "parquet":
        return list(duckdb.connect().from_parquet(str(path)).columns)
    flat = _flatten(path, file_format, work_dir)
    delimiter = "," if file_format.format != "csv" else file_format.delimiter or _delimiter(flat.path, path.name)
    return _head(flat.path, path.name, delimiter, file_format.quotechar, file_format.header_row)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---------- to flat text ----------


def _flatten(path: Path, file_format: FileFormat, work_dir: Path) -> _Flat:
    if file_format.format in ("xlsx", "ods"):
        return _Flat(_sheet(path, file_format, work_dir), "utf-8", "")
    opened, member = _unpacked(path, work_dir)
    encoding = file_format.encoding or _encoding(opened)
    return _Flat(_utf8(opened, path.name, encoding, work_dir), encoding, member)


def _unpacked(path: Path, work_dir: Path) -> tuple[Path, str]:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        with gzip.open(path) as packed:
            return _stream(packed, path, work_dir), path.stem
    if magic == b"PK\x03\x04":
        return _unzipped(path, work_dir)
    if magic.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"PAR1")):
        raise DeliveryError(
            "The file is not text.", file=path.name, next_step="See whether source.toml names the right format."
        )
    return path, ""


def _unzipped(path: Path, work_dir: Path) -> tuple[Path, str]:
    try:
        with zipfile.ZipFile(path) as packed:
            members = [
                item for item in packed.infolist() if not item.is_dir() and not item.filename.startswith("__MACOSX")
            ]
            if any(item.filename in ("[Content_Types].xml", "mimetype", "content.xml") for item in members):
                raise DeliveryError(
                    "This is a spreadsheet, not a zip around a text file.",
                    file=path.name,
                    next_step='Set format = "xlsx" or "ods" in source.toml.',
                )
            if len(members) != 1:
                raise DeliveryError(
                    f"The zip holds {len(members)} files; one is wanted.",
                    file=path.name,
                    value=", ".join(item.filename for item in members[:5]),
                    next_step="Deliver each file by itself.",
                )
            with packed.open(members[0]) as inside:
                return _stream(inside, path, work_dir), members[0].filename
    except zipfile.BadZipFile as error:
        raise DeliveryError(
            f"The zip is damaged: {error}.", file=path.name, next_step="Ask the contributor to send it again."
        ) from None
    except (NotImplementedError, RuntimeError) as error:  # Deflate64 and its like; a password
        raise DeliveryError(
            f"The zip cannot be unpacked: {error}.",
            file=path.name,
            next_step="Ask for it as a plain zip without a password, or unpacked.",
        ) from None


def _stream(packed: IO[bytes] | gzip.GzipFile, path: Path, work_dir: Path) -> Path:
    target = work_dir / f"unpacked-{_sha256(path)[:12]}"
    written, packed_size = 0, path.stat().st_size
    try:
        with target.open("wb") as out:
            while piece := packed.read(PIECE):
                written += len(piece)
                if written > MOST_UNPACKED or (written > RATIO_FROM and written > MOST_RATIO * packed_size):
                    raise DeliveryError(
                        f"The file unpacks to more than {written:,} bytes; that is no data file.",
                        file=path.name,
                        next_step="Do not open it; ask the contributor what it is.",
                    )
                out.write(piece)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DeliveryError(
            f"The packed file is cut short or damaged: {error}.",
            file=path.name,
            next_step="Ask the contributor to send it again.",
        ) from None
    return target


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        if start.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        even, odd = start[::2].count(0), start[1::2].count(0)
        if max(even, odd) > len(start) / 5:
            return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8" if _first_bad_byte(path) is None else "cp1252"


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
    plain = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    if plain:
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
    try:
        with (
            path.open(encoding=encoding, errors="strict", newline="") as file,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while text := file.read(PIECE):
                out.write(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", text.removeprefix("\ufeff")))
    except UnicodeDecodeError as error:
        # cp1252 leaves five bytes without a character; nothing may vanish, so they are shown as such.
        if encoding == "cp1252":
            text = path.read_bytes().decode("cp1252", errors="replace")
            target.write_text(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", text), encoding="utf-8", newline="")
            return target
        raise DeliveryError(
            f"The file is not {encoding}: byte {error.start:,}.",
            file=name,
            field="file.encoding",
            value=encoding,
            next_step="Leave encoding out of source.toml, or name the right one.",
        ) from None
    except (LookupError, UnicodeError):  # "undefined" and others that decode no text
        raise DeliveryError(
            "There is no such encoding, or the file is not written in it.",
            file=name,
            field="file.encoding",
            value=encoding,
            next_step="Write utf-8, utf-16 or cp1252.",
        ) from None
    return target


def _has_controls(path: Path) -> bool:
    """Control characters, which break readers and screens, are replaced by U+FFFD in a copy."""
    odd = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
    with path.open("rb") as file:
        return any(odd.search(piece) for piece in iter(lambda: file.read(PIECE), b""))


def _row_of(path: Path, offset: int) -> int:
    with path.open("rb") as file:
        return file.read(offset).count(b"\n") + 1


def _sheet(path: Path, file_format: FileFormat, work_dir: Path) -> Path:
    """The sheet as a CSV of text, read by a child process under a cap, once the zip's directory has been looked at."""
    try:
        with zipfile.ZipFile(path) as packed:
            sizes = [(item.file_size, item.compress_size) for item in packed.infolist()]
    except zipfile.BadZipFile:
        raise DeliveryError(
            f"The file is not a {file_format.format} workbook.",
            file=path.name,
            field="file.format",
            value=file_format.format,
            next_step="Open it to see what it is, and save it as such.",
        ) from None
    total, packed_total = sum(size for size, _ in sizes), sum(small for _, small in sizes) or 1
    if (
        max((size for size, _ in sizes), default=0) > MOST_SHEET_MEMBER
        or total > MOST_SHEET_TOTAL
        or (total > 10_000_000 and total / packed_total > MOST_SHEET_RATIO)
    ):
        raise DeliveryError(
            f"The workbook unpacks to {total:,} bytes from {packed_total:,}; it is refused unread.",
            file=path.name,
            next_step="Ask for a CSV, or for fewer rows a file.",
        )
    out = work_dir / f"sheet-{_sha256(path)[:12]}.csv"
    command = [
        sys.executable,
        "-I",
        str(WORKER),
        str(path),
        file_format.sheet or "",
        str(out),
        str(SHEET_MEMORY),
        str(SHEET_SECONDS),
    ]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=SHEET_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise DeliveryError("Reading the workbook took too long.", file=path.name, next_step="Ask for a CSV.") from None
    if child.returncode != 0:
        said = (
            child.stderr.strip().splitlines()[-1][:200]
            if child.returncode == 3 and child.stderr.strip()
            else "its reader ran out of memory or time"
        )
        raise DeliveryError(
            f"The workbook cannot be read: {said}.",
            file=path.name,
            next_step="Open it, save it again, or ask for a CSV.",
        )
    return out


# ---------- header and rows ----------


def _delimiter(path: Path, name: str) -> str:
    """The delimiter that gives the header the most columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(100_000)
    found = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in DELIMITERS}
    best = max(found, key=lambda mark: found[mark])
    if not first.strip():
        raise DeliveryError("The first line is empty.", file=name, next_step="Set file.header_row in source.toml.")
    return best


def _records(path: Path, delimiter: str, quote: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, delimiter=delimiter, quotechar=quote)


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("\ufeff", "").strip()


def _head(path: Path, name: str, delimiter: str, quote: str, header_row: int) -> list[str]:
    csv.field_size_limit(10_000_000)
    records = _records(path, delimiter, quote)
    found: list[str] = []
    try:
        for _ in range(header_row):
            found = next(records)
    except (StopIteration, csv.Error):
        raise DeliveryError(
            "The file has no header.",
            file=name,
            row=header_row,
            next_step="Set file.header_row in source.toml, or ask for the file again.",
        ) from None
    return [_tidy(column) for column in found]


def _match(head: list[str], names: Mapping[str, str], file: str, delimiter: str, file_format: FileFormat) -> list[str]:
    """Our names in the order of the file's columns.

    Raises:
        DeliveryError: a column is missing, unknown or twice there.
    """
    if len(head) > MOST_COLUMNS:
        raise DeliveryError(
            f"The header has {len(head):,} columns; at most {MOST_COLUMNS:,} are read.",
            file=file,
            row=file_format.header_row,
            next_step="See whether this is the right file and delimiter.",
        )
    wanted = {_tidy(theirs): ours for theirs, ours in names.items()}
    if len(head) == 1 and len(wanted) > 1:
        other = {mark: head[0].count(mark) for mark in DELIMITERS if mark != delimiter}
        mark = max(other, key=lambda item: other[item])
        if other[mark]:
            raise DeliveryError(
                "The header is one single column.",
                file=file,
                field="file.delimiter",
                value=delimiter,
                next_step=f"The delimiter seems to be {mark!r}: say so in source.toml.",
            )
    twice = sorted({column for column in head if head.count(column) > 1})
    if twice:
        raise DeliveryError(
            "The header names a column twice.",
            file=file,
            row=file_format.header_row,
            field=twice[0],
            next_step="Rename one of them.",
        )
    missing = [column for column in wanted if column not in head]
    unknown = [column for column in head if column not in wanted]
    if missing or unknown:
        said = []
        for column in missing:
            near = difflib.get_close_matches(column, unknown, n=1)
            said.append(f"missing {column!r}" + (f" (is it {near[0]!r}?)" if near else ""))
        said += [f"unknown {column!r}" for column in unknown]
        raise DeliveryError(
            f"The columns differ from source.toml: {', '.join(said[:12])}.",
            file=file,
            row=file_format.header_row,
            field="columns",
            next_step="Map each under [columns], or list it under ignored, in source.toml.",
        )
    return [wanted[column] for column in head]


def _view(
    pool: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    delimiter: str,
    quote: str,
    header_row: int,
    ours: list[str],
    view: str,
    work_dir: Path,
) -> int:
    """Create the view over the flat file and count its rows, which also proves that every row can be read."""
    try:
        raw = pool.read_csv(
            str(path),
            columns=dict.fromkeys(ours, "VARCHAR"),
            header=False,
            skiprows=header_row,
            delimiter=delimiter,
            quotechar=quote,
            escapechar=quote,
            null_padding=False,
            ignore_errors=False,
            strict_mode=True,
            auto_detect=False,
            max_line_size=16_000_000,
        )
        raw.create_view("delivered_cells")
        _lay(pool, header_row)
        pool.sql("from delivered_rows").create_view(view)
    except duckdb.Error as error:
        raise _damage(str(error), path, name, delimiter, quote, len(ours)) from None
    return int(pool.sql("select count(*) from delivered_rows").fetchall()[0][0])


def _lay(pool: duckdb.DuckDBPyConnection, header_row: int) -> None:
    """The rows as a table: parsed once, numbered once."""
    pool.execute("drop view if exists delivered_file; drop table if exists delivered_rows")
    queries.lay_aside(pool, "mapping/delivered_rows", "delivered_rows", header_row=header_row)


def _damage(said: str, path: Path, name: str, delimiter: str, quote: str, width: int) -> DeliveryError:
    """Say which row is ragged or unterminated, in the reader's terms."""
    try:
        for number, record in enumerate(_records(path, delimiter, quote), start=1):
            if record and len(record) != width:
                return DeliveryError(
                    f"The row has {len(record)} fields; the header has {width}.",
                    file=name,
                    row=number,
                    value=delimiter.join(record)[:80],
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


def _parquet(pool: duckdb.DuckDBPyConnection, path: Path, names: Mapping[str, str], view: str) -> int:
    try:
        raw = pool.from_parquet(str(path))
        ours = _match([_tidy(column) for column in raw.columns], names, path.name, "", FileFormat("parquet"))
        renamed = raw.project(
            *[
                duckdb.ColumnExpression(theirs).cast("varchar").alias(mine)
                for theirs, mine in zip(raw.columns, ours, strict=True)
            ]
        )
        renamed.create_view("delivered_cells")
        _lay(pool, 0)
        pool.sql("from delivered_rows").create_view(view)
    except duckdb.Error as error:
        raise DeliveryError(
            f"The file is not Parquet: {str(error).splitlines()[0][:160]}",
            file=path.name,
            field="file.format",
            value="parquet",
            next_step="See whether source.toml names the right format.",
        ) from None
    return int(pool.sql("select count(*) from delivered_rows").fetchall()[0][0])
