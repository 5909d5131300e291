"""Linkage held to the truth: pair-level precision and recall. ``python -m postflow.exercise.scoring`` prints the figures.

The truth is read here and by tests only; the linkage itself never sees it.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from postflow import disk, duplicates, pool, queries
from postflow.exercise import pooling

SEEDS = (20261123, 1, 2, 3, 4)


@dataclass(frozen=True)
class Score:
    """Counts of pairs of records; a pair is true when both tell of one event."""

    true_pairs: int
    linked_pairs: int
    found_pairs: int
    """Linked and true."""
    queued_pairs: int
    queued_true_pairs: int
    linked_by_rule: int
    found_by_rule: int

    @property
    def precision(self) -> float:
        """Share of the linked pairs that are true."""
        return self.found_pairs / self.linked_pairs if self.linked_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that are linked."""
        return self.found_pairs / self.true_pairs if self.true_pairs else 1.0


def pairs(con: duckdb.DuckDBPyConnection, truth: Path) -> None:
    """Lay the temporary view ``linkage_pair`` over an exercise pool.

    Args:
        con: a connection to the exercise pool.
        truth: the exercise's folder, which holds ``truth/pairs.parquet``.
    """
    con.register("true_pair", con.from_parquet(str(truth / "truth" / "pairs.parquet")).to_arrow_table())
    con.register("linkage_pair", queries.relation(con, "exercise/linkage_pairs").to_arrow_table())


def score(con: duckdb.DuckDBPyConnection, truth: Path) -> Score:
    """Compare the links of an exercise pool with the truth."""
    pairs(con, truth)
    return Score(*queries.relation(con, "exercise/linkage_score").fetchall()[0])


@contextmanager
def _home() -> Generator[Path]:
    """A home of one's own for as long as the comparison takes; the analyst's pools stay as they are."""
    before = os.environ.get("POSTFLOW_HOME")
    with disk.work_folder() as folder:
        os.environ["POSTFLOW_HOME"] = str(folder)
        try:
            yield folder
        finally:
            os.environ.pop("POSTFLOW_HOME")
            if before is not None:
                os.environ["POSTFLOW_HOME"] = before


def main() -> None:
    """Print one line of a Markdown table per seed."""
    parser = argparse.ArgumentParser(description="Linkage against the truth of the exercise, per seed.")
    parser.add_argument("--seed", type=int, action="append", help="may be repeated; five seeds if not given")
    parser.add_argument("--scale", type=float, default=1.0)
    args = parser.parse_args()
    _say("| seed | records | pairs true | linked | precision | recall | queue (true) | linkage | peak memory |")
    _say("|---|---|---|---|---|---|---|---|---|")
    for seed in args.seed or SEEDS:
        with _home():
            _say(_line(seed, args.scale))


def _line(seed: int, scale: float) -> str:
    spent: list[float] = []
    peaks: list[float] = []
    marked = duplicates.mark

    def timed(con: duckdb.DuckDBPyConnection, name: str) -> None:
        _forget_peak()
        started = time.perf_counter()
        marked(con, name)
        spent.append(time.perf_counter() - started)
        peaks.append(_peak_gb())

    duplicates.mark = timed
    try:
        truth, published, _ = pooling.make(seed, scale, progress=lambda _: None)
    finally:
        duplicates.mark = marked
    with pool.connect(published.path) as con:
        found = score(con, truth.folder)
        records = con.execute("select count(*) from seizure").fetchall()[0][0]
    return (
        f"| {seed} | {records:,} | {found.true_pairs:,} | {found.linked_pairs:,} | {found.precision:.4f} | {found.recall:.4f} "
        f"| {found.queued_pairs:,} ({found.queued_true_pairs:,}) | {spent[0]:.1f} s | {peaks[0]:.1f} GB |"
    )


def _forget_peak() -> None:
    """Begin a new peak of memory, where the system lets a process do so (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_gb() -> float:
    """Most memory held since then, in GB of 2^30 bytes; of the whole process where that is all there is."""
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
        if found:
            return int(found[1]) / (1 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
