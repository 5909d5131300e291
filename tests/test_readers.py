"""Every cell of a delivered file comes back as it was written, whatever wrote it, and under its own row number."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postflow import readers
from postflow.exercise import spreadsheets

NAMES = {"Eins": "one", "Zwei": "two", "Drei": "three"}
# Control characters and lone surrogates are replaced by the reader, and line ends inside cells are made one: other tests hold that.
PLAIN = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
WESTERN = st.characters(codec="cp1252", categories=["L", "N", "P", "S", "Zs"])


def cells(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    cell = st.one_of(
        st.text(alphabet, max_size=12),
        st.sampled_from(["", " ", '"', '""', "a;b", "a,b", "x\ny", "=1+1", "NULL", "nan", "007", "1.234,5"]),
    )
    # A row of nothing but blanks is no row in most formats.
    return st.lists(
        st.tuples(st.text(alphabet, min_size=1, max_size=6).filter(str.strip), cell, cell), min_size=1, max_size=12
    )


def read(path: Path, file_format: readers.FileFormat) -> list[tuple]:
    with tempfile.TemporaryDirectory() as work, duckdb.connect() as con:
        told = readers.read(con, path, file_format, NAMES, Path(work))
        rows = con.execute("select row_number, one, two, three from delivered_file order by 1").fetchall()
    assert told.rows == len(rows)
    return rows


def written(path: Path, rows: list[tuple[str, ...]], encoding: str, delimiter: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(NAMES)
        writer.writerows(rows)


def same(rows: list[tuple[str, ...]], back: list[tuple]) -> None:
    assert [row[0] for row in back] == list(range(2, len(rows) + 2))
    assert [tuple(cell or "" for cell in row[1:]) for row in back] == rows


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "alphabet"), [("utf-8", PLAIN), ("utf-8-sig", PLAIN), ("utf-16", PLAIN), ("cp1252", WESTERN)]
)
def test_text_comes_back_in_every_encoding(
    encoding: str, alphabet: st.SearchStrategy[str], delimiter: str, tmp_path: Path
) -> None:
    @settings(max_examples=10, deadline=None)
    @given(cells(alphabet))
    def holds(rows: list[tuple[str, ...]]) -> None:
        path = tmp_path / "cells.csv"
        written(path, rows, encoding, delimiter)
        same(rows, read(path, readers.FileFormat("csv", delimiter=delimiter, encoding=encoding)))

    holds()


@pytest.mark.parametrize(("name", "write"), [("ods", spreadsheets.write_ods), ("xlsx", spreadsheets.write_xlsx)])
def test_a_sheet_comes_back(name: str, write: Callable[..., object], tmp_path: Path) -> None:
    @settings(max_examples=4, deadline=None)
    @given(cells(PLAIN.filter(lambda letter: letter not in " \u00a0\u2007\u202f")))
    def holds(rows: list[tuple[str, ...]]) -> None:
        path = tmp_path / f"cells.{name}"
        kept = [tuple(cell.replace("\n", " ").strip() for cell in row) for row in rows]
        write(path, "Blad", list(NAMES), ["text"] * 3, kept)
        same(kept, read(path, readers.FileFormat(name, sheet="Blad")))

    holds()


def test_parquet_comes_back(tmp_path: Path) -> None:
    @settings(max_examples=25, deadline=None)
    @given(cells(PLAIN))
    def holds(rows: list[tuple[str, ...]]) -> None:
        path = tmp_path / "cells.parquet"
        pd.DataFrame(rows, columns=list(NAMES)).to_parquet(path)
        back = read(path, readers.FileFormat("parquet"))
        assert [tuple(cell or "" for cell in row[1:]) for row in back] == rows

    holds()


def test_rows_keep_their_numbers_in_a_large_file_with_broken_lines(tmp_path: Path) -> None:
    """Several hundred thousand rows, read by several threads, every seventh with a line end inside a cell."""
    path, number = tmp_path / "many.csv", 400_000
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("Eins;Zwei;Drei\n")
        file.writelines(f'{n};"a\nb";c\n' if n % 7 == 0 else f"{n};plain;c\n" for n in range(number))
    with duckdb.connect() as con:
        assert readers.read(con, path, readers.FileFormat("csv", delimiter=";"), NAMES, tmp_path).rows == number
        wrong = con.execute("select count(*) from delivered_file where row_number <> one::integer + 2").fetchall()[0][0]
        broken = con.execute("select count(*) from delivered_file where contains(two, chr(10))").fetchall()[0][0]
    assert (wrong, broken) == (0, len(range(0, number, 7)))
