"""``make bench``: measure and write docs/benchmarks.md. ``ARGS="--only click"`` measures one part anew."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bench import bad_inputs, build, click, faults, files, queries, report

PARTS = ("build", "queries", "click", "files", "faults", "inputs")
RELIABILITY = ("faults", "inputs")
"""The parts that stand in docs/reliability.md."""
NAMED = ("duckdb", "streamlit", "plotly", "pandas", "polars", "dash")


def main() -> None:
    """Run the parts that were asked for, then write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure and write docs/benchmarks.md.")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part, keep the others' figures")
    parser.add_argument("--rows", type=int, action="append", help="sizes; default 1000000 and 10000000")
    parser.add_argument("--clicks", type=int, default=18, help="clicks a program, at least")
    parser.add_argument("--kills", type=int, default=sum(faults.KILLS.values()), help="processes killed, about")
    args = parser.parse_args()
    parts, sizes = args.only or PARTS, args.rows or [1_000_000, 10_000_000]
    if "build" in parts:
        report.keep("build", build.run(sizes))
    if "queries" in parts:
        report.keep("queries", {str(rows): queries.run(_pool(rows)) for rows in sizes})
    if "click" in parts:
        report.keep("click", click.run(_pool(min(sizes)), args.clicks))
    if "files" in parts:
        report.keep("files", files.run())
    if _reliability(parts, args.kills) and not set(parts) - set(RELIABILITY):
        return
    print(f"written: {report.write(_machine())}")


def _reliability(parts: Sequence[str], kills: int) -> bool:
    """Measure what is lost when things break; False where nothing of that was asked for."""
    asked = set(parts) & set(RELIABILITY)
    if "faults" in asked:
        report.keep("faults", faults.run(kills))
    if "inputs" in asked:
        report.keep("inputs", {"inputs": bad_inputs.measure()})
    if asked:
        print(f"written: {faults.write(report.kept('faults') | report.kept('inputs'))}")
    return bool(asked)


def _pool(rows: int) -> Path:
    """The pool of so many made-up rows; built where it is missing."""
    made = build.home_of(build.made(rows)) / "builds"
    if not list(made.glob("real-*.duckdb")):
        build.measure("bench_rows", build.made(rows), 1)
    return max(made.glob("real-*.duckdb"), key=lambda path: path.stat().st_mtime)


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in NAMED)
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {versions}"


if __name__ == "__main__":
    main()
