"""Editions have one order, by what they reach: an older one changes nothing that a newer one tells, and says so."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from postflow import cli, pool, sources
from tests.test_pool import DEMO

HEAD = "ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING\n"
EDITIONS = {
    "first.csv": [("2020-01", "Ecstasy", 50), ("2020-02", "Ecstasy", 700), ("2020-02", "Heroin", 300)],
    "second.csv": [("2020-01", "Ecstasy", 60), ("2020-02", "Heroin", 310), ("2020-03", "Ecstasy", 80)],
    "third.csv": [("2020-02", "Ecstasy", 70), ("2020-03", "Ecstasy", 90), ("2020-04", "Ecstasy", 100)],
}
"""File → month, drug, grams. The second withdraws the 700 g of February; the third tells one drug only."""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    folder = tmp_path / "declared" / "demo_customs"
    folder.mkdir(parents=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    for gone in ('path = "seizures.csv"\n', "rows = [14, 14]\n", 'record_id = "ZAAKNR"\n'):
        text = text.replace(gone, "")
    text = text.replace('kind = "records"\n', 'kind = "records"\nsupersedes = "month"\n')
    text = text.replace('ignored = ["OPMERKING"]', 'ignored = ["OPMERKING", "ZAAKNR"]')
    (folder / "source.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", folder.parent)
    found = {}
    for name, rows in EDITIONS.items():
        lines = (
            f"{n};{month}-15;Netherlands;Netherlands;New Zealand;{drug};{grams};Gram;;;;;\n"
            for n, (month, drug, grams) in enumerate(rows)
        )
        found[name] = tmp_path / name
        found[name].write_text(HEAD + "".join(lines), encoding="utf-8")
    return found


def counted() -> list[tuple[str, str, int]]:
    published = pool.current()
    assert published is not None
    with pool.connect(published.path) as con:
        return con.sql(
            """select strftime(seized_month, '%Y-%m'), drug, round(quantity_kg * 1000)::integer
            from seizure order by all"""
        ).fetchall()


def in_pool(sql: str) -> duckdb.DuckDBPyRelation:
    published = pool.current()
    assert published is not None
    return pool.connect(published.path).sql(sql)


@pytest.mark.parametrize("order", ["first second third", "third second first", "second third first"])
def test_the_newest_edition_of_a_month_and_drug_wins_in_any_order(files: dict[str, Path], order: str) -> None:
    for name in order.split():
        assert cli.main(["add", "demo_customs", str(files[f"{name}.csv"])]) == 0
    assert counted() == [
        ("2020-01", "MDMA", 60),
        ("2020-02", "MDMA", 70),
        ("2020-02", "heroin", 310),
        ("2020-03", "MDMA", 90),
        ("2020-04", "MDMA", 100),
    ]
    revised = in_pool(
        """select strftime(seized_month, '%m'), drug, round(older_kg * 1000)::integer, round(newer_kg * 1000)::integer
        from revision order by all"""
    )
    assert revised.fetchall() == [
        ("01", "MDMA", 50, 60),
        ("02", "MDMA", 700, None),
        ("02", "MDMA", None, 70),
        ("02", "heroin", 300, 310),
        ("03", "MDMA", 80, 90),
    ]


def test_what_a_newer_edition_withdrew_stays_withdrawn(files: dict[str, Path]) -> None:
    for name in ("second.csv", "first.csv"):
        assert cli.main(["add", "demo_customs", str(files[name])]) == 0
    assert ("2020-02", "MDMA", 700) not in counted()


def test_check_and_add_say_how_many_rows_a_newer_edition_tells(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["add", "demo_customs", str(files["third.csv"])]) == 0
    assert "newer edition" not in capsys.readouterr().err
    for verb in ("check", "add"):
        assert cli.main([verb, "demo_customs", str(files["first.csv"])]) == 0
        assert "1 of them are told by a newer edition already" in capsys.readouterr().err
    before = counted()
    assert cli.main(["check", "demo_customs", str(files["second.csv"])]) == 0
    assert "1 of them are told by a newer edition already" in capsys.readouterr().err
    assert counted() == before


def test_an_older_edition_of_the_official_file_changes_nothing_that_is_shipped(shared: Path) -> None:
    """FY2022 to FY2025: its 800.99 kg of San Diego, April 2025, were withdrawn by the next edition."""
    path = shared / "data" / "nationwide-drugs-fy22-fy25.csv.gz"
    assert cli.main(["add", "us_cbp", str(path)]) == 0
    kg = in_pool(
        """select sum(quantity_kg)::double from seizure where series_id = 'us_cbp' and drug = 'MDMA'
        and seized_month between date '2024-10-01' and date '2025-09-01'"""
    ).fetchall()[0][0]
    assert round(kg, 1) == 199.8
    others = in_pool("select count(*) from seizure where source_id = 'us_cbp' and drug in ('MDMA', 'ketamine')")
    assert others.fetchall() == [(0,)]
    assert in_pool("select count(*) from seizure where source_id = 'us_cbp'").fetchall() == [(7921,)]
    largest = in_pool(
        "select older_kg::double, newer_kg from revision order by older_kg desc nulls last limit 1"
    ).fetchall()
    assert [(round(older, 2), newer) for older, newer in largest] == [(800.99, None)]


def test_all_five_editions_together_tell_what_is_shipped(shared: Path) -> None:
    paths = sorted((shared / "data").glob("nationwide-drugs-*.gz"))
    assert cli.main(["add", "us_cbp", *map(str, paths)]) == 0
    assert in_pool(
        """select sum(seizures) from seizure where series_id = 'us_cbp' and drug = 'MDMA'
        and seized_month >= date '2025-10-01'"""
    ).fetchall() == [(491,)]
