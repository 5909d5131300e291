"""What people decided about candidate pairs: one append-only file of JSON lines per pool.

    <home>/decisions/<pool>.jsonl   {"one": …, "other": …, "decision": "accept", "by": "…", "at": "2026-02-01T10:00:00+00:00"}

A pair is two record ids, which stay the same when a file is delivered again. Nothing is ever changed or removed in the
file: the last line of a pair holds, and an undo is a line of its own.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from postflow import home
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
    """Every line, oldest first.

    Raises:
        PoolError: a line cannot be read.
    """
    file = path(pool)
    if not file.exists():
        return []
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(_checked(Decision(**json.loads(line))))
        except (ValueError, TypeError):
            raise PoolError(
                "A decision cannot be read.",
                file=file.name,
                row=number,
                value=line[:80],
                next_step="Mend or remove that line; the others hold.",
            ) from None
    return found


def in_force(pool: str) -> dict[tuple[str, str], Decision]:
    """The last word on each pair; pairs whose last word is an undo are not in it.

    Raises:
        PoolError: a line cannot be read.
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
    made = Decision(min(one, other), max(one, other), decision, by.strip(), moment)
    try:
        _checked(made)
    except ValueError as error:
        raise PoolError(
            str(error),
            field="decision",
            value=decision,
            next_step="Write your name and choose accept, reject or unsure.",
        ) from None
    file = path(pool)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # One short write in append mode: two people at once cannot tear each other's lines.
        with file.open("ab") as opened:
            opened.write((json.dumps(asdict(made), ensure_ascii=False) + "\n").encode())
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        raise home.unwritable(error) from None
    return made


def _checked(made: Decision) -> Decision:
    """Raises ValueError where the line does not say who decided what about two records."""
    if not all(isinstance(value, str) and value for value in asdict(made).values()):
        raise ValueError("A decision names two records, what is decided, who and when.")
    if made.decision not in KINDS or made.one >= made.other:
        raise ValueError("Not a decision about two records.")
    return made
