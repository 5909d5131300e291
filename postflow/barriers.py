"""The barrier model as data: ``data/barriers.toml``, which partners edit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from postflow import toml
from postflow.errors import SourceError

FILE = Path(__file__).resolve().parent.parent / "data" / "barriers.toml"
SIDES = ("", "export", "transit", "import")
MOST_BYTES = 128_000
COUNTS = ("", "from_information", "advance_data", "controlled_deliveries")
"""What beside rows of the step itself can be counted."""


@dataclass(frozen=True)
class Step:
    """One step of the process, and what stands in its way."""

    id: str
    """As the column barrier_step of the rows writes it: 0 to 10, X."""
    name: str
    action: str
    opportunity: str
    signal: str
    barrier: str
    partners: tuple[str, ...]
    measured: str
    """What the pool can show of it, in words."""
    side: str = ""
    """The side of interception that belongs to the step; empty where none does."""
    counts: str = ""
    """Another number of the step; one of COUNTS."""


def steps(file: Path = FILE) -> tuple[Step, ...]:
    """The steps in the order of the file.

    Raises:
        SourceError: the file is not TOML, or a step lacks a field, has an unknown one, or repeats an id.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SourceError(f"The barrier model is larger than {MOST_BYTES:,} bytes.", file=file.name)
        listed = toml.read(file.read_text(encoding="utf-8")).get("step", [])
        found = tuple(Step(**{**row, "partners": tuple(row.get("partners", ()))}) for row in listed)
    except (OSError, ValueError, RecursionError, TypeError, AttributeError) as error:
        raise SourceError("The barrier model cannot be read.", file=file.name, value=str(error)[:120]) from None
    for number, step in enumerate(found, start=1):
        words = {name: value for name, value in vars(step).items() if name != "partners"}
        wrong = [name for name, value in words.items() if not isinstance(value, str)]
        if wrong or not all(isinstance(partner, str) for partner in step.partners):
            raise SourceError("Not text.", file=file.name, field=f"step {number}, {(wrong or ['partners'])[0]}")
    for step in found:
        if step.side not in SIDES or step.counts not in COUNTS:
            raise SourceError("No such side or count.", file=file.name, field=step.id, value=step.side or step.counts)
    if len({step.id for step in found}) < len(found):
        raise SourceError("A step stands twice.", file=file.name)
    return found
