"""Names of months and of countries in the languages of the participating services, from Unicode CLDR by way of Babel.

Writes ``data/reference/months.csv`` and adds to ``data/reference/country_words.csv`` what is not there yet:

    make names

A name that means two countries in two languages is added for neither; a word that is listed already keeps its meaning.
"""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

from babel import Locale

REFERENCE = Path(__file__).resolve().parent.parent / "data" / "reference"
LANGUAGES = ("nl", "fr", "de", "lb", "en", "da", "sv", "cs", "it", "lt", "ga", "et", "mt", "es")
OWN_MONTHS = (("de", 3, "MRZ"), ("de", 1, "Jänner"), ("de", 2, "Feber"), ("de", 5, "Mai"), ("es", 9, "setiembre"))
"""In use, and not in CLDR: short German March, Austrian months, a Spanish spelling."""


def fold(word: str) -> str:
    """As ``postflow.vocabulary.fold``."""
    return unicodedata.normalize("NFC", word).strip().lower()


def months() -> list[tuple[str, int, str]]:
    """Language, month and name, in every form that CLDR knows."""
    found = set(OWN_MONTHS)
    for language in LANGUAGES:
        named = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found |= {(language, month, word.rstrip(".")) for month, word in named[context][width].items()}
    return sorted((language, month, word) for language, month, word in found if not word.isdecimal())


def country_names(codes: set[str]) -> dict[str, str]:
    """Folded name → code, of the names that mean one country in all the languages."""
    found: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            for word in {name, name.replace("’", "'")}:
                if code in codes and len(word) > 2:
                    found.setdefault(fold(word), set()).add(code)
                    spelled.setdefault(fold(word), word)
    return {spelled[word]: next(iter(told)) for word, told in found.items() if len(told) == 1}


def main() -> None:
    """Write both files."""
    with (REFERENCE / "months.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["language", "month", "word"])
        writer.writerows(months())
    with (REFERENCE / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = {row["country_code"]: row["country_name"] for row in csv.DictReader(file)}
    path = REFERENCE / "country_words.csv"
    with path.open(encoding="utf-8", newline="") as file:
        listed = [(row["word"], row["country_code"], row["note"]) for row in csv.DictReader(file)]
    known = {fold(word) for word, _, _ in listed} | {fold(name) for name in countries.values()}
    added = [
        (word, code, "") for word, code in country_names(set(countries) - {"ZZ"}).items() if fold(word) not in known
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["word", "country_code", "note"])
        writer.writerows(sorted([*listed, *added], key=lambda row: fold(row[0])))


if __name__ == "__main__":
    main()
