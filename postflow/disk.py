"""Files that last: written whole or not at all, on the disk before they are named, and closed to other accounts.

What is half-written carries the number of the process that writes it, so that what a killed one left behind can be told
from what a living one still needs.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import psutil

from postflow.errors import PoolError, plain

LONGEST_NAME = 120
"""Bytes of a file's name that are kept: file systems end at 255, some at 143, and Windows counts the folders in."""
_PART = re.compile(r"\.(\d+)-.*\.part")
_WORK = re.compile(r"(?:postflow|work)-(\d+)-.*")
_IS_WINDOWS = os.name == "nt"
_OWN: set[Path] = set()
"""What this process is writing or working in."""


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new one, never half."""
    with _written(path) as file:
        file.write(text.encode("utf-8"))


def copy(source: Path, target: Path) -> str:
    """Copy a file whole or not at all, and return the checksum of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as read, _written(target) as file:
        while piece := read.read(1 << 20):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


@contextmanager
def _written(path: Path) -> Generator[BinaryIO]:
    private_folder(path.parent)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{os.getpid()}-", suffix=".part")
    part = Path(name)
    _OWN.add(part)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        _OWN.discard(part)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Have the folder itself on the disk: a rename lasts only then."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def is_file(path: Path) -> bool:
    """Whether a file is there; False also for a name that no file can have."""
    try:
        return path.is_file()
    except OSError:
        return False


def sha256(path: Path) -> str:
    """Checksum of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def plain_name(name: str) -> str:
    """A file's name as it can be shown and stored: what is no character, or moves the cursor, is written out."""
    return plain(name, longest=10_000)


def short_name(name: str, longest: int = LONGEST_NAME) -> str:
    """The name in at most so many bytes of UTF-8: its end goes, its suffix stays."""
    name = re.sub(r"[/\0]", "_", name)
    if len(name.encode("utf-8", "surrogateescape")) <= longest:
        return name
    suffix = Path(name).suffix
    suffix = suffix if len(suffix.encode("utf-8", "surrogateescape")) <= 20 else ""
    room = longest - len(suffix.encode("utf-8", "surrogateescape"))
    return name.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore") + suffix


# ---------- closed to others ----------


def private_folder(path: Path) -> Path:
    """Make a folder, and those above it that are missing, for this account alone."""
    if not path.is_dir():
        if path.parent != path:
            private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        if _IS_WINDOWS:
            close_on_windows(path)
    return path


def close(folder: Path) -> list[str]:
    """Take from other accounts what they may do in a folder and with all in it; say what could not be closed."""
    if _IS_WINDOWS:
        return close_on_windows(folder) if folder.is_dir() else []
    said = []
    for path in [folder, *sorted(folder.rglob("*"))] if folder.is_dir() else []:
        if path.is_symlink() or not is_open(path):
            continue
        try:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)
        except FileNotFoundError:
            continue
        except OSError as error:
            said.append(
                f"Other accounts of this machine may open {path}, and that cannot be changed: {error.strerror}. "
                "Close it, or move POSTFLOW_HOME to a folder of your own."
            )
    return said


def is_open(path: Path) -> bool:
    """Whether any other account may read, write or enter; always False on Windows, where access lists say so."""
    try:
        return not _IS_WINDOWS and bool(path.stat().st_mode & 0o077)
    except FileNotFoundError:
        return False


def close_on_windows(folder: Path, run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run) -> list[str]:
    """Give a folder an access list of this account, the system and administrators; all in it inherits that."""
    account = f"{os.environ.get('USERDOMAIN', '.')}\\{os.environ.get('USERNAME') or getpass.getuser()}"
    allowed = [f"{who}:(OI)(CI)F" for who in (account, "*S-1-5-18", "*S-1-5-32-544")]
    command = ["icacls", str(folder), "/inheritance:r", "/grant:r", *allowed, "/Q"]
    try:
        done = run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return [f"The access list of {folder} cannot be set: {error.strerror}."]
    return [f"The access list of {folder} cannot be set: {done.stderr.strip()}"] if done.returncode else []


# ---------- what does not outlive its task ----------


@contextmanager
def work_folder(parent: Path | None = None, name: str = "postflow") -> Generator[Path]:
    """A folder for raw rows while they are worked on; gone after it, and swept later where the process was killed.

    Args:
        parent: the system's folder for temporary files if not given.
        name: ``work`` or ``postflow``.
    """
    with tempfile.TemporaryDirectory(dir=parent, prefix=f"{name}-{os.getpid()}-", ignore_cleanup_errors=True) as made:
        _OWN.add(Path(made))
        try:
            yield Path(made)
        finally:
            _OWN.discard(Path(made))


def sweep(folder: Path) -> None:
    """Delete the work folders and half-written files of processes that are no more, in a folder and below it."""
    for path in [*folder.glob("work-*"), *folder.glob("**/.*-*.part")]:
        _sweep(path, _PART if path.name.endswith(".part") else _WORK)


def sweep_temporary() -> None:
    """Delete this account's work folders in the system's folder for temporary files, where their process is no more."""
    for path in Path(tempfile.gettempdir()).glob("postflow-*-*"):
        try:
            is_own = _WORK.fullmatch(path.name) and (_IS_WINDOWS or path.lstat().st_uid == os.getuid())
        except FileNotFoundError:
            continue
        if is_own:
            _sweep(path, _WORK)


def _sweep(path: Path, form: re.Pattern[str]) -> None:
    named = form.fullmatch(path.name)
    if path in _OWN or (named and int(named[1]) != os.getpid() and _is_needed(path, int(named[1]))):
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_needed(path: Path, process: int) -> bool:
    """Whether the process that made it lives on; one that began later only has the same number."""
    try:
        return psutil.Process(process).create_time() <= path.lstat().st_mtime + 2
    except (psutil.Error, FileNotFoundError):
        return False


# ---------- what is said ----------


def unwritable(error: OSError) -> PoolError:
    """A full disk or a read-only folder, in words."""
    return PoolError(
        f"The pool's folder cannot be written: {error.strerror or error}.",
        file=str(error.filename or ""),
        next_step="Free space, or point POSTFLOW_HOME to a folder that you may write. The last good build stays in use.",
    )


def unreadable(error: OSError) -> PoolError:
    """A file of the pool that may not be opened, in words."""
    return PoolError(
        f"A file of the pool cannot be read: {error.strerror or error}.",
        file=str(error.filename or ""),
        next_step="See that this account may read it and that its disk is there, then try again.",
    )
