"""What came in a gzip or a zip as a plain file, in pieces: a bomb is refused before it fills a disk.

A file is looked at before it is opened: a pipe would be waited for, a device read for ever.
"""

from __future__ import annotations

import gzip
import lzma
import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO

from postflow import disk, limits
from postflow.errors import DeliveryError
from postflow.limits import MEGABYTE

PIECE = 1 << 20
RATIO_FROM = 100 * MEGABYTE
"""What unpacks to less may be packed as well as it likes."""
NOT_TEXT = {
    b"\xd0\xcf\x11\xe0": "an old Office file, or one with a password",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
    b"7z\xbc\xaf": "a 7-zip archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a text document (RTF)",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}


def look(path: Path) -> None:
    """Refuse what is no file that can be read.

    Raises:
        DeliveryError: it is missing, empty, closed to this account, a folder, a pipe or a device.
    """
    try:
        found = path.stat()
        kind = _kind(found.st_mode)
        if not kind:
            path.open("rb").close()
    except FileNotFoundError:
        raise DeliveryError("There is no such file.", file=path.name, next_step="Check the path.") from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", "") or error
        raise DeliveryError(
            f"The file cannot be opened: {said}.", file=path.name, next_step="Check the path and the rights."
        ) from None
    if kind:
        raise DeliveryError(
            f"This is {kind}, not a file.", file=path.name, next_step="Name the file itself, or copy it into one."
        )
    if found.st_size == 0:
        raise DeliveryError("The file is empty.", file=path.name, next_step="Ask the contributor to send it again.")


def _kind(mode: int) -> str:
    """What it is where it is no file."""
    if stat.S_ISREG(mode):
        return ""
    return "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"


def unpacked(path: Path, work_dir: Path) -> tuple[Path, str]:
    """The file itself, or what is in the gzip or zip; and its name inside, empty for a plain file.

    Raises:
        DeliveryError: it is damaged, holds something else than one file, unpacks to too much, or is no text.
    """
    with path.open("rb") as file:
        start = file.read(16)
        if start[:2] == b"\x1f\x8b":
            file.seek(0)
            with gzip.GzipFile(fileobj=file) as packed:
                return _stream(packed, file, path, work_dir), path.stem
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _unzipped(path, work_dir)
    _refuse_binary(start, path.name)
    return path, ""


def _refuse_binary(start: bytes, name: str) -> None:
    for mark, kind in NOT_TEXT.items():
        if start.startswith(mark):
            raise DeliveryError(
                f"The file is not text: it is {kind}.",
                file=name,
                next_step="See whether source.toml names the right format, or ask for a CSV.",
            )


def _unzipped(path: Path, work_dir: Path) -> tuple[Path, str]:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as packed:
            member = _only_member(packed, path)
            with packed.open(member) as inside:
                return _stream(inside, file, path, work_dir), member.filename
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError) as error:
        raise DeliveryError(
            f"The zip is damaged: {error}.", file=path.name, next_step="Ask the contributor to send it again."
        ) from None
    except NotImplementedError as error:  # Deflate64 and its like
        raise _locked(f"The zip cannot be unpacked: {error}", path) from None
    except RuntimeError:
        raise _locked("The zip cannot be unpacked: it has a password", path) from None


def _locked(words: str, path: Path) -> DeliveryError:
    return DeliveryError(
        f"{words.removesuffix('.')}.",
        file=path.name,
        next_step="Ask for it as a plain zip without a password, or unpacked.",
    )


def _only_member(packed: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [item for item in packed.infolist() if not item.is_dir() and not item.filename.startswith("__MACOSX")]
    names = {item.filename for item in members}
    if names & {"[Content_Types].xml", "mimetype", "content.xml"}:
        document = {"word/document.xml": "a text document", "ppt/presentation.xml": "a set of slides"}
        kind = next((kind for name, kind in document.items() if name in names), "a spreadsheet")
        raise DeliveryError(
            f"This is {kind}, not a zip around a text file.",
            file=path.name,
            next_step='Set format = "xlsx" or "ods" in source.toml.'
            if kind == "a spreadsheet"
            else "Ask for the table itself, as a CSV or a workbook.",
        )
    if len(members) != 1:
        raise DeliveryError(
            f"The zip holds {len(members)} files; one is wanted.",
            file=path.name,
            value=", ".join(item.filename for item in members[:5]),
            next_step="Deliver each file by itself.",
        )
    return members[0]


def _stream(packed: IO[bytes] | gzip.GzipFile, file: BinaryIO, path: Path, work_dir: Path) -> Path:
    """Write what is inside into the work folder.

    Args:
        file: the packed file, whose place tells how much of it has been read.
    """
    target = work_dir / f"unpacked-{disk.sha256(path)[:12]}"
    allowed, written = limits.current(), 0
    try:
        with target.open("wb") as out:
            while piece := packed.read(PIECE):
                written += len(piece)
                is_bomb = written > RATIO_FROM and written > allowed.times_packed * file.tell()
                if is_bomb or written > allowed.unpacked_mb * MEGABYTE:
                    raise DeliveryError(
                        f"The file unpacks to more than {written:,} bytes; that is no data file.",
                        file=path.name,
                        next_step="Do not open it; ask the contributor what it is.",
                    )
                out.write(piece)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DeliveryError(
            f"The packed file is cut short or damaged: {error}.",
            file=path.name,
            next_step="Ask the contributor to send it again.",
        ) from None
    if written == 0:
        raise DeliveryError(
            "The packed file is empty.", file=path.name, next_step="Ask the contributor to send it again."
        )
    with target.open("rb") as inside:
        _refuse_binary(inside.read(16), path.name)
    return target
