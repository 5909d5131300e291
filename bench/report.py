"""docs/benchmarks.md from the figures of the last runs; every number in it is measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench import OUT, ROOT
from bench.build import STEPS
from bench.files import USUAL

TARGET = ROOT / "docs" / "benchmarks.md"
OTHERS = "other: checks, marks, writing the file, reading it again"


def kept(part: str) -> dict[str, Any]:
    """The figures of the last run of a part; empty where it never ran."""
    path = OUT / f"{part}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def keep(part: str, found: dict[str, Any]) -> None:
    """Keep the figures of a part."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{part}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def table(heads: list[str], lines: list[list[str]]) -> str:
    """A Markdown table, numbers to the right."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [heads, rule, *lines]) + "\n"


def of_build(found: dict[str, Any]) -> str:
    """Seconds and ratio by file, then the steps."""
    heads = ["file", "rows", "MB", "bare read, s", "build, s", "ratio", "pool, MB"]
    lines = [
        [
            name,
            f"{one['rows']:,}",
            f"{one['csv_bytes'] / 1e6:.0f}",
            f"{one['bare']:.1f}",
            f"{one['seconds']:.1f}",
            f"{one['seconds'] / one['bare']:.1f}",
            f"{one['bytes'] / 1e6:.0f}",
        ]
        for name, one in found.items()
    ]
    words = [table(heads, lines), "Where the time goes, seconds:\n"]
    steps = {
        key: label for key, label in STEPS.items() if any(one["steps"].get(key, 0) >= 0.05 for one in found.values())
    }
    spent = [[label, *(f"{one['steps'].get(key, 0):.1f}" for one in found.values())] for key, label in steps.items()]
    rest = [f"{one['seconds'] - sum(one['steps'].get(key, 0) for key in steps):.1f}" for one in found.values()]
    words.append(table(["step", *found], [*spent, [OTHERS, *rest]]))
    return "\n".join(words)


def of_queries(found: dict[str, Any]) -> str:
    """Milliseconds by query and engine, a table a size."""
    words = []
    for one in found.values():
        engines = list(next(iter(one["ms"].values())))
        lines = [[f"`{name}`", *(f"{line[engine]:.0f}" for engine in engines)] for name, line in one["ms"].items()]
        sums = ["**all**", *(f"**{sum(line[engine] for line in one['ms'].values()):.0f}**" for engine in engines)]
        words.append(f"{one['records']:,} records, {one['cells']:,} cells in the cube; milliseconds:\n")
        words.append(table(["query", *engines], [*lines, sums]))
    return "\n".join(words)


def of_click(found: dict[str, Any]) -> str:
    """The median click by program, and its ratio to Dash."""
    if not found:
        return ""
    dash = found["Dash + DuckDB"]["median"]
    lines = [
        [
            name,
            f"{one['median']:.0f}",
            f"{one['low']:.0f}–{one['high']:.0f}",
            f"{one['median'] / dash:.2f}",
            f"{one['browser']:.0f}",
            str(one["clicks"]),
        ]
        for name, one in sorted(found.items(), key=lambda item: item[1]["median"])
    ]
    return table(["program", "median, ms", "middle half", "× Dash", "long browser tasks, ms", "clicks"], lines)


def of_files(found: dict[str, float]) -> str:
    """Seconds by file, and the ratio to the usual way."""
    usual = found[USUAL]
    lines = [[name, f"{seconds:.2f}", f"{seconds / usual:.2f}"] for name, seconds in found.items()]
    return table(["file", "seconds", "× the usual way"], lines)


def write(machine: str) -> Path:
    """Write the report anew from what was measured last."""
    text = Path(__file__).with_name("report.md").read_text(encoding="utf-8")
    parts = {"build": of_build, "queries": of_queries, "click": of_click, "files": of_files}
    for name, told in parts.items():
        found = kept(name)
        text = text.replace(f"{{{name}}}", told(found).strip() if found else "Not measured yet.")
    TARGET.write_text(text.replace("{machine}", machine), encoding="utf-8")
    return TARGET
