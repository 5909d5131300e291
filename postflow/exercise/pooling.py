"""From the exercise's delivered files to the exercise pool, through the same importer as real files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from postflow import __version__, home, pool, sources
from postflow.errors import ExportError, PoolError
from postflow.exercise.writing import Truth, write

MARK = "made.json"
"""Beside the truth: which seed, scale and version wrote the folder."""


def folder() -> Path:
    """Where the exercise lies unless told otherwise."""
    return home.folder() / "exercise"


def is_made(seed: int, scale: float) -> bool:
    """Whether the exercise pool in use is this one already."""
    try:
        made = json.loads((folder() / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return made == _mark(seed, scale) and pool.current("exercise") is not None


def make(
    seed: int, scale: float, out: Path | None = None, progress: Callable[[str], None] = print
) -> tuple[Truth, pool.PoolFile, list[pool.Report]]:
    """Write the exercise, put its declarations and files in the place of any earlier one, build the exercise pool.

    Raises:
        ExportError: the folder cannot be written.
        PoolError: the pool cannot be built; an earlier exercise pool stays in use.
    """
    target = out or folder()
    progress(f"writing an exercise of scale {scale:g}, seed {seed}")
    try:
        (folder() / MARK).unlink(missing_ok=True)
        truth = write(target, seed, scale)
    except OSError as error:
        raise ExportError(
            f"The exercise cannot be written: {error.strerror or error}.",
            file=str(target),
            next_step="Free space, or choose another --out.",
        ) from None
    keep(truth)
    published, reports = pool.build("exercise", progress=progress)
    home.replace_text(folder() / MARK, json.dumps(_mark(seed, scale)))
    return truth, published, reports


def keep(truth: Truth) -> None:
    """Declare the exercise's sources in the home and list their files as received; an earlier exercise is forgotten.

    One change of the pool: it is the earlier exercise or this one, never some of both.
    """
    declared, added = {}, []
    for source_id, path in sorted(truth.files.items()):
        declaration = truth.folder / "sources" / source_id / "source.toml"
        source = sources.load(declaration)
        if not source.synthetic:
            raise PoolError(
                "An exercise source must be synthetic.",
                file=str(declaration),
                field="synthetic",
                next_step="This is a fault of Postflow.",
            )
        declared[source_id] = declaration.read_text(encoding="utf-8")
        received = source.provenance.obtained_on
        added.append((home.Receipt(source_id, home.sha256(path), path.name, received.isoformat()), path))
    with pool.locked("exercise"):
        home.recover("exercise", truth.files)
        home.keep("exercise", added, declared, replaces=True)


def _mark(seed: int, scale: float) -> dict[str, object]:
    return {"seed": seed, "scale": scale, "version": __version__}
