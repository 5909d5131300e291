"""The measurements behind docs/benchmarks.md: building, chart queries, and a click in a browser."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK, OUT = ROOT / "bench" / "work", ROOT / "bench" / "out"
SHARED = ROOT.parent / "shared"
SOURCES = ROOT / "bench" / "sources"
