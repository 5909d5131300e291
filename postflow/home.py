"""Where added files and builds live: ``$POSTFLOW_HOME``, or ``data/pool`` beside the code.

<home>/sources/<id>/source.toml          sources that are not shipped
<home>/delivered/<pool>/received.json    what was added: source, file, checksum, day
<home>/delivered/<pool>/<id>/<sha>-<name>
<home>/builds/<pool>-<build id>.duckdb   immutable; <home>/builds/<pool>.json points to the current one
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from postflow.errors import PoolError

DEFAULT = Path(__file__).resolve().parent.parent / "data" / "pool"
POOLS = ("real", "exercise")


@dataclass(frozen=True, order=True)
class Receipt:
    """One file that an analyst added."""

    source_id: str
    sha256: str
    file_name: str
    received_on: str
    """ISO date."""

    @property
    def kept_name(self) -> str:
        """Under which the file is kept: no two files share it."""
        return f"{self.sha256[:12]}-{self.file_name}"


def folder() -> Path:
    """The home folder, which need not exist yet."""
    return Path(os.environ.get("POSTFLOW_HOME") or DEFAULT)


def sources_folder() -> Path:
    """Declarations that an analyst added."""
    return folder() / "sources"


def delivered_folder(pool: str) -> Path:
    """The files that were added to a pool."""
    return folder() / "delivered" / pool


def builds_folder() -> Path:
    """The builds of both pools and their pointers."""
    return folder() / "builds"


def receipts(pool: str) -> list[Receipt]:
    """What was added to a pool, in a fixed order.

    Raises:
        PoolError: the list cannot be read.
    """
    path = delivered_folder(pool) / "received.json"
    if not path.exists():
        return []
    try:
        return sorted(Receipt(**item) for item in json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise PoolError(
            "The list of added files cannot be read.",
            file=str(path),
            next_step="Restore it from a backup, or delete it and add the files again.",
        ) from None


def keep(pool: str, added: list[tuple[Receipt, Path]]) -> None:
    """Copy the files into the home and list them; a file that is already there is left alone.

    Raises:
        PoolError: the folder cannot be written or the disk is full.
    """
    known = {(receipt.source_id, receipt.sha256): receipt for receipt in receipts(pool)}
    try:
        for receipt, path in added:
            target = delivered_folder(pool) / receipt.source_id / receipt.kept_name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target.with_suffix(target.suffix + ".part"))
                target.with_suffix(target.suffix + ".part").replace(target)
            known.setdefault((receipt.source_id, receipt.sha256), receipt)
        listed = json.dumps([asdict(receipt) for receipt in sorted(known.values())], indent=1)
        replace_text(delivered_folder(pool) / "received.json", listed)
    except OSError as error:
        raise unwritable(error) from None


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new one, never half."""
    part = path.with_suffix(f"{path.suffix}.{os.getpid()}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def sha256(path: Path) -> str:
    """Checksum of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unwritable(error: OSError) -> PoolError:
    """A full disk or a read-only folder, in words."""
    return PoolError(
        f"The pool's folder cannot be written: {error.strerror or error}.",
        file=str(error.filename or folder()),
        next_step="Free space, or point POSTFLOW_HOME to a folder that you may write. The last good build stays in use.",
    )


def today() -> date:
    """The day on this machine."""
    return date.today()
