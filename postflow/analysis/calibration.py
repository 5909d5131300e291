"""Do the methods keep their word? Simulation against a known truth, written to docs/calibration.md.

``python -m postflow.analysis.calibration`` runs the full set (about five minutes) and writes the report; ``--quick``
prints a short one. The same seeds give the same report. The pages are held to made-up worlds by a program of their own,
``postflow.worlds``, which may know pages and worlds; this one only starts it and prints what it found.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from postflow.analysis import checks, checks_flows, grid

REPORT = Path(__file__).resolve().parents[2] / "docs" / "calibration.md"
SECTIONS: tuple[tuple[str, str, Callable[[int], list[checks.Check]]], ...] = (
    ("Intervals", "Share of 95 % intervals that hold the truth. Below 93 % they promise too much.", checks.intervals),
    (
        "Change points",
        "False alarms on series that do not change; finds within three months on series that double halfway.",
        checks.change_points,
    ),
    (
        "Trend and season",
        "False alarms at 5 %, power, and how often the slope's interval holds the truth.",
        checks.trends,
    ),
    (
        "Nowcast",
        "Share of unfinished months whose final count lies in the interval; error beside that of the bare counts.",
        checks_flows.nowcasts,
    ),
    (
        "Displacement",
        "Where a quotient is given: does its interval hold the truth, and is displacement claimed where there is none?",
        checks_flows.displacements,
    ),
    (
        "Emerging",
        "Runs with any false alarm where nothing changed; finds where one category rises.",
        checks_flows.emergences,
    ),
    (
        "False alarms over the grid",
        "Worlds in which nothing changes: autocorrelation 0 to 0.8, 36, 60 and 120 months, 1, 5, 20 and 80 a month, "
        "Poisson, NB k = 5 and k = 1.5, seasons of 0 and ± 40 %. Autocorrelation is that of the counts, or that of a "
        "level which wanders by about 40 % and comes back. Each line holds all worlds of its autocorrelation; the "
        "worlds whose own share is past 5 % by more than noise (99 % Wilson interval) are counted beneath it. "
        "*Declined*: nothing is claimed, and the page says why.",
        grid.checks,
    ),
    ("Mirror", "Share of asymmetry intervals that hold the truth.", checks_flows.mirrors),
)


WORLDS = (
    "The pages against made-up worlds",
    "What the figures say, read from their rows as pages show them, against what is planted in the exercise "
    "(`data/exercise/effects.csv`): worlds of about 42,000 seizures, read and linked without error.",
)
WORLD_SEEDS, QUICK_SEEDS = 24, 2


@dataclass(frozen=True)
class Section:
    """One part of the report."""

    title: str
    about: str
    checks: list[checks.Check]


def run(runs: int) -> list[Section]:
    """All checks; ``runs`` simulated series per cell where they are cheap, a fixed part of it where they are not."""
    return [Section(title, about, check(runs)) for title, about, check in SECTIONS]


def worlds(seeds: int) -> Section:
    """The section of the pages, as ``python -m postflow.worlds`` answers.

    Args:
        seeds: how many worlds.
    """
    command = [sys.executable, "-m", "postflow.worlds", "--seeds", str(seeds)]
    answer = subprocess.run(command, cwd=REPORT.parents[1], capture_output=True, text=True, check=True)
    found = [line | {"bound": tuple(line["bound"]) if line["bound"] else None} for line in json.loads(answer.stdout)]
    title, about = WORLDS
    return Section(title, f"{about} {seeds} seeds.", [checks.Check(**line) for line in found])


def words(sections: list[Section], runs: int) -> str:
    """The report as Markdown."""
    lines = [
        "# Calibration",
        "",
        "Written by `python -m postflow.analysis.calibration`; do not edit. Each line is a simulation with a "
        "known truth and its own fixed",
        f"seeds ({runs} series a cell where they are cheap, at least {checks.SEEDS} seeds everywhere). `NB k` "
        "is a negative binomial "
        "with variance mean + mean²/k: the smaller k, the lumpier.",
        "",
        "**ok**: the figure is inside its bound. **within noise**: past it, but by no more than this many runs can "
        "tell (99 % Wilson interval).",
        "**outside**: past it beyond that, and the command fails. The bounds are what the pages promise; lines marked "
        "*known limit* are measured and told, not promised.",
    ]
    for section in sections:
        lines += [
            "",
            f"## {section.title}",
            "",
            section.about,
            "",
            "| what | case | result | bound | |",
            "|---|---|---|---|---|",
        ]
        lines += [f"| {c.what} | {c.case} | {c.told} | {c.bound_words} | {c.verdict} |" for c in section.checks]
    verdicts = [check.verdict for section in sections for check in section.checks]
    failed, near = verdicts.count("**outside**"), verdicts.count("within noise")
    held = f"{verdicts.count('ok')} of {verdicts.count('ok') + near + failed} bounds hold"
    lines += ["", f"{held}; {near} are passed by no more than the simulation's noise; {failed} are broken.", ""]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Write the report, or print it with ``--quick``; 1 where a bound does not hold."""
    parser = argparse.ArgumentParser(
        prog="python -m postflow.analysis.calibration", description="Hold the methods to a known truth."
    )
    parser.add_argument("--quick", action="store_true", help="fewer series, printed and not written")
    chosen = parser.parse_args(arguments)
    runs = checks.QUICK if chosen.quick else checks.FULL
    sections = [*run(runs), worlds(QUICK_SEEDS if chosen.quick else WORLD_SEEDS)]
    text = words(sections, runs)
    if chosen.quick:
        sys.stdout.write(text)
    else:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{REPORT.name} written\n")
    return int(any(check.verdict == "**outside**" for section in sections for check in section.checks))


if __name__ == "__main__":
    sys.exit(main())
