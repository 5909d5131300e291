"""Imports point one way, and only the package ui knows Streamlit."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    "errors",
    "toml",
    "disk",
    "journal",
    "home",
    "limits",
    "keys",
    "scope",
    "disclosure",
    "queries",
    "vocabulary",
    "sources",
    "unpacking",
    "spreadsheet",
    "reshape",
    "readers",
    "glance",
    "reading_process",
    "reading",
    "tracking",
    "draft",
    "mapping",
    "validation",
    "decisions",
    "linkage",
    "duplicates",
    "builds",
    "reports",
    "ingest",
    "pool",
    "trial",
    "view",
    "handling",
    "numbers",
    "style",
    "template",
    "vision",
    "drawing",
    "table",
    "render",
    "figure",
    "wording",
    "captions",
    "choice",
    "barriers",
    "analysis",
    "exercise",
    "charts",
    "briefing",
    "figures",
    "worlds",
    "deck",
    "shelf",
    "exports",
    "redraw",
    "ui",
    "cli_parser",
    "cli_filters",
    "cli_draft",
    "cli_exports",
    "cli_query",
    "cli",
    "linkage_report",
    "__main__",
]
FILES = sorted(ROOT.glob("postflow/**/*.py"))


def layer(module: str) -> str:
    return module.split(".")[1] if module.count(".") else module


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "postflow" else {node.module}
            )
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    own = path.relative_to(ROOT / "postflow").with_suffix("").parts[0]
    if own == "__init__":
        return
    for module in imported(path):
        if module.startswith("postflow.") and layer(module) in ORDER and layer(module) != own:
            assert ORDER.index(layer(module)) < ORDER.index(own), f"{own} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_ui_knows_streamlit_and_charts_know_no_database(path: Path) -> None:
    inside = path.relative_to(ROOT / "postflow").parts[0]
    modules = {module.split(".")[0] for module in imported(path)}
    if inside != "ui":
        assert "streamlit" not in modules
    if inside in ("charts", "figures", "analysis", "captions.py", "wording.py"):
        assert not modules & {"streamlit", "duckdb"}


def test_every_module_has_its_place() -> None:
    names = {path.relative_to(ROOT / "postflow").with_suffix("").parts[0] for path in FILES} - {
        "__init__",
        "calibration",
    }
    assert names <= set(ORDER), names - set(ORDER)


def test_pages_stay_out_of_the_folder_that_streamlit_scans() -> None:
    assert not list((ROOT / "pages").glob("*.py"))
