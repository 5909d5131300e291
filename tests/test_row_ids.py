"""Ids of records without a number of their own: stable, and nothing that a tracking number could be recovered from."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest

from postflow import cli, home, pool, queries, sources, tracking

DEMO = Path(__file__).parent / "data" / "sources" / "demo_customs"
HEAD = "ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING;BARCODE\n"
PLAIN = "Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;"
ROWS = [
    f";2020-01-15;{PLAIN};RR123456785NL",
    f";2020-01-15;{PLAIN};RR473124829NL",
    f";2020-01-15;{PLAIN};",
    f";2020-02-01;{PLAIN}parcel RR 47312482 9 NL;",
    f"A1;2020-03-01;{PLAIN};RR123456785NL",
]


@pytest.fixture
def barcodes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The demo's source with a column of tracking numbers."""
    folder = tmp_path / "declared" / "demo_customs"
    folder.mkdir(parents=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", "")
    text = text.replace("[columns]\n", '[columns]\ntracking_number = "BARCODE"\n')
    (folder / "source.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", folder.parent)
    monkeypatch.delenv(tracking.KEY_VARIABLE, raising=False)


def delivered(path: Path, *rows: str) -> Path:
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def ids(file: Path) -> dict[str, str]:
    """Row as written → record id, of the newest delivery and of what it superseded."""
    assert cli.main(["add", "demo_customs", str(file)]) == 0
    written = file.read_text(encoding="utf-8").splitlines()
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        told = con.execute(
            """select row_number, seizure_id from seizure inner join delivery using (delivery_id) where file_name = $name
            union select row_number, seizure_id from superseded inner join delivery using (delivery_id) where file_name = $name""",
            {"name": file.name},
        ).fetchall()
    return {written[number - 1]: seizure_id for number, seizure_id in told}


def with_key(key: str) -> None:
    home.replace_text(home.folder() / tracking.KEY_FILE, key)


def test_the_hash_of_the_macros_is_hmac() -> None:
    with duckdb.connect() as con:
        con.execute(queries.FOLDER.joinpath("macros.sql").read_text(encoding="utf-8"))
        for key in (b"k", b"a key of more than 64 bytes" * 4):
            inner, outer = tracking.pads(key)
            told = con.execute("select keyed_hash('Gewicht: 5 µg', ?::blob, ?::blob)", [inner, outer]).fetchall()[0][0]
            assert told == hmac.new(key, "Gewicht: 5 µg".encode(), hashlib.sha256).hexdigest()
    with pytest.raises(ValueError, match="key"):
        tracking.pads(b"")


@pytest.mark.usefixtures("barcodes")
def test_without_a_key_a_number_does_not_enter_an_id(tmp_path: Path) -> None:
    one = ids(delivered(tmp_path / "one.csv", *ROWS[:2], *ROWS[3:]))
    other = ids(delivered(tmp_path / "two.csv", *(row.replace("47312482", "00071759").replace("12345678", "96633102") for row in (*ROWS[:2], *ROWS[3:]))))  # fmt: skip
    assert list(one.values()) == list(other.values())
    assert len(set(one.values())) == 4


@pytest.mark.usefixtures("barcodes")
def test_with_a_key_an_id_needs_the_key_and_rows_with_two_numbers_are_two_parcels(tmp_path: Path) -> None:
    with_key("first")
    one = ids(delivered(tmp_path / "one.csv", *ROWS))
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        assert con.execute("select count(*) from seizure where is_possible_duplicate").fetchall() == [(0,)]
    with_key("second")
    built, _ = pool.build()
    with pool.connect(built.path) as con:
        other = dict(con.execute("select row_number, seizure_id from seizure").fetchall())
    changed = [ROWS.index(row) for row, seizure_id in one.items() if other[ROWS.index(row) + 2] != seizure_id]
    assert sorted(changed) == [0, 1, 3]


@pytest.mark.usefixtures("barcodes")
@pytest.mark.parametrize("key", ["", "the key of this home"])
def test_ids_are_stable_over_a_build_and_a_second_delivery_in_another_order(key: str, tmp_path: Path) -> None:
    if key:
        with_key(key)
    rows = ROWS if key else [ROWS[0], *ROWS[2:]]
    first = ids(delivered(tmp_path / "one.csv", *rows))
    pool.build()
    assert ids(delivered(tmp_path / "one.csv", *rows)) == first
    extra = f";2020-05-01;{PLAIN};RR000717595NL"
    second = ids(delivered(tmp_path / "again.csv", extra, *reversed(rows)))
    assert len(set(second.values())) == len(rows) + 1
    if key:
        assert {row: second[row] for row in rows} == first
    else:
        assert set(first.values()) < set(second.values())


@pytest.mark.usefixtures("barcodes")
@pytest.mark.parametrize("key", ["", "the key of this home"])
def test_no_number_is_in_the_file(key: str, tmp_path: Path) -> None:
    if key:
        with_key(key)
    ids(delivered(tmp_path / "one.csv", *ROWS[:3], *ROWS[4:]))
    found = pool.current()
    assert found
    assert b"RR123456785NL" not in found.path.read_bytes()
