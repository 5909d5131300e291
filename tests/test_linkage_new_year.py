"""One parcel told in December by one service and in January by the other: the number alone says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from postflow import cli, home, pool, sources, tracking

DEMO = Path(__file__).parent / "data" / "sources" / "demo_customs"
HEAD = "ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING;BARCODE\n"
ROW = "{case};{day};{country};Netherlands;New Zealand;Ecstasy;{gram};Gram;Mail;;;;;{number}"


@pytest.fixture(autouse=True)
def two_services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The Dutch service and New Zealand's, both with tracking numbers, in a home with a key."""
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = (
        text.replace('path = "seizures.csv"\n', "")
        .replace("rows = [14, 14]\n", "")
        .replace("years = [2020, 2021]\n", "")
    )
    text = text.replace("[columns]\n", '[columns]\ntracking_number = "BARCODE"\n')
    for name, country in (("demo_nl", "NL"), ("demo_nz", "NZ")):
        own = text.replace('id = "demo_customs"', f'id = "{name}"').replace('country = "NL"', f'country = "{country}"')
        (tmp_path / "declared" / name).mkdir(parents=True)
        (tmp_path / "declared" / name / "source.toml").write_text(own, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", tmp_path / "declared")
    monkeypatch.delenv(tracking.KEY_VARIABLE, raising=False)
    home.replace_text(home.folder() / tracking.KEY_FILE, "a key")


def told(folder: Path, name: str, country: str, *rows: tuple[str, str]) -> None:
    """Add a file of (day, number); weights differ so much that nothing else could link two rows."""
    lines = [
        ROW.format(
            case=f"{country}{place}",
            day=day,
            country=country,
            gram=100 + 300 * place + (country == "Netherlands") * 150,
            number=number,
        )
        for place, (day, number) in enumerate(rows)
    ]
    path = folder / f"{name}.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    assert cli.main(["add", name, str(path)]) == 0


def events() -> list[tuple[str, ...]]:
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        return con.execute(
            "select list(record_id order by record_id) from seizure group by event_id having count(*) > 1 order by all"
        ).fetchall()


def test_december_meets_january_by_the_number(tmp_path: Path) -> None:
    told(tmp_path, "demo_nl", "Netherlands", ("2020-12-30", "RR123456785NL"), ("2020-06-01", "RR473124829NL"))
    told(tmp_path, "demo_nz", "New Zealand", ("2021-01-02", "RR123456785NL"), ("2021-06-01", "RR473124829NL"))
    assert events() == [(["Netherlands0", "New Zealand0"],)]


def test_it_does_so_whoever_told_first_and_where_only_the_month_is_known(tmp_path: Path) -> None:
    told(tmp_path, "demo_nl", "Netherlands", ("2021-01-01", "RR123456785NL"), ("2020-12-31", "RR473124829NL"))
    told(tmp_path, "demo_nz", "New Zealand", ("2020-12-31", "RR123456785NL"), ("2021-01", "RR473124829NL"))
    assert events() == [(["Netherlands0", "New Zealand0"],), (["Netherlands1", "New Zealand1"],)]


def test_a_number_that_comes_round_again_is_another_parcel(tmp_path: Path) -> None:
    told(tmp_path, "demo_nl", "Netherlands", ("2020-01-02", "RR123456785NL"), ("2020-11-01", "RR473124829NL"))
    told(tmp_path, "demo_nz", "New Zealand", ("2021-01-02", "RR123456785NL"), ("2021-01-02", "RR473124829NL"))
    assert events() == []


def test_a_number_told_again_months_later_is_left_to_a_person(tmp_path: Path) -> None:
    told(tmp_path, "demo_nl", "Netherlands", ("2020-02-01", "RR123456785NL"), ("2020-03-01", "RR473124829NL"))
    told(tmp_path, "demo_nz", "New Zealand", ("2020-07-10", "RR123456785NL"), ("2020-03-20", "RR473124829NL"))
    assert events() == [(["Netherlands1", "New Zealand1"],)]
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        waiting = con.execute(
            """select list(record_id order by record_id) from link_candidate inner join seizure
            on seizure.seizure_id in (link_candidate.seizure_id, other_seizure_id) where decided = 'queue' group by link_candidate.seizure_id"""
        ).fetchall()
    assert waiting == [(["Netherlands0", "New Zealand0"],)]
