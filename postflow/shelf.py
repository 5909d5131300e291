"""Where decks are kept: one a reader and pool, with a version, so that nobody writes over what another did.

<home>/decks/<pool>.toml            the deck of all who have not written their name
<home>/decks/<pool>/<hash>.toml     the deck of a reader; the hash is that of the name
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from postflow import decisions, deck, disk, home
from postflow.deck import Deck
from postflow.errors import ExportError, PoolError

WAIT_S = 10


class StaleError(PoolError):
    """A deck was changed elsewhere since the page was drawn."""


def path(pool: str, reader: str) -> Path:
    """The file of a reader's deck; capitals and spaces do not make another reader."""
    name = unicodedata.normalize("NFKC", decisions.plain(reader)).casefold()
    if not name:
        return home.folder() / "decks" / f"{pool}.toml"
    return home.folder() / "decks" / pool / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.toml"


def opened(pool: str, reader: str, title: str) -> tuple[Deck, str]:
    """A reader's deck as it is now, and what had to be done to open it, in words.

    Raises:
        PoolError: the file is there and may not be read, or one that is no deck cannot be set aside.
    """
    file = path(pool, reader)
    empty = Deck(title, reader=decisions.plain(reader))
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return empty, ""
    except OSError as error:
        raise disk.unreadable(error) from None
    try:
        if not text.strip(b"\0 \r\n"):
            raise ExportError("Not a deck: it is empty.")
        return replace(deck.open_file(file), reader=decisions.plain(reader)).identified(), ""
    except ExportError:
        aside = _aside(file)
        try:
            file.replace(aside)
        except OSError as error:
            raise home.unwritable(error) from None
        return empty, f"The kept deck could not be read and now lies beside it as {aside.name}; a new one is begun."


def _aside(file: Path) -> Path:
    """A name that no earlier deck was set aside under."""
    names = (file.with_suffix(f".unreadable{number or ''}.toml") for number in range(1_000_000))
    return next(name for name in names if not name.exists())


def change(
    pool: str, reader: str, title: str, make: Callable[[Deck], Deck | None], seen: int | None, own: Collection[int] = ()
) -> Deck:
    """Change a reader's deck by what it is now, and return it.

    Args:
        pool: ``real`` or ``exercise``.
        reader: whose deck; empty is the one that is shared.
        title: of a deck that is begun.
        make: the deck that it becomes; None where what is to be changed is no more.
        seen: the version that was looked at; None where any will do, as for one slide more.
        own: versions that the same person made since.

    Raises:
        StaleError: somebody else changed it since; nothing is done.
        PoolError: the folder cannot be written.
    """
    file = path(pool, reader)
    try:
        disk.private_folder(file.parent)
        with FileLock(file.with_suffix(".lock"), timeout=WAIT_S, mode=0o600):
            now, _ = opened(pool, reader, title)
            since = 0 if seen is None else now.version - seen
            is_stale = since > len(own) or not set(range(now.version - since + 1, now.version + 1)) <= set(own)
            made = None if is_stale or (seen or 0) > now.version else make(now)
            if made is None:
                raise StaleError(
                    "This deck was changed in another window since this page was drawn, so nothing was done.",
                    next_step="Below it stands as it is now; do it again if it still fits.",
                )
            kept = replace(made.identified(), version=now.version + 1, reader=now.reader)
            home.replace_text(file, deck.to_toml(kept))
            return kept
    except Timeout:
        raise PoolError("The deck is being changed by another window.", next_step="Try again.") from None
    except OSError as error:
        raise home.unwritable(error) from None
