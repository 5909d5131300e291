"""Every query keeps its result on fourteen hand-written rows, and its columns when nothing matches."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from postflow import queries
from postflow.scope import Scope

GOLDEN = Path(__file__).parent / "golden"
SHOWN = [name for name in queries.names() if name.split("/")[0] in ("charts", "data_room", "records")]
VOLATILE = ("delivery_id", "older_delivery_id", "newer_delivery_id")
"""Hashes of file and source: stable, but unreadable in a diff."""


def arguments(name: str, scope: Scope) -> dict[str, queries.Value]:
    given = {
        "scope": scope,
        "period": "year",
        "dimension": "departure",
        "reporters": ["NZ", "US", "AU", "NL"],
        "drugs": None,
        "row_limit": 100,
        "row_offset": 0,
        "event_from": None,
        "event_to": None,
    }
    return {key: given[key] for key in queries.parameters(name)}


def as_csv(rows: pd.DataFrame) -> str:
    rows = rows.drop(columns=[column for column in VOLATILE if column in rows])
    return rows.to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("name", SHOWN)
def test_a_query_gives_its_golden_result(
    name: str, demo: duckdb.DuckDBPyConnection, request: pytest.FixtureRequest
) -> None:
    found = as_csv(queries.run(demo, name, **arguments(name, Scope())))
    path = GOLDEN / f"{name.replace('/', '.')}.csv"
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in SHOWN if "scope" in queries.parameters(name)])
def test_a_query_keeps_its_columns_when_nothing_matches(name: str, demo: duckdb.DuckDBPyConnection) -> None:
    full = queries.run(demo, name, **arguments(name, Scope()))
    none = queries.run(demo, name, **arguments(name, Scope(drugs=())))
    assert list(none.columns) == list(full.columns)
    counted = none.get("seizures", pd.Series([0])).sum()
    assert counted == 0


@pytest.mark.parametrize("name", queries.names())
def test_a_query_says_its_grain_first(name: str) -> None:
    first = queries.text(name).splitlines()[0]
    assert first.startswith(("-- One row", "-- Rule: ", "-- Rows"))


@pytest.mark.parametrize("name", queries.names())
def test_a_query_file_holds_one_select(name: str) -> None:
    assert queries.parameters(name) is not None


def test_golden_files_belong_to_queries() -> None:
    assert {path.stem.replace(".", "/", 1) for path in GOLDEN.glob("*.csv")} == set(SHOWN)


def test_golden_files_are_read_back_as_tables() -> None:
    for path in GOLDEN.glob("*.csv"):
        assert len(pd.read_csv(io.StringIO(path.read_text(encoding="utf-8"))).columns) > 0
