"""Odd files, declarations, parameters and cells: a sentence and exit code 1, and no live formula anywhere."""

from __future__ import annotations

import csv
import gzip
import io
import time
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from postflow import cli, readers, sources
from postflow.errors import DeliveryError, ScopeError, SourceError
from postflow.exports import cells
from postflow.scope import months_of
from tests.test_pool import DEMO

LIVE = ["=1+1", "+1+1", "-1+1", "@sum(a)", "|cmd", "%x", "\t=1", "x;=1+1", "x\t=1+1", 'x";=1+1', "x; +cmd()", "a\n=1"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_text_is_a_live_cell_under_any_separator_and_numbers_stay_numbers(separator: str) -> None:
    text = cells.csv(pd.DataFrame({"n": [-1.5] * len(LIVE), "text": LIVE}), "\n")
    assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == ["-1.5"] * len(LIVE)
    for row in csv.reader(io.StringIO(text), delimiter=separator):
        for cell in row:
            assert cell.strip(' "\t')[:1] not in ("=", "+", "@", "|", "%")
            assert not cell.strip(' "').startswith("-1+")


def refused(path: Path, **how: str) -> str:
    with duckdb.connect() as con, pytest.raises(DeliveryError) as said:
        readers.read(con, path, readers.FileFormat("csv", **how), {"a": "one", "b": "two"}, path.parent)
    return str(said.value)


def test_a_zip_with_a_password_or_deflate64_is_refused_with_words(tmp_path: Path) -> None:
    for flag, method in ((1, 0), (0, 9)):
        path = tmp_path / f"odd-{method}.zip"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("inside.csv", "a,b\n1,2\n")
        content = bytearray(path.read_bytes())
        for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            found = content.find(start)
            content[found + at] |= flag
            content[found + at + 2] = method
        path.write_bytes(content)
        assert "cannot be unpacked" in refused(path)


def test_an_encoding_that_decodes_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "no such encoding" in refused(path, encoding="undefined")


def test_a_gzip_of_repeated_rows_is_refused_before_it_fills_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 40_000_000, 1))
    began = time.monotonic()
    assert "unpacks to more than" in refused(path)
    assert time.monotonic() - began < 10


def test_a_hundred_thousand_columns_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{n}" for n in range(100_000)) + "\n", encoding="utf-8")
    began = time.monotonic()
    assert "100,000 columns" in refused(path, delimiter=",")
    assert time.monotonic() - began < 5


DECLARED = {
    "two signs": ('delimiter = ";"', 'delimiter = ";;"', "one sign"),
    "deep": ("[columns]", "x = " + "[" * 5000 + "]" * 5000 + "\n[columns]", "nested"),
    "huge": ("[columns]", "# " + "x" * 200_000 + "\n[columns]", "larger"),
    "empty form": ("[columns]", '[dates]\nday = [""]\n[columns]', "form"),
}


@pytest.mark.parametrize("case", DECLARED)
def test_a_bad_declaration_is_refused_with_words(case: str, tmp_path: Path) -> None:
    was, now, words = DECLARED[case]
    path = tmp_path / "demo_customs" / "source.toml"
    path.parent.mkdir()
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=words):
        sources.load(path)


def test_a_declaration_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "demo_customs" / "source.toml"
    path.parent.mkdir()
    path.write_bytes((DEMO / "source.toml").read_bytes() + b"# \xff\n")
    with pytest.raises(SourceError, match="not UTF-8"):
        sources.load(path)


@pytest.mark.parametrize("text", ["0000", "0000-01", "0000-Q1"])
def test_there_is_no_year_0(text: str) -> None:
    with pytest.raises(ScopeError):
        months_of(text)


def test_a_parameter_that_the_query_does_not_take_names_the_near_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sources, "FOLDER", DEMO.parent)
    assert cli.main(["build"]) == 0
    assert cli.main(["query", "charts/corridors", "--param", "scop=1"]) == 1
    assert "Is it scope?" in capsys.readouterr().err


def test_a_link_that_is_no_address_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["brief", "--link", "http://["]) == 1
    said = capsys.readouterr().err
    assert "The link cannot be read: Invalid IPv6 URL." in said
    assert "--link" in said
