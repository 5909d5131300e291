"""Ids of records without a number of their own: stable, and nothing that a tracking number could be recovered from."""

from __future__ import annotations

import hashlib
import hmac
import shutil
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
            union select row_number, seizure_id from superseded inner join delivery using (delivery_id) where file_name = $name order by row_number""",
            {"name": file.name},
        ).fetchall()
    return {written[number - 1]: seizure_id for number, seizure_id in told}


def with_key(key: str) -> None:
    home.replace_text(home.folder() / tracking.KEY_FILE, key)


def test_the_hash_of_the_macros_is_hmac() -> None:
    with duckdb.connect() as con:
        for name in ("schema.sql", "macros.sql"):
            con.execute(queries.FOLDER.joinpath(name).read_text(encoding="utf-8"))
        for key in (b"k", b"a key of more than 64 bytes" * 4):
            inner, outer = tracking.pads(key)
            told = con.execute("select keyed_hash('Gewicht: 5 µg', ?::blob, ?::blob)", [inner, outer]).fetchall()[0][0]
            assert told == hmac.new(key, "Gewicht: 5 µg".encode(), hashlib.sha256).hexdigest()
    with pytest.raises(ValueError, match="key"):
        tracking.pads(b"")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("parcel RR 473.124-829 NL", "parcel (not kept)"),
        ("1Z 999 AA1 01 2345 6784, box", "(not kept), box"),
        ("JJD0123456789012345678", "(not kept)"),
        ("3SABCD1234567", "(not kept)"),
        ("9400 1000 0000 0000 0000 00", "(not kept)"),
        ("2023-01-15 00:00:00", "2023-01-15 00:00:00"),
        ("HARP-2023-0012345", "HARP-2023-0012345"),
        ("1234567890123", "1234567890123"),
        ("Schiphol, Amsterdam NL", "Schiphol, Amsterdam NL"),
    ],
)
def test_what_has_the_form_of_a_tracking_number_is_hidden_and_nothing_else(words: str, kept: str) -> None:
    with duckdb.connect() as con:
        for name in ("schema.sql", "macros.sql"):
            con.execute(queries.FOLDER.joinpath(name).read_text(encoding="utf-8"))
        assert con.execute("select number_hidden(?, null::varchar)", [words]).fetchall() == [(kept,)]


@pytest.mark.usefixtures("barcodes")
def test_without_a_key_a_number_does_not_enter_an_id(tmp_path: Path) -> None:
    one = ids(delivered(tmp_path / "one.csv", *ROWS[:2], *ROWS[3:]))
    other = ids(
        delivered(
            tmp_path / "two.csv",
            *(row.replace("47312482", "00071759").replace("12345678", "96633102") for row in (*ROWS[:2], *ROWS[3:])),
        )
    )
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


def everything_kept() -> str:
    """All cells of all tables of the pool as text, and every byte of its file that is text."""
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        tables = [
            name for (name,) in con.execute("select table_name from duckdb_tables() where not internal").fetchall()
        ]
        cells = [str(row) for name in tables for row in con.execute(f'select * from "{name}"').fetchall()]
    return "\n".join(cells) + found.path.read_bytes().decode("latin-1")


WHERE_A_NUMBER_STANDS = {
    "in its own column": "{case};2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;Schiphol;;;{number}",
    "as the record number": "{number};2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;Schiphol;;;",
    "in the record number too": "{number};2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;Schiphol;;;{number}",
    "in the place too": "{case};2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;Schiphol, {number};;;{number}",
    "in a word too": "{case};2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy {number};500;Gram;Mail;;;;;{number}",
    "in the date of a row that is held": "{case};{number};Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;;{number}",
    "in a remark of a row that is held": "{case};never;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;see {number};{number}",
}


CALLED_SO = [row for row in WHERE_A_NUMBER_STANDS.values() if row.endswith("{number}")]


def everywhere(s10: int, other: int) -> tuple[list[str], list[str]]:
    """Rows with S10 numbers and with plain digits wherever they may stand, each row with a number of its own; and the numbers."""
    rows, numbers = [], []
    for place, row in enumerate(WHERE_A_NUMBER_STANDS.values()):
        for case in ("", f"case {place}"):
            numbers.append(f"RR{s10 + len(numbers)}NL")
            rows.append(row.format(case=case, number=numbers[-1]))
            if row in CALLED_SO:  # plain digits that nobody calls a tracking number are a case number
                numbers.append(str(other + len(numbers)))
                rows.append(row.format(case=case and case + " b", number=numbers[-1]))
    return rows, numbers


@pytest.mark.usefixtures("barcodes")
@pytest.mark.parametrize("key", ["", "the key of this home"])
def test_no_number_is_kept_wherever_it_stands(key: str, tmp_path: Path) -> None:
    if key:
        with_key(key)
    rows, numbers = everywhere(473124829, 340434292135100186)
    ids(delivered(tmp_path / "one.csv", *rows))
    kept = everything_kept()
    assert [number for number in numbers if number[2:11] in kept] == []
    assert kept.count("(not kept)") > len(rows)


@pytest.mark.usefixtures("barcodes")
def test_without_a_key_other_numbers_make_the_same_ids(tmp_path: Path) -> None:
    found = []
    for s10, other in ((473124829, 340434292135100186), (966331020, 770434292135100186)):
        found.append(ids(delivered(tmp_path / "one.csv", *everywhere(s10, other)[0])))
        shutil.rmtree(home.delivered_folder("real"))
    assert list(found[0].values()) == list(found[1].values())


@pytest.mark.usefixtures("barcodes")
def test_with_a_key_the_id_of_a_row_known_by_a_number_needs_the_key(tmp_path: Path) -> None:
    rows, _ = everywhere(473124829, 340434292135100186)
    found = []
    for key in ("first", "second"):
        with_key(key)
        found.append(ids(delivered(tmp_path / "one.csv", *rows)))
        shutil.rmtree(home.delivered_folder("real"))
    known_by_case = [row for row in rows if row.startswith("case")]
    assert [row for row in found[0] if found[0][row] == found[1][row]] == [
        row for row in found[0] if row in known_by_case
    ]


@pytest.mark.usefixtures("barcodes")
def test_a_parcel_known_by_its_number_keeps_its_id_however_the_number_is_spelled(tmp_path: Path) -> None:
    with_key("the key of this home")
    one = ids(delivered(tmp_path / "one.csv", f"RR473124829NL;2020-01-15;{PLAIN};"))
    two = ids(delivered(tmp_path / "two.csv", f"rr 473 124 829 nl;2020-01-16;{PLAIN};RR473124829NL"))
    assert list(one.values()) == list(two.values())
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        assert con.execute("select record_id, flags from seizure").fetchall() == [
            ("(not kept)", ["record_number_not_kept"])
        ]


@pytest.mark.usefixtures("barcodes")
def test_without_a_key_only_equal_rows_are_possible_duplicates(tmp_path: Path) -> None:
    one, other = f"RR473124829NL;2020-01-15;{PLAIN};", f";2020-01-15;{PLAIN};RR123456785NL"
    ids(delivered(tmp_path / "one.csv", one, other, ROWS[1], other, f"RR000717595NL;2020-01-15;{PLAIN};", one))
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        told = con.execute(
            """select seizure.row_number, first.row_number from seizure left join seizure as first on seizure.duplicate_of = first.seizure_id
            where seizure.is_possible_duplicate order by 1"""
        ).fetchall()
        assert con.execute("select count(distinct seizure_id) from seizure").fetchall() == [(6,)]
    assert told == [(5, 3), (7, 2)]


@pytest.mark.usefixtures("barcodes")
def test_a_column_that_the_source_ignores_is_not_kept(tmp_path: Path) -> None:
    declared = sources.FOLDER / "demo_customs" / "source.toml"
    assert 'ignored = ["OPMERKING"' in declared.read_text(encoding="utf-8")
    ids(
        delivered(
            tmp_path / "one.csv",
            "A2;never;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;Mail;;;;Jan Jansen;",
            f"A1;2020-03-01;{PLAIN};",
        )
    )
    kept = everything_kept()
    assert "Jansen" not in kept
    assert '"quantity":"500"' in kept
