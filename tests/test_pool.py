"""A build keeps every row, is the same for the same inputs, and never costs the last good one."""

from __future__ import annotations

import ast
import itertools
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from postflow import builds, cli, home, pool, sources
from postflow.errors import PoolError

DEMO = Path(__file__).parent / "data" / "sources" / "demo_customs"
HEAD = "ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING\n"
ROWS = [
    "A1;2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;first",
    "A2;2020-02-15;Netherlands;Netherlands;New Zealand;Ecstasy;250;Gram;Mail;;;;first",
    "A2;2020-02-15;Netherlands;Netherlands;New Zealand;Ecstasy;300;Gram;Mail;;;;weighed again",
    "A3;2020-03-15;Netherlands;Netherlands;Australia;Ketamine;1;Kilogram;Mail;;;;new",
]


@pytest.fixture
def only_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A source that ships nothing and takes deliveries in the demo's form."""
    folder = tmp_path / "declared" / "demo_customs"
    folder.mkdir(parents=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", "")
    (folder / "source.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", folder.parent)
    return folder


def delivery(path: Path, *rows: str) -> Path:
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def tables(found: pool.PoolFile) -> dict[str, list[tuple[object, ...]]]:
    with pool.connect(found.path) as con:
        names = [name for (name,) in con.execute("select table_name from duckdb_tables() order by 1").fetchall()]
        return {name: con.sql(f"select * from {name} order by all").fetchall() for name in names}


def totals(found: pool.PoolFile) -> tuple[object, ...]:
    with pool.connect(found.path) as con:
        return con.execute("select count(*), sum(seizures), sum(quantity_kg) from seizure").fetchall()[0]


def test_the_same_inputs_give_the_same_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FOLDER", DEMO.parent)
    one, _ = pool.build()
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path / "elsewhere"))
    two, _ = pool.build()
    assert one.build_id == two.build_id
    assert one.path != two.path
    assert tables(one) == tables(two)


def imported(module: str) -> set[str]:
    """The modules of postflow itself that one imports."""
    tree = ast.parse((Path(pool.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    named = {node.module.partition(".")[2] for node in froms if (node.module or "").startswith("postflow.")}
    return named | {item.name for node in froms if node.module == "postflow" for item in node.names}


def test_what_decides_on_a_build_is_in_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    found, left = {"spreadsheet"}, ["ingest", "duplicates"]
    while left:
        name = left.pop()
        if name not in found and (Path(pool.__file__).parent / f"{name}.py").is_file():
            found.add(name)
            left += imported(name)
    # They hold, open, refuse and report; no row is another one for them. Decisions are in the id as a file, refusals as left out.
    holds = {"errors", "disk", "journal", "home", "keys", "scope", "queries", "decisions"}
    assert found - holds - {"limits", "glance", "reading", "reading_process"} <= set(pool.DECIDING)
    monkeypatch.setattr(sources, "FOLDER", DEMO.parent)
    before = pool.build()[0].build_id
    monkeypatch.setattr(pool, "version", lambda name: "0.0" if name == "python-calamine" else version(name))
    assert pool.build()[0].build_id != before


def test_rows_in_are_accepted_or_quarantined_in_every_file(
    real: duckdb.DuckDBPyConnection, demo: duckdb.DuckDBPyConnection
) -> None:
    for con in (real, demo):
        rows = con.execute("select rows_in, rows_accepted, rows_quarantined from delivery").fetchall()
        assert rows
        assert all(rows_in == accepted + held for rows_in, accepted, held in rows)
    assert demo.execute("select rows_in, rows_accepted, rows_quarantined from delivery").fetchall() == [(14, 11, 3)]


def test_no_word_of_a_shipped_source_is_unlisted(real: duckdb.DuckDBPyConnection) -> None:
    assert real.execute("select * from unlisted_word").fetchall() == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.usefixtures("only_demo")
def test_no_order_of_delivery_changes_a_total(order: tuple[int, ...], tmp_path: Path) -> None:
    files = [
        delivery(tmp_path / "one.csv", ROWS[0], ROWS[1]),
        delivery(tmp_path / "two.csv", ROWS[0], ROWS[2], ROWS[3]),
        delivery(tmp_path / "three.csv", ROWS[0]),
    ]
    for number in [*order, order[0]]:
        assert cli.main(["add", "demo_customs", str(files[number])]) == 0
    found = pool.current()
    assert found
    records, seizures, kg = totals(found)
    assert (records, seizures, float(str(kg))) == (3, 3, 1.8)


@pytest.mark.usefixtures("only_demo")
def test_a_re_delivery_of_the_same_file_is_the_same_build(tmp_path: Path) -> None:
    path = delivery(tmp_path / "one.csv", *ROWS[:2])
    assert cli.main(["add", "demo_customs", str(path)]) == 0
    before = pool.current()
    assert cli.main(["add", "demo_customs", str(path)]) == 0
    assert pool.current() == before


@pytest.mark.usefixtures("only_demo")
def test_a_bad_file_leaves_the_last_good_pool_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["add", "demo_customs", str(delivery(tmp_path / "one.csv", *ROWS[:2]))]) == 0
    before, kept = pool.current(), home.receipts("real")
    (tmp_path / "bad.csv").write_text("NOT;THE;COLUMNS\n1;2;3\n", encoding="utf-8")
    assert cli.main(["add", "demo_customs", str(tmp_path / "bad.csv")]) == 1
    said = capsys.readouterr().err
    assert "bad.csv" in said
    assert "missing" in said
    assert "Traceback" not in said
    assert (pool.current(), home.receipts("real")) == (before, kept)


def test_two_builds_at_once_are_refused_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FOLDER", DEMO.parent)
    home.builds_folder().mkdir(parents=True)
    with FileLock(home.builds_folder() / "real.lock"), pytest.raises(PoolError, match="Another build"):
        pool.build()


def test_a_full_disk_is_said_and_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FOLDER", DEMO.parent)
    good, _ = pool.build()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(home.builds_folder()))

    monkeypatch.setattr(builds, "place", full)
    monkeypatch.setattr(pool, "build_id", lambda *_: "another00000")
    with pytest.raises(PoolError, match="No space left"):
        pool.build()
    assert pool.current() == good


def test_a_home_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path / "file" / "home"))
    assert cli.main(["build"]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
@pytest.mark.parametrize("after_s", [0.6, 1.0, 1.6])
def test_kill_9_leaves_the_last_good_build_in_use(after_s: float, own_home: Path) -> None:
    good, _ = pool.build()
    environment = os.environ | {"POSTFLOW_HOME": str(own_home)}
    code = "from postflow import pool; pool.build_id = lambda *_: 'feedfacecafe'; pool.build()"
    child = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=Path(__file__).parent.parent)
    time.sleep(after_s)
    child.kill()
    child.wait()
    found = pool.current()
    assert found
    assert found.path.exists()
    with pool.connect(found.path) as con:
        assert con.execute("select count(*) from seizure").fetchall()[0][0] > 0
    again, _ = pool.build()
    assert again == good


def test_an_open_reader_keeps_its_build_while_the_pointer_moves_on(only_demo: Path, tmp_path: Path) -> None:
    assert only_demo
    cli.main(["add", "demo_customs", str(delivery(tmp_path / "one.csv", ROWS[0]))])
    first = pool.current()
    assert first
    with pool.connect(first.path) as reader:
        cli.main(["add", "demo_customs", str(delivery(tmp_path / "two.csv", ROWS[0], ROWS[3]))])
        second = pool.current()
        assert second
        assert second.build_id != first.build_id
        assert reader.execute("select count(*) from seizure").fetchall() == [(1,)]
    assert totals(second)[0] == 2


def test_a_wrong_checksum_of_a_shipped_file_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "declared" / "demo_customs"
    folder.mkdir(parents=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8").replace('citation = "', 'sha256 = "00"\ncitation = "')
    (folder / "source.toml").write_text(text, encoding="utf-8")
    (folder / "seizures.csv").write_bytes((DEMO / "seizures.csv").read_bytes())
    monkeypatch.setattr(sources, "FOLDER", folder.parent)
    assert cli.main(["build"]) == 1
    assert pool.current() is None
