"""Secrets of a home: from the environment, else from a file beside the pool that no other account may read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from postflow import disk
from postflow.errors import PoolError


def kept(variable: str, path: Path, what: str) -> bytes:
    """The environment's, else the file's; empty where there is neither.

    Args:
        variable: the name in the environment.
        path: the file.
        what: of which it is the key, as people say it.

    Raises:
        PoolError: the file is empty, cannot be read, or other accounts may read it.
    """
    given = os.environ.get(variable, "").strip().encode()
    if given or not path.exists():
        return given
    if disk.is_open(path):
        raise PoolError(
            f"Other accounts of this machine may read the key of {what}.",
            file=str(path),
            next_step=f"Close it with `chmod 600 {path}`; if somebody may have read it, make a new key.",
        )
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise disk.unreadable(error) from None
    if not key:
        raise PoolError(
            f"The key of {what} is empty.",
            file=str(path),
            next_step="Put the key back from its backup; under another one, nothing kept before can be told equal.",
        )
    return key


def fingerprint(key: bytes, label: str) -> str:
    """What may be known of the key: enough to tell two keys apart; empty without a key."""
    return hashlib.sha256(label.encode() + b"|" + key).hexdigest()[:16] if key else ""
