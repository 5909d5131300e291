"""Names of months and of countries in the languages of the participating services, from Unicode CLDR by way of Babel.

Writes ``data/reference/months.csv`` and ``data/reference/country_names.csv``. A name that means two countries in two languages
is left out; a word of ``country_words.csv`` keeps its meaning there and is not repeated. Run: ``make names``.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
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


def listed() -> tuple[set[str], set[str]]:
    """Codes of all countries, and the folded words that are listed by hand: these keep their meaning."""
    with (REFERENCE / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = {row["country_code"]: row["country_name"] for row in csv.DictReader(file)}
    with (REFERENCE / "country_words.csv").open(encoding="utf-8", newline="") as file:
        words = {fold(row["word"]) for row in csv.DictReader(file)}
    return set(countries) - {"ZZ"}, words | {fold(name) for name in countries.values()}


def text(head: list[str], rows: Iterable[tuple[str | int, ...]]) -> str:
    """A CSV in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([head, *rows])
    return out.getvalue()


def tables() -> dict[str, str]:
    """File name → its text."""
    codes, known = listed()
    names = [(word, code) for word, code in country_names(codes).items() if fold(word) not in known]
    return {
        "months.csv": text(["language", "month", "word"], months()),
        "country_names.csv": text(["word", "country_code"], sorted(names, key=lambda row: fold(row[0]))),
    }


def main() -> None:
    """Write both files."""
    for name, content in tables().items():
        (REFERENCE / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
