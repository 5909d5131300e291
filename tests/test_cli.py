"""The command line: data on standard output, words on standard error, exit codes that mean something."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from postflow import cli, pool, sources
from tests.test_pool import DEMO


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sources, "FOLDER", DEMO.parent)
    assert cli.main(["build"]) == 0
    capsys.readouterr()


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> pd.DataFrame:
    assert cli.main(["query", *words, "--format", "csv"]) == 0
    return pd.read_csv(io.StringIO(capsys.readouterr().out))


def test_nothing_is_filtered_that_was_not_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "charts/corridors").seizures.sum() == 11


@pytest.mark.parametrize("departure", ["NL", "netherlands", "Nederland", "Pays-Bas"])
def test_a_country_is_a_code_or_a_name_in_several_languages(departure: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "charts/corridors", "--departure", departure).seizures.sum() == 5


@pytest.mark.parametrize(
    "words", [["--departure", "benelux"], ["--departure", "NL,BE,LU"], ["--departure", "NL", "--departure", "BE"]]
)
def test_groups_lists_and_repeats_mean_the_same(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "charts/corridors", *words).seizures.sum() == 7


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["--departure", "Atlantis"], "Atlantis"),
        (["--drug", "sugar"], "sugar"),
        (["--channel", "pigeon"], "pigeon"),
        (["--source", "nobody"], "nobody"),
        (["--from", "yesterday"], "yesterday"),
        (["--from", "FY2020"], "FY2020"),
    ],
)
def test_an_unknown_value_is_refused_with_words(
    words: list[str], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["query", "charts/corridors", *words]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert wrong in captured.err


def test_an_unknown_query_names_the_way_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["query", "charts/nothing"]) == 1
    assert "postflow queries" in capsys.readouterr().err


def test_a_command_that_is_not_understood_ends_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["fly"])
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("period", "labels"),
    [
        ("month", ["2020-01", "2020-02", "2020-03", "2021-06", "2021-07", "2021-12"]),
        ("quarter", ["2020-Q1", "2021-Q2", "2021-Q3", "2021-Q4"]),
        ("year", ["2020", "2021"]),
        ("us_fy", ["FY2020", "FY2021", "FY2022"]),
        ("au_fy", ["FY2020", "FY2021", "FY2022"]),
        ("uk_fy", ["FY2020", "FY2022"]),
    ],
)
def test_periods_are_written_one_way(period: str, labels: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "charts/seizures_by_period", "--period", period)
    assert sorted(set(found.period.astype(str))) == labels
    assert found.seizures.sum() == 11


def test_from_and_to_include_both_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "charts/corridors", "--from", "2020-02", "--to", "2020-03").seizures.sum() == 6
    assert rows(capsys, "charts/corridors", "--from", "FY2022", "--period", "us_fy").seizures.sum() == 1


def test_switches_take_out_what_they_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "charts/corridors", "--without-duplicates").seizures.sum() == 10
    assert rows(capsys, "charts/corridors", "--without-outliers").seizures.sum() == 10
    inferred = rows(capsys, "charts/corridors", "--without-inferred")
    assert inferred.seizures.sum() == 11
    assert inferred[inferred.destination_country_code == "ZZ"].seizures.sum() == 4


def test_json_is_json_and_table_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["query", "charts/totals", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["seizures"] == 11
    assert cli.main(["query", "charts/corridors", "--drug", "ketamine"]) == 0
    assert "DE" in capsys.readouterr().out


def test_check_keeps_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = pool.current()
    assert cli.main(["check", "demo_customs", str(DEMO / "seizures.csv")]) == 0
    assert "14 rows in = 11 accepted + 3 in quarantine" in capsys.readouterr().err
    assert pool.current() == before


@pytest.mark.parametrize("verb", ["sources", "queries", "status"])
def test_lists_say_something(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([verb]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 1


def test_without_a_pool_it_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path / "nothing"))
    assert cli.main(["query", "charts/corridors"]) == 1
    assert "postflow build" in capsys.readouterr().err
