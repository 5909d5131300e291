"""Where added files and builds live: ``$POSTFLOW_HOME``, or ``data/pool`` beside the code.

<home>/sources/<id>/source.toml          sources that are not shipped
<home>/delivered/<pool>/journal.jsonl    what was added, replaced and withdrawn: the truth, only ever appended to
<home>/delivered/<pool>/received.json    what is in the pool now, for people: source, file, checksum, day
<home>/delivered/<pool>/<id>/<sha>-<name>
<home>/builds/<pool>-<build id>.duckdb   immutable; <home>/builds/<pool>.json points to the current one

A change of what was delivered is one line of the journal. Its files lie in their places before that line is written, and
what follows from it (declarations, the list for people, old files away) is done again by ``recover`` until it is done.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from postflow import disk, journal
from postflow.disk import replace_text, sha256, unwritable
from postflow.errors import DeliveryError

__all__ = ["replace_text", "sha256", "unwritable"]

DEFAULT = Path(__file__).resolve().parent.parent / "data" / "pool"
POOLS = ("real", "exercise")
_ID = r"[a-z][a-z0-9_]*"
PARTS = ("sources", "delivered", "builds", "decisions", "decks", "exercise")
"""The folders of a home; all else in it is somebody else's."""


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
        return f"{self.sha256[:12]}-{disk.short_name(self.file_name)}"

    @property
    def key(self) -> tuple[str, str]:
        """Source and checksum: the same file is received once."""
        return self.source_id, self.sha256


def is_shared() -> bool:
    """Whether this server is shared with readers who may not change its pool: POSTFLOW_SHARED says so."""
    return os.environ.get("POSTFLOW_SHARED", "").strip().lower() not in ("", "0", "no", "false", "off")


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


def kept_path(pool: str, receipt: Receipt) -> Path:
    """Where a received file is, or should be."""
    own = delivered_folder(pool) / receipt.source_id
    whole = own / f"{receipt.sha256[:12]}-{disk.short_name(receipt.file_name, 10_000)}"
    try:
        return whole if whole.exists() else own / receipt.kept_name
    except OSError:  # the whole name is longer than the file system takes
        return own / receipt.kept_name


def close() -> list[str]:
    """Close what is stored to other accounts, sweep what killed processes left, and say what could not be closed."""
    said = []
    for name in PARTS:
        disk.sweep(folder() / name)
        said += disk.close(folder() / name)
    disk.sweep_temporary()
    return said


def today() -> date:
    """The day on this machine."""
    return date.today()


# ---------- what was received ----------


@dataclass
class _Held:
    """What the journal says."""

    receipts: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Files, as ``<source>/<kept name>``, that belong to nothing any more."""
    gone_keys: set[tuple[str, str]] = field(default_factory=set)
    unfinished: list[dict[str, Any]] = field(default_factory=list)
    """Changes whose consequences may not all be there."""
    spoilt: list[journal.Spoilt] = field(default_factory=list)


def _journal(pool: str) -> Path:
    return delivered_folder(pool) / "journal.jsonl"


def _list(pool: str) -> Path:
    return delivered_folder(pool) / "received.json"


def receipts(pool: str) -> list[Receipt]:
    """What was added to a pool, in a fixed order, whichever of the journal and the list still tells of it.

    Raises:
        PoolError: the files are there and may not be read.
    """
    held = _held(pool)
    return sorted((held.receipts | _only_listed(pool, held)).values())


def _held(pool: str) -> _Held:
    lines, spoilt = journal.read(_journal(pool))
    held = _Held(spoilt=spoilt)
    for line in lines:
        try:
            _follow(held, line.told)
        except (TypeError, ValueError, KeyError, AttributeError):
            held.spoilt.append(journal.Spoilt(line.row, json.dumps(line.told)[:80]))
    return held


def _follow(held: _Held, told: dict[str, Any]) -> None:
    if told["step"] == "begin":
        held.gone |= {f"{receipt.source_id}/{receipt.kept_name}" for receipt in map(_receipt, told["files"])}
    elif told["step"] == "kept":
        if not all(re.fullmatch(_ID, name) and text.encode("utf-8") for name, text in told["declared"].items()):
            raise ValueError("Not a declaration.")
        received = {receipt.key: receipt for receipt in map(_receipt, told["received"])}
        away = {(str(source), str(checksum)) for source, checksum in told["away"]}
        before = {key: receipt for key, receipt in held.receipts.items() if key in away}
        held.receipts = {key: receipt for key, receipt in held.receipts.items() if key not in away} | received
        held.gone |= {f"{receipt.source_id}/{receipt.kept_name}" for receipt in before.values()}
        held.gone -= {f"{receipt.source_id}/{receipt.kept_name}" for receipt in held.receipts.values()}
        held.gone_keys = (held.gone_keys | away) - held.receipts.keys()
        held.unfinished.append(told)
    elif told["step"] == "done":
        held.unfinished.clear()


def _receipt(told: Mapping[str, Any]) -> Receipt:
    """Raises ValueError, TypeError or KeyError where it is none."""
    made = Receipt(*(str(told[name]) for name in Receipt.__dataclass_fields__))
    date.fromisoformat(made.received_on)
    is_whole = re.fullmatch(_ID, made.source_id) and re.fullmatch(r"[0-9a-f]{64}", made.sha256)
    if not is_whole or not made.file_name.encode("utf-8"):
        raise ValueError("Not a receipt.")
    return made


def _listed(pool: str) -> tuple[list[Receipt], bool]:
    """What the list for people says, and whether all of it could be read."""
    try:
        told = json.loads(_list(pool).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return [], True
    except (ValueError, RecursionError):
        return [], False
    except OSError as error:
        raise disk.unreadable(error) from None
    found, is_whole = [], isinstance(told, list)
    for item in told if isinstance(told, list) else []:
        try:
            found.append(_receipt(item))
        except (TypeError, ValueError, KeyError):
            is_whole = False
    return found, is_whole


def _only_listed(pool: str, held: _Held) -> dict[tuple[str, str], Receipt]:
    """Receipts of the list that the journal does not know: an older version kept no journal."""
    known = held.receipts.keys() | held.gone_keys
    return {receipt.key: receipt for receipt in sorted(_listed(pool)[0], reverse=True) if receipt.key not in known}


# ---------- changes ----------


def begin(pool: str, added: Iterable[tuple[Receipt, Path]]) -> None:
    """Lay files in their places without keeping them yet: ``keep`` makes them count, the next ``recover`` takes them away.

    Raises:
        DeliveryError: a file is not what its receipt says.
        PoolError: the folder cannot be written or the disk is full; nothing is left behind.
    """
    known = {receipt.key for receipt in receipts(pool)}
    wanted = {receipt.key: (receipt, path) for receipt, path in added}
    new = [item for key, item in wanted.items() if key not in known and not _lies_there(pool, item[0])]
    if not new:
        return
    try:
        journal.append(_journal(pool), {"step": "begin", "files": [asdict(receipt) for receipt, _ in new]})
        for receipt, path in new:
            if disk.copy(path, kept_path(pool, receipt)) != receipt.sha256:
                raise DeliveryError(
                    "The file changed while it was read.",
                    file=receipt.file_name,
                    next_step="Wait until it is written, then add it again.",
                )
    except BaseException as error:
        forget(pool)
        if isinstance(error, OSError):
            raise unwritable(error) from None
        raise


def _lies_there(pool: str, receipt: Receipt) -> bool:
    path = kept_path(pool, receipt)
    return path.is_file() and sha256(path) == receipt.sha256


def forget(pool: str) -> None:
    """Take away the files that were begun and not kept, and those that belong to nothing any more."""
    held = _held(pool)
    wanted = {f"{receipt.source_id}/{receipt.kept_name}" for receipt in receipts(pool)}
    for name in sorted(held.gone - wanted):
        path = delivered_folder(pool) / name
        try:
            path.unlink(missing_ok=True)
        except OSError:
            continue


def keep(
    pool: str,
    added: list[tuple[Receipt, Path]],
    declared: Mapping[str, str] | None = None,
    replaces: bool = False,
) -> None:
    """Keep the files and list them; a file that is already there is left alone.

    Args:
        pool: ``real`` or ``exercise``.
        added: what each file is, and where it is now.
        declared: the source.toml, by source, that is kept with them.
        replaces: nothing that was received before belongs to the pool any more.

    Raises:
        DeliveryError: a file is not what its receipt says.
        PoolError: the folder cannot be written or the disk is full; nothing is kept then.
    """
    begin(pool, added)
    known = {receipt.key: receipt for receipt in receipts(pool)}
    wanted = {receipt.key: receipt for receipt, _ in reversed(added)}
    received = [receipt for key, receipt in wanted.items() if key not in known]
    away = sorted(known.keys() - wanted.keys()) if replaces else []
    _change(pool, received, away, declared or {})


def withdraw(pool: str, receipt: Receipt) -> None:
    """Take a file out of the pool: from the next build on it is not read, and its kept copy is deleted.

    Raises:
        PoolError: the folder cannot be written.
    """
    _change(pool, [], [receipt.key], {})


def _change(pool: str, received: list[Receipt], away: list[tuple[str, str]], declared: Mapping[str, str]) -> None:
    if not (received or away or declared):
        return
    told = {
        "step": "kept",
        "id": uuid.uuid4().hex[:12],
        "received": [asdict(receipt) for receipt in received],
        "away": away,
        "declared": dict(declared),
    }
    try:
        journal.append(_journal(pool), told)
    except OSError as error:
        forget(pool)
        raise unwritable(error) from None
    try:
        _finish(pool)
    except OSError:
        return  # it is kept; the next recovery finishes it


def _finish(pool: str) -> None:
    """Do what follows from the journal's last changes; done twice it is the same."""
    held = _held(pool)
    for told in held.unfinished:
        for source_id, text in told["declared"].items():
            replace_text(sources_folder() / source_id / "source.toml", text)
    listed = sorted((held.receipts | _only_listed(pool, held)).values())
    replace_text(_list(pool), json.dumps([asdict(receipt) for receipt in listed], indent=1))
    forget(pool)
    if held.unfinished:
        journal.append(_journal(pool), {"step": "done"})


# ---------- after a fault ----------


def recover(pool: str, known_sources: Iterable[str]) -> list[str]:
    """Finish what a killed process began, take back what the list or the folder still has, and say what was amiss.

    Raises:
        PoolError: the folder cannot be written.
    """
    if not delivered_folder(pool).is_dir():
        return []
    try:
        said = _mend_list(pool)
        forget(pool)
        said += _mend_files(pool, set(known_sources))
        _finish(pool)
    except OSError as error:
        raise unwritable(error) from None
    return said


def _mend_list(pool: str) -> list[str]:
    held = _held(pool)
    said = [
        f"Line {line.row} of the journal of added files cannot be read and is left aside: {line.text!r}."
        for line in held.spoilt
    ]
    found, is_whole = _listed(pool)
    if not is_whole:
        aside = _list(pool).with_name(f"received.unreadable-{sha256(_list(pool))[:8]}.json")
        _list(pool).replace(aside)
        said.append(
            f"The list of added files could not be read; it now lies beside as {aside.name} and is written anew."
        )
    elif held.receipts.keys() - {receipt.key for receipt in found} and not held.unfinished:
        number = len(held.receipts.keys() - {receipt.key for receipt in found})
        said.append(
            f"The list of added files left out {number} of the files that the journal knows; it is "
            "written anew. `python -m postflow withdraw` takes a file out."
        )
    if len({receipt.key for receipt in found}) < len(found):
        said.append("The list of added files names a file twice; it is counted once.")
    taken = {
        receipt.key: receipt for receipt in found if receipt.key not in held.receipts | dict.fromkeys(held.gone_keys)
    }
    if taken:
        _commit_only(pool, list(taken.values()))
    return said


def _commit_only(pool: str, received: list[Receipt]) -> None:
    told = [asdict(receipt) for receipt in received]
    journal.append(_journal(pool), {"step": "kept", "received": told, "away": [], "declared": {}})


def _mend_files(pool: str, known_sources: set[str]) -> list[str]:
    """Files that nothing lists: one that is whole and whose source is known belongs to the pool, another is named."""
    said, found = [], []
    for path in unlisted(pool):
        if path.suffix == ".part":  # an older version's half of a copy
            path.unlink(missing_ok=True)
            continue
        checksum = sha256(path)
        name = path.name.removeprefix(f"{checksum[:12]}-")
        if path.parent.name in known_sources and name != path.name and disk.plain_name(name) == name:
            day = datetime.fromtimestamp(path.stat().st_mtime).date().isoformat()
            found.append(Receipt(path.parent.name, checksum, name, day))
            said.append(f"{name} of {path.parent.name} was kept and not listed; it is listed again.")
    if found:
        _commit_only(pool, found)
    return said


def unlisted(pool: str) -> list[Path]:
    """Kept files that neither the journal nor the list names."""
    listed = {kept_path(pool, receipt) for receipt in receipts(pool)}
    return [path for path in sorted(delivered_folder(pool).glob("*/*")) if path.is_file() and path not in listed]
