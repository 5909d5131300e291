"""What would happen if a file were added; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pandas as pd

from postflow import builds, pool, queries, reports, vocabulary
from postflow.mapping import Delivery
from postflow.reports import Report
from postflow.scope import Scope

MOST_SHOWN = 200
"""Cells of a field that are shown as delivered and as read."""


@dataclass(frozen=True)
class Word:
    """A word that the vocabulary does not list."""

    field: str
    word: str
    rows: int
    near: tuple[str, ...]
    """Canonical values that it may mean, the likeliest first."""


@dataclass(frozen=True)
class Trial:
    """What would become of one file."""

    report: Report
    words: tuple[Word, ...]
    """All of them, most rows first."""
    held: pd.DataFrame
    """Of ``trial/held``: rule, reason, field, rows, first_row, first_value."""
    flags: pd.DataFrame
    """Of ``trial/flags``: flag, rows."""
    months: pd.DataFrame
    """Of ``trial/months``: seized_month, drug, seizures, quantity_kg, records."""
    as_read: pd.DataFrame
    """Of ``trial/as_read``: field, delivered, read, rows; of each field the commonest cells."""


def look(name: str, delivery: Delivery) -> Trial:
    """Read, map and check the file by itself, in memory.

    Args:
        name: ``real`` or ``exercise``.

    Raises:
        DeliveryError, PoolError: the file cannot be read as its declaration says.
    """
    with pool.checked(name, [delivery]) as con:
        report = reports.every(con)[0]
        made = con.execute("select delivery_id from delivery").fetchall()[0][0]
        held, flags, months = (
            queries.run(con, f"trial/{query}", delivery_id=made) for query in ("held", "flags", "months")
        )
        as_read = queries.run(con, "trial/as_read")
    words = tuple(
        Word(field, word, rows, tuple(vocabulary.nearest(vocabulary.field_of(field), word)))
        for field, word, rows in report.unlisted
    )
    shown = as_read.groupby("field", sort=False).head(MOST_SHOWN).reset_index(drop=True)
    return Trial(report, words, held, flags, months, shown)


def changes(name: str, delivery: Delivery, progress: Callable[[str], None] = lambda _: None) -> pd.DataFrame:
    """What the file would change in the pool: a build with it is made, compared with the newest and thrown away.

    Returns:
        drug, departure_country_code, destination_country_code, seizures and quantity_kg before and after, of those drugs
        and corridors only that change; the greatest change of the count first.

    Raises:
        DeliveryError, SourceError, PoolError: as ``pool.add``.
    """
    newest = pool.current(name)
    before = _corridors(None)
    if newest:
        with builds.reading(newest) as con:
            before = _corridors(con)
    with pool.candidate(name, [delivery], progress) as con:
        return _changes(before, _corridors(con))


_KEYS = ["drug", "departure_country_code", "destination_country_code"]


def _corridors(con: duckdb.DuckDBPyConnection | None) -> pd.DataFrame:
    """Seizures and kilograms of each drug and corridor, as the pages count them."""
    if con is None:
        return pd.DataFrame(columns=[*_KEYS, "seizures", "quantity_kg"])
    return queries.run(con, "charts/corridors", scope=Scope())[[*_KEYS, "seizures", "quantity_kg"]]


def _changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The drugs and corridors whose totals differ, the greatest change of the count first."""
    both = before.merge(after, on=_KEYS, how="outer", suffixes=("_before", "_after"))
    for column in ("seizures_before", "seizures_after"):
        both[column] = both[column].fillna(0).astype("int64")
    kg_before, kg_after = both["quantity_kg_before"].fillna(0.0), both["quantity_kg_after"].fillna(0.0)
    moved = both["seizures_after"] - both["seizures_before"]
    is_other = (moved != 0) | ((kg_after - kg_before).abs() > 1e-9)
    ordered = both.assign(moved=moved.abs())[is_other].sort_values(
        ["moved", *_KEYS], ascending=[False, True, True, True]
    )
    return ordered.drop(columns="moved").reset_index(drop=True)
