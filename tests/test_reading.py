"""A file is read by a process of its own: the same rows, the same words, and a message where it would cost too much."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import psutil
import pytest

from postflow import readers, reading
from postflow.errors import DeliveryError
from postflow.exercise import spreadsheets

NAMES = {"Eins": "one", "Zwei": "two"}
TEXT = 'Eins;Zwei\n"a\nb";\n;é€\n\ufffd; x \n'


def made(folder: Path) -> dict[str, tuple[Path, readers.FileFormat]]:
    """The same rows in every format, by name."""
    book = (["Eins", "Zwei"], ["text", "number"], [["a\nb", ""], ["", "1.5"], ["1", "é€"]])
    spreadsheets.write_xlsx(folder / "a.xlsx", "Blad", *book)
    spreadsheets.write_ods(folder / "a.ods", "Blad", *book)
    (folder / "a.csv").write_text(TEXT, encoding="utf-8")
    (folder / "w.csv").write_bytes(TEXT.replace("\ufffd", "\u2013").encode("cp1252") + b"\x81;y\n")
    (folder / "u.csv").write_bytes(TEXT.encode("utf-16"))
    (folder / "a.csv.gz").write_bytes(gzip.compress(TEXT.encode()))
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        packed.writestr("inside.csv", TEXT)
    duckdb.sql("select * from (values (1, 'x'), (null, '')) as t(\"Eins\", \"Zwei\")").write_parquet(
        str(folder / "a.parquet")
    )
    text = readers.FileFormat("csv", delimiter=";")
    return {
        path.name: (path, text if path.suffix not in (".xlsx", ".ods", ".parquet") else how(path))
        for path in sorted(folder.iterdir())
    }


def how(path: Path) -> readers.FileFormat:
    return readers.FileFormat(path.suffix[1:])


def came(
    read: Callable[..., readers.Delivered], path: Path, file_format: readers.FileFormat, work: Path
) -> tuple[readers.Delivered, list, list]:
    work.mkdir()
    with duckdb.connect() as con:
        told = read(con, path, file_format, NAMES, work)
        table = con.table("delivered_file").order("row_number")
        return told, list(zip(table.columns, table.types, strict=True)), table.fetchall()


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.ods", "a.parquet", "a.xlsx", "a.zip", "u.csv", "w.csv"])
def test_rows_and_receipt_are_the_same_whoever_reads(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path, file_format = made(tmp_path / "in")[name]
    here = came(readers.read, path, file_format, tmp_path / "here")
    assert came(reading.read, path, file_format, tmp_path / "there") == here
    assert here[0].rows == len(here[2]) >= 2


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        (b"Eins;Drei\n1;2\n", readers.FileFormat("csv")),
        (b"Eins;Zwei\n1;2\n1\n", readers.FileFormat("csv", delimiter=";")),
        (b"Eins;Zwei\n", readers.FileFormat("csv", delimiter=";")),
        (b"\x1f\x8bnothing", readers.FileFormat("csv")),
        (b"PAR1 no parquet PAR1", readers.FileFormat("parquet")),
        (b"<html>", readers.FileFormat("xlsx")),
        (b"Eins;Zwei\n\xff;1\n", readers.FileFormat("csv", encoding="utf-8")),
    ],
)
def test_what_is_refused_is_refused_in_the_same_words(
    content: bytes, file_format: readers.FileFormat, tmp_path: Path
) -> None:
    path = tmp_path / "bad\x1b.csv"
    path.write_bytes(content)
    said = []
    for read, work in ((readers.read, tmp_path / "here"), (reading.read, tmp_path / "there")):
        with pytest.raises(DeliveryError) as refused:
            came(read, path, file_format, work)
        said.append(vars(refused.value) | {"said": str(refused.value)})
    assert said[0] == said[1]
    assert said[0]["file"] == r"bad\x1b.csv"


def no_reader_is_left() -> bool:
    return not [
        child for child in psutil.Process().children(recursive=True) if "postflow.reading_process" in child.cmdline()
    ]


def test_a_reader_that_takes_too_much_memory_is_ended_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "good.csv"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("POSTFLOW_LIMIT_MEMORY_MB", "20")
    with pytest.raises(DeliveryError, match="more than 20 MB of memory") as refused:
        came(reading.read, path, readers.FileFormat("csv", delimiter=";"), tmp_path / "work")
    assert refused.value.file == "good.csv"
    assert "memory_mb" in refused.value.next_step
    assert no_reader_is_left()


def test_a_reader_that_takes_too_long_is_ended_with_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "good.csv"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("POSTFLOW_LIMIT_SECONDS", "1")
    monkeypatch.setattr(reading, "TIMES_WAITED", 0.01)
    with pytest.raises(DeliveryError, match="more than 1 seconds"):
        came(reading.read, path, readers.FileFormat("csv", delimiter=";"), tmp_path / "work")
    assert no_reader_is_left()


def test_a_reader_that_dies_without_a_word_costs_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "good.csv"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(reading, "READER", ("-c", "import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(DeliveryError, match="broke its reader: it ended without a word"):
        came(reading.read, path, readers.FileFormat("csv", delimiter=";"), tmp_path / "work")


def test_a_fault_in_the_reader_is_told_by_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "good.csv"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(reading, "READER", ("-c", "raise ValueError('a' + chr(27) + 'b')"))
    with pytest.raises(DeliveryError) as refused:
        came(reading.read, path, readers.FileFormat("csv", delimiter=";"), tmp_path / "work")
    assert refused.value.message == r"The file broke its reader: ValueError: a\x1bb."
