"""Add the drug names of official files that the vocabulary lacks to data/reference/words.csv and drugs.csv.

The two files are kept by hand; this only adds, each new name as a drug of its own, to be read through and joined to
an existing drug where it is one. Nothing is ever read as MDMA or ketamine because it looks alike.

Run: ``python scripts/make_drug_words.py FILE…`` with CSV files, gzipped or in a zip too.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

REFERENCE = Path(__file__).resolve().parent.parent / "data" / "reference"
sys.path.insert(0, str(REFERENCE.parent.parent))

from postflow.vocabulary import fold  # noqa: E402 - the root is not on the path of a script

COLUMNS = ("DRUG_NAME", "Drug Type", "drug_name", "drug_type", "drug", "substance")


def opened(path: Path) -> TextIO:
    """The CSV as text: plain, gzipped, or the one member of a zip."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    if path.suffix == ".zip":
        packed = zipfile.ZipFile(path)
        return io.TextIOWrapper(packed.open(packed.namelist()[0]), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of an official file, comma or semicolon."""
    with opened(path) as file:
        heads = file.readline()
        delimiter = ";" if heads.count(";") > heads.count(",") else ","
        yield from csv.DictReader(file, next(csv.reader([heads], delimiter=delimiter)), delimiter=delimiter)


def drug_names(path: Path) -> set[str]:
    """Every drug name of an official file as it is written there."""
    return {row[column].strip() for row in rows(path) for column in COLUMNS if row.get(column)} - {""}


def tidy(name: str) -> str:
    """A drug's own name: one space, no marks, lower case but for names that are codes (2C-B, MDPV)."""
    name = re.sub(r"\s+", " ", name).strip().rstrip("*")
    return name if re.search(r"\d|[A-Z]{2}", name) else name.lower()


def table(name: str) -> list[dict[str, str]]:
    """A reference file as rows of text."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def missing(names: Iterable[str]) -> list[str]:
    """The names that words.csv does not list, sorted, one spelling each."""
    known = {fold(row["word"]) for row in table("words") if row["field"] == "drug"}
    return sorted({fold(name): name for name in sorted(names) if fold(name) not in known}.values())


def save(name: str, listed: list[dict[str, str]]) -> None:
    """Write a reference file."""
    with (REFERENCE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def main(paths: list[Path]) -> None:
    """Add what is missing and say it."""
    names = missing(name for path in paths for name in drug_names(path))
    words, drugs = table("words"), table("drugs")
    known = {row["drug"] for row in drugs}
    for name in names:
        drug = tidy(name)
        words.append({"field": "drug", "word": name, "canonical": drug, "note": ""})
        if drug not in known:
            known.add(drug)
            told = {"drug": drug, "label": drug[:1].upper() + drug[1:], "group": "other", "is_charted": "false"}
            drugs.append(dict.fromkeys(drugs[0], "") | told)
        print(f"{name} -> {drug}")
    if names:
        save("words", sorted(words, key=lambda row: (row["field"], fold(row["word"]))))
        save("drugs", sorted(drugs, key=lambda row: (row["drug"].lower(), row["drug"])))
    print(f"{len(names)} new names")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
