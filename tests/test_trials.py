"""Small inputs of kinds that are easily misread: each gives its right result, or says that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from postflow import cli, pool, sources
from postflow.errors import SourceError

TRIALS = Path(__file__).parent / "data" / "trials"


@pytest.fixture(autouse=True)
def no_shipped_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    folder.mkdir()
    monkeypatch.setattr(sources, "FOLDER", folder)


def add(file_name: str, source: str) -> None:
    assert cli.main(["add", str(TRIALS / "src" / source / "source.toml"), str(TRIALS / file_name)]) == 0


def rows(query: str) -> list[tuple[object, ...]]:
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        return con.execute(query).fetchall()


def test_placeholders_are_no_tracking_numbers_and_link_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_TRACKING_KEY", "a key of the tests")
    add("z10_placeholder_a.csv", "ph_a")
    add("z10_placeholder_b.csv", "ph_b")
    assert rows(
        "select count(*), count(distinct event_id), count(tracking_hash),"
        " count(*) filter (list_contains(flags, 'no_tracking_number')) from seizure"
    ) == [(12, 12, 0, 12)]


@pytest.mark.parametrize(
    ("file_name", "source", "told"),
    [
        ("z9b_tracking_sci.csv", "z9b", [(6, 0, 6)]),
        ("z9_tracking_numbers.xlsx", "z9", [(3, 1, 2)]),
    ],
)
def test_a_number_that_a_spreadsheet_has_rounded_is_destroyed(
    file_name: str, source: str, told: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTFLOW_TRACKING_KEY", "a key of the tests")
    add(file_name, source)
    assert (
        rows(
            "select count(*), count(tracking_hash),"
            " count(*) filter (list_contains(flags, 'no_tracking_number')) from seizure"
        )
        == told
    )


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("v1", ["'Kosovo'", "'XK'", "'Ecstasy'", "'MDMA'", "'tablets'", "'tablet'"]),
        ("v2", ["'tabletas'"]),
        ("x6d", ["'Netherlands'", "'NL'", "'kilo'", "'kilogram'"]),
    ],
)
def test_what_is_no_canonical_value_is_refused_and_the_near_ones_are_named(source: str, named: list[str]) -> None:
    with pytest.raises(SourceError) as refused:
        sources.load(TRIALS / "src" / source / "source.toml")
    assert [word for word in named if word not in str(refused.value)] == []
