"""What people decided about candidate pairs: one append-only file of JSON lines per pool.

    <home>/decisions/<pool>.jsonl   {"one": …, "other": …, "decision": "accept", "by": "…", "at": "2026-02-01T10:00:00+00:00"}

A pair is two record ids, which stay the same when a file is delivered again. Nothing is ever changed or removed in the
file: the last line of a pair holds, and an undo is a line of its own.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from postflow import home, journal
from postflow.errors import PoolError

ACCEPT, REJECT, UNSURE, UNDO = "accept", "reject", "unsure", "undo"
KINDS = (ACCEPT, REJECT, UNSURE, UNDO)


@dataclass(frozen=True)
class Decision:
    """One person's word on one pair."""

    one: str
    """The smaller of the two seizure ids."""
    other: str
    decision: str
    by: str
    """Who decided, as they named themselves."""
    at: str
    """ISO 8601, UTC."""

    @property
    def pair(self) -> tuple[str, str]:
        """The two records, as they are keyed."""
        return self.one, self.other


def path(pool: str) -> Path:
    """The pool's file, which need not exist."""
    return home.folder() / "decisions" / f"{pool}.jsonl"


def history(pool: str) -> list[Decision]:
    """Every decision that can be read, oldest first; ``spoilt`` tells of the others.

    Raises:
        PoolError: the file is there and may not be read.
    """
    return _read(pool)[0]


def spoilt(pool: str) -> list[str]:
    """What cannot be read of the file, a sentence a line; the other lines hold.

    Raises:
        PoolError: the file is there and may not be read.
    """
    return _read(pool)[1]


def _read(pool: str) -> tuple[list[Decision], list[str]]:
    lines, lost = journal.read(path(pool))
    found = []
    for line in lines:
        try:
            found.append(_checked(Decision(**line.told)))
        except (ValueError, TypeError):
            lost.append(journal.Spoilt(line.row, json.dumps(line.told)[:80]))
    words = "A decision cannot be read and does not count: {file}, row {row}, {text!r}. Mend or remove that line; the others hold."
    lost.sort(key=lambda line: line.row)
    return found, [words.format(file=path(pool).name, row=line.row, text=line.text) for line in lost]


def in_force(pool: str) -> dict[tuple[str, str], Decision]:
    """The last word on each pair; pairs whose last word is an undo are not in it.

    Raises:
        PoolError: the file is there and may not be read.
    """
    last = {decision.pair: decision for decision in history(pool)}
    return {pair: decision for pair, decision in last.items() if decision.decision != UNDO}


def add(pool: str, one: str, other: str, decision: str, by: str, at: datetime | None = None) -> Decision:
    """Append one decision.

    Args:
        pool: ``real`` or ``exercise``.
        one, other: seizure ids in any order.
        decision: one of ``KINDS``.
        by: who decides; may not be empty.
        at: when; now if not given.

    Raises:
        PoolError: nobody is named, the decision is not one of ``KINDS``, or the file cannot be written.
    """
    moment = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    made = Decision(min(one, other), max(one, other), decision, plain(by), moment)
    try:
        _checked(made)
    except ValueError as error:
        raise PoolError(
            str(error),
            field="decision",
            value=decision,
            next_step="Write your name and choose accept, reject or unsure.",
        ) from None
    try:
        journal.append(path(pool), asdict(made))
    except OSError as error:
        raise home.unwritable(error) from None
    return made


def plain(name: str) -> str:
    """A person's name as it is kept: without what is no character, breaks a line or is space around it."""
    clean = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    return " ".join("".join(letter if letter.isprintable() else " " for letter in clean).split())


def _checked(made: Decision) -> Decision:
    """Raises ValueError where the line does not say who decided what about two records."""
    if not all(isinstance(value, str) and value for value in asdict(made).values()):
        raise ValueError("A decision names two records, what is decided, who and when.")
    "".join(asdict(made).values()).encode("utf-8")  # half a sign can be shown nowhere: a ValueError
    if made.decision not in KINDS or made.one >= made.other:
        raise ValueError("Not a decision about two records.")
    return made
