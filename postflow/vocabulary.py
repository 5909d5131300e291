"""The shared vocabulary: what every word of a delivered file means, as tables beside the rows.

Words live in ``data/reference``; a source may add its own under ``[values]``, and there its own word wins.
"""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

FOLDER = Path(__file__).resolve().parent.parent / "data" / "reference"

COUNTRY_COLUMNS = (
    "seizure_country",
    "departure_country",
    "destination_country",
    "production_country",
    "information_country",
    "reporter_country",
)

OPEN_FIELDS = ("operator",)
"""A source may name values of its own here: nobody has a list of every post and courier."""


_NO_WIDTH = dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])


def one_space(words: str) -> str:
    """White space of every kind as one space, marks without width as none: the same as the macro ``one_space``."""
    return " ".join(words.translate(_NO_WIDTH).split())


def fold(word: str) -> str:
    """One Unicode form, single spaces, no case: as the macro ``fold`` gives it of a cell."""
    return unicodedata.normalize("NFC", one_space(word)).lower()


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/reference/<name>.csv``, all text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def country_names() -> dict[str, str]:
    """ISO 3166-1 alpha-2 code → short English name; ``ZZ`` → Not stated."""
    return {row["country_code"]: row["country_name"] for row in rows("countries")}


@cache
def country_groups() -> dict[str, tuple[str, ...]]:
    """Group name → its country codes, as data/reference/countries.csv lists them."""
    groups: dict[str, list[str]] = {}
    for row in rows("countries"):
        for name in filter(None, row["groups"].split(";")):
            groups.setdefault(name.strip(), []).append(row["country_code"])
    return {name: tuple(codes) for name, codes in groups.items()}


@cache
def shared_words() -> dict[tuple[str, str], str]:
    """(field, folded word) → canonical value, for every field of the vocabulary."""
    words = {(row["field"], fold(row["word"])): row["canonical"] for row in rows("words")}
    words |= {("country", fold(row["word"])): row["country_code"] for row in rows("country_words")}
    for row in rows("country_names"):
        words.setdefault(("country", fold(row["word"])), row["country_code"])
    for row in rows("countries"):
        words.setdefault(("country", fold(row["country_name"])), row["country_code"])
        words.setdefault(("country", fold(row["country_code"])), row["country_code"])
    for field, name in (("drug", "drugs"), ("unit", "units")):
        for row in rows(name):
            words.setdefault((field, fold(row[field])), row[field])
    return words


def field_of(column: str) -> str:
    """The field of the vocabulary by which a canonical column is read."""
    return "country" if column in COUNTRY_COLUMNS else "yes_no" if column.startswith("is_") else column


@cache
def canonical_values() -> dict[str, frozenset[str]]:
    """Field → every value that may stand on the right side of a source's ``[values]``."""
    found: dict[str, set[str]] = {}
    for (field, _), value in shared_words().items():
        found.setdefault(field, set()).add(value)
    return {field: frozenset(values) for field, values in found.items()}


def nearest(field: str, word: str) -> list[str]:
    """Up to three canonical values of the field that the word may mean, the likeliest first."""
    if (field, fold(word)) in shared_words():
        return [shared_words()[field, fold(word)]]
    words = {known: value for (of, known), value in shared_words().items() if of == field}
    near = difflib.get_close_matches(fold(word), words, n=6)
    return list(dict.fromkeys(words[known] for known in near if words[known]))[:3]


def kilograms(unit: str) -> float | None:
    """Of one unit of mass, in whatever word; None for anything else."""
    canonical = shared_words().get(("unit", fold(unit)))
    factors = [
        row for row in rows("unit_factors") if row["unit"] == canonical and (row["drug"], row["form"]) == ("*", "*")
    ]
    return float(factors[0]["kg_mid"]) if factors else None


def month_words(languages: Iterable[str]) -> dict[str, int]:
    """Names and short names of the months in some languages, folded and without a full stop → 1 to 12."""
    wanted = set(languages)
    return {fold(row["word"]).rstrip("."): int(row["month"]) for row in rows("months") if row["language"] in wanted}


def words_of(values: Mapping[str, Mapping[str, str]]) -> pa.Table:
    """The table ``word`` for one source: field, word (folded), canonical.

    Args:
        values: the ``[values]`` of its source.toml, by canonical column.
    """
    words = dict(shared_words())
    for column, listed in values.items():
        words |= {(field_of(column), fold(word)): canonical for word, canonical in listed.items()}
    ordered = sorted(words.items())
    return pa.table(
        {
            "field": [field for (field, _), _ in ordered],
            "word": [word for (_, word), _ in ordered],
            "canonical": [canonical for _, canonical in ordered],
        }
    )


def load_reference(pool: duckdb.DuckDBPyConnection) -> None:
    """Create the tables country, drug, drug_limit, unit_kind and unit_factor from ``data/reference``; fill perturbation."""

    def number(text: str) -> float | None:
        return float(text) if text.strip() else None

    countries, drugs, units, factors = rows("countries"), rows("drugs"), rows("units"), rows("unit_factors")
    tables = {
        "country": pa.table(
            {
                "country_code": [row["country_code"] for row in countries],
                "country_name": [row["country_name"] for row in countries],
                "is_end_destination": [row["is_end_destination"] == "true" for row in countries],
            }
        ),
        "drug": pa.table(
            {
                "drug": [row["drug"] for row in drugs],
                "label": [row["label"] for row in drugs],
                "is_charted": [row["is_charted"] == "true" for row in drugs],
            }
        ),
        "drug_limit": pa.table(
            {
                "drug": [row["drug"] for row in drugs],
                "largest_credible_kg": pa.array([number(row["largest_credible_kg"]) for row in drugs], pa.float64()),
            }
        ),
        "unit_kind": pa.table({"unit": [row["unit"] for row in units], "kind": [row["kind"] for row in units]}),
        "unit_factor": pa.table(
            {name: [row[name] for row in factors] for name in ("factor_id", "drug", "form", "unit", "citation", "url")}
            | {
                f"kg_{name}": pa.array([number(row[f"kg_{name}"]) for row in factors], pa.float64())
                for name in ("low", "mid", "high")
            }
            | {
                name: pa.array([int(row[name]) if row[name].strip() else None for row in factors], pa.int32())
                for name in ("year_from", "year_to")
            }
        ),
    }
    for name, table in tables.items():
        pool.from_arrow(table).create(name)
    noise = rows("perturbation")
    moved = pa.table({name: pa.array([int(row[name]) for row in noise], pa.int32()) for name in noise[0]})
    pool.from_arrow(moved).insert_into("perturbation")
