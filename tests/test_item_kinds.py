"""Kind of item, operator and town: read from the service's own words, visible where unknown, never an address."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from postflow import cli, exercise, pool, sources
from postflow.exercise import pooling
from tests.test_pool import DEMO

HEAD = (
    "ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING;KLASSE;DRAGER;STAD\n"
)
ROW = "{id};2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;{transport};;;;;{kind};{operator};{town}\n"


def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *rows: dict[str, str]) -> duckdb.DuckDBPyRelation:
    """The records of a pool of one delivery of these rows."""
    folder = tmp_path / "declared" / "demo_customs"
    folder.mkdir(parents=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", "")
    text = text.replace(
        "[columns]\n", '[columns]\nchannel_detail = "KLASSE"\noperator = "DRAGER"\ndeparture_place = "STAD"\n'
    )
    (folder / "source.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", folder.parent)
    blank = {"transport": "", "kind": "", "operator": "", "town": ""}
    path = tmp_path / "items.csv"
    lines = (ROW.format(**blank | row, id=f"A{number}") for number, row in enumerate(rows))
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    assert cli.main(["add", "demo_customs", str(path)]) == 0
    published = pool.current()
    assert published is not None
    return pool.connect(published.path).table("seizure").order("row_number")


def test_the_kind_of_item_stands_below_the_channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {
        ("Mail", ""): ("post", "post", "Mail"),
        ("Brief", ""): ("post", "letter", "Brief"),
        ("Postpakket", ""): ("post", "parcel", "Postpakket"),
        ("Mail", "EMS"): ("post", "EMS", "EMS"),
        ("Commercial air", "Päckchen"): ("post", "packet", "Päckchen"),
        ("Koerier", "Parcel"): ("courier", "courier", "Parcel"),
        ("Koerier", ""): ("courier", "courier", "Koerier"),
        ("", "Express courier"): ("courier", "courier", "Express courier"),
        ("Air cargo", ""): ("air_freight", "air_freight", "Air cargo"),
        ("Commercial air", ""): ("unknown", "unknown", "Commercial air"),
        ("", ""): ("unknown", "unknown", None),
    }
    rows = told(tmp_path, monkeypatch, *({"transport": one, "kind": other} for one, other in wanted))
    assert rows.select("channel, channel_detail, channel_reported").fetchall() == list(wanted.values())


def test_operators_are_read_and_what_is_not_listed_is_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("POSTNL", "DHL Express", "DHL Paket", "Onbekend", "Pigeon", "")
    rows = told(tmp_path, monkeypatch, *({"operator": word} for word in words))
    assert rows.select("operator, operator_reported").fetchall() == [
        ("PostNL", "POSTNL"),
        ("DHL Express", "DHL Express"),
        ("Deutsche Post", "DHL Paket"),
        ("unknown", "Onbekend"),
        ("other", "Pigeon"),
        ("unknown", None),
    ]
    assert rows.filter("'unlisted_operator' in flags").select("operator_reported").fetchall() == [("Pigeon",)]


def test_a_town_has_one_spelling_and_an_address_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("TILBURG", "tilburg", "Tilburg", "FRANKFURT AM MAIN", "aix-en-provence", "Voorbeeldstraat 12, Breda", "")
    rows = told(tmp_path, monkeypatch, *({"town": word} for word in words))
    assert [town for (town,) in rows.select("departure_place").fetchall()] == [
        "Tilburg",
        "Tilburg",
        "Tilburg",
        "Frankfurt am Main",
        "Aix-en-Provence",
        "(not kept)",
        None,
    ]
    assert rows.filter("'departure_place_not_kept' in flags").count("*").fetchall() == [(1,)]
    assert "Voorbeeldstraat" not in str(rows.fetchall())


def test_the_exercise_is_read_as_its_truth_has_it(tmp_path: Path) -> None:
    truth, published, _ = pooling.make(7, 0.05, tmp_path / "made", progress=lambda _: None)
    assert isinstance(truth, exercise.Truth)
    with pool.connect(published.path) as con:
        con.register("truth_record", truth.table("records"))
        wrong = con.sql(
            """select count(*) filter (channel_detail <> told_channel_detail),
            count(*) filter (operator <> coalesce(told_operator, 'unknown') and dirt is distinct from 'unknown_word'),
            count(*) filter (departure_place is distinct from told_departure_place and dirt is distinct from 'street_address'),
            count(*) filter (departure_place = '(not kept)'),
            count(distinct channel_detail), count(distinct operator), count(distinct departure_place)
            from seizure inner join truth_record
            on seizure.source_id = truth_record.source_id and seizure.row_number = truth_record.row_number + 1"""
        ).fetchall()[0]
        cells = con.sql("select columns(lambda name: ends_with(name, '_reported')) from seizure").fetchall()
    addresses = sum(account["dirt"].get("street_address", 0) for account in truth.facts["contributors"].values())
    assert wrong[:4] == (0, 0, 0, addresses)
    assert addresses >= 6
    assert wrong[4:6] == (7, 11)
    assert wrong[6] > 30
    assert "Voorbeeldstraat" not in str(cells)
