"""Each chart query on the cube and on the rows, against pandas, polars and SQLite giving the same answers."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl

from bench import WORK
from postflow import pool, queries
from postflow.scope import Scope

SCOPE = Scope(
    drugs=("MDMA", "ketamine"),
    departures=("AT", "BE", "CH", "DE", "ES", "FR", "GB", "IE", "IT", "LU", "NL", "PT"),
    destinations=("US", "AU", "NZ"),
)
SUMS = ("seizures", "quantity_kg", "quantity_kg_low", "quantity_kg_high", "seizures_without_kg")
ROUNDS = 5
ROW_CUBE = """create or replace temp view row_cube as
select *, 1 as records, case when quantity_kg is null then seizures else 0 end as seizures_without_kg from seizure"""
HEAVIEST = "list_slice(list_reverse_sort(flatten(list(largest_kg))), 1, 5)"
HEAVIEST_OR_NONE = "list_slice(list_reverse_sort(flatten(coalesce(list(largest_kg), []))), 1, 5)"


@dataclass(frozen=True)
class Ask:
    """A chart query, and the same question in words that every library has."""

    name: str
    params: dict[str, Any]
    keys: tuple[str, ...]
    """Columns of the answer that it is grouped by; ``period_start`` is the month."""
    sums: tuple[str, ...] = SUMS
    heaviest: bool = False
    departures: tuple[str, ...] | None = SCOPE.departures
    destinations: tuple[str, ...] | None = SCOPE.destinations


MONTH = {"period": "month"}
PAIR = ("departure_country_code", "destination_country_code")
ASKS = (
    Ask("charts/totals", {}, (), heaviest=True),
    Ask("charts/seizures_by_period", MONTH, ("period_start", "drug")),
    Ask(
        "charts/seizures_by_period_and_category",
        MONTH | {"dimension": "channel"},
        ("period_start", "category"),
        heaviest=True,
    ),
    Ask("charts/corridors", {}, (*PAIR, "drug")),
    Ask(
        "charts/interceptions",
        {},
        (PAIR[0], "interception_side", "destination_basis", PAIR[1], "seizure_country_code"),
        ("seizures", "quantity_kg", "seizures_without_kg"),
    ),
    Ask(
        "charts/no_departure_by_reporter",
        {"reporters": ["US", "NZ", "AU"]},
        ("seizure_country_code", "drug", "series_id"),
        ("seizures", "quantity_kg", "seizures_without_kg"),
        departures=("ZZ",),
        destinations=None,
    ),
    Ask("charts/sources", {}, ("source_id",), ("seizures",)),
)
COLUMNS = (
    "seized_month",
    "drug",
    *PAIR,
    "destination_basis",
    "channel",
    "interception_side",
    "seizure_country_code",
    "source_id",
    "series_id",
    "seizures",
    "quantity_kg",
    "quantity_kg_low",
    "quantity_kg_high",
)
RENAMED = {"period_start": "seized_month", "category": "channel"}


def on_cube(con: duckdb.DuckDBPyConnection, ask: Ask) -> pd.DataFrame:
    """The query as Postflow runs it."""
    return queries.run(con, ask.name, scope=SCOPE, **ask.params)


def on_rows(con: duckdb.DuckDBPyConnection, ask: Ask) -> pd.DataFrame:
    """The same text, reading the records."""
    text = queries.text(ask.name).replace("'cube'", "'row_cube'")
    text = text.replace(HEAVIEST_OR_NONE, "max(quantity_kg, 5)").replace(HEAVIEST, "max(quantity_kg, 5)")
    return con.sql(text, params={"scope": SCOPE.params(), **ask.params}).df()


def _kept(frame: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    keep = frame.drug.isin(SCOPE.drugs)
    if ask.departures:
        keep &= frame.departure_country_code.isin(ask.departures)
    if ask.destinations:
        keep &= frame.destination_country_code.isin(ask.destinations)
    if "reporters" in ask.params:
        keep &= frame.seizure_country_code.isin(ask.params["reporters"])
    return frame[keep]


def by_pandas(frame: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Columns in memory, texts as categories."""
    rows = _kept(frame, ask)
    rows = rows.assign(seizures_without_kg=rows.seizures.where(rows.quantity_kg.isna(), 0))
    keys = [RENAMED.get(key, key) for key in ask.keys]
    heavy = rows.nlargest(5, "quantity_kg") if ask.heaviest and not keys else None
    if not keys:
        return pd.DataFrame([rows[list(ask.sums)].sum()]).assign(largest_kg=[list(heavy.quantity_kg)])
    answer = rows.groupby(keys, observed=True)[list(ask.sums)].sum().reset_index()
    if ask.heaviest:
        top = rows.sort_values("quantity_kg", ascending=False).groupby(keys, observed=True).head(5)
        top = top.dropna(subset=["quantity_kg"]).groupby(keys, observed=True).quantity_kg.agg(list).rename("largest_kg")
        answer = answer.merge(top.reset_index(), on=keys, how="left")
    return answer


def by_polars(frame: pl.DataFrame, ask: Ask) -> pd.DataFrame:
    """Polars on columns in memory, lazily."""
    keep = [pl.col("drug").is_in(SCOPE.drugs)]
    for column, wanted in (
        (PAIR[0], ask.departures),
        (PAIR[1], ask.destinations),
        ("seizure_country_code", ask.params.get("reporters")),
    ):
        if wanted:
            keep.append(pl.col(column).is_in(wanted))
    without = pl.col("seizures").filter(pl.col("quantity_kg").is_null()).sum().alias("seizures_without_kg")
    sums = [without if name == "seizures_without_kg" else pl.col(name).sum() for name in ask.sums]
    if ask.heaviest:
        top = pl.col("quantity_kg").drop_nulls().top_k(5).sort(descending=True).alias("largest_kg")
        sums.append(top if ask.keys else top.implode())
    lazy = frame.lazy().filter(*keep)
    keys = [RENAMED.get(key, key) for key in ask.keys]
    return (lazy.group_by(keys).agg(sums) if keys else lazy.select(sums)).collect().to_pandas()


def by_sqlite(con: sqlite3.Connection, ask: Ask) -> pd.DataFrame:
    """SQLite on a table with an index on drug, departure and destination."""
    keys = [RENAMED.get(key, key) for key in ask.keys]
    lists = [
        ("drug", SCOPE.drugs),
        (PAIR[0], ask.departures),
        (PAIR[1], ask.destinations),
        ("seizure_country_code", ask.params.get("reporters")),
    ]
    quoted = {column: ", ".join(f"'{value}'" for value in wanted) for column, wanted in lists if wanted}
    where = " and ".join(f"{column} in ({values})" for column, values in quoted.items())
    without = "sum(case when quantity_kg is null then seizures else 0 end) as seizures_without_kg"
    sums = [without if name == "seizures_without_kg" else f"sum({name}) as {name}" for name in ask.sums]
    tail = f" group by {', '.join(keys)}" if keys else ""
    answer = pd.read_sql_query(f"select {', '.join([*keys, *sums])} from record where {where}{tail}", con)
    return _with_heaviest(con, answer, keys, where) if ask.heaviest else answer


def _with_heaviest(con: sqlite3.Connection, answer: pd.DataFrame, keys: list[str], where: str) -> pd.DataFrame:
    over = f"partition by {', '.join(keys)} " if keys else ""
    ranked = (
        f"select {', '.join([*keys, 'quantity_kg'])}, row_number() over ({over}order by quantity_kg desc) as place "
        f"from record where {where} and quantity_kg is not null"
    )
    top = pd.read_sql_query(f"select * from ({ranked}) where place <= 5 order by place", con)
    if not keys:
        return answer.assign(largest_kg=[list(top.quantity_kg)])
    listed = top.groupby(keys).quantity_kg.agg(list).rename("largest_kg").reset_index()
    return answer.merge(listed, on=keys, how="left")


def _comparable(answer: pd.DataFrame, ask: Ask) -> list[tuple]:
    answer = answer.rename(
        columns={theirs: ours for ours, theirs in RENAMED.items() if ours in ask.keys and ours not in answer}
    )
    lines = []
    for row in answer.to_dict("records"):
        keys = tuple(str(row[key])[:10] if key == "period_start" else str(row[key]) for key in ask.keys)
        sums = tuple(round(float(row[name] or 0), 1) if pd.notna(row[name]) else 0.0 for name in ask.sums)
        heavy = row.get("largest_kg") if ask.heaviest else None
        lines.append(
            (
                *keys,
                *sums,
                tuple(round(float(kg), 3) for kg in heavy)
                if heavy is not None and not isinstance(heavy, float)
                else (),
            )
        )
    return sorted(lines)


def same(first: pd.DataFrame, other: pd.DataFrame, ask: Ask) -> bool:
    """Whether two answers are equal: keys exactly, sums to a relative 1e-9 and 0.1 of their unit."""
    left, right = _comparable(first, ask), _comparable(other, ask)
    if len(left) != len(right):
        return False
    ends = len(ask.keys)
    return all(
        a[:ends] == b[:ends]
        and a[-1] == b[-1]
        and all(abs(x - y) <= 0.11 + 1e-9 * abs(x) for x, y in zip(a[ends:-1], b[ends:-1], strict=True))
        for a, b in zip(left, right, strict=True)
    )


def _timed(call: Callable[[], pd.DataFrame], rounds: int) -> tuple[float, pd.DataFrame]:
    best, answer = float("inf"), pd.DataFrame()
    for _ in range(rounds):
        began = time.perf_counter()
        answer = call()
        best = min(best, time.perf_counter() - began)
    return best * 1000, answer


def _engines(path: Path) -> dict[str, Callable[[Ask], pd.DataFrame]]:
    con = pool.connect(path)
    con.execute("set enable_progress_bar = false")
    con.execute(ROW_CUBE)
    kg = ", ".join(f"{name}::double as {name}" for name in COLUMNS if "_kg" in name)
    plain = ", ".join(name for name in COLUMNS if "_kg" not in name)
    told = con.sql(f"select {plain}, {kg} from seizure")
    arrow = told.to_arrow_table()
    polars = pl.from_arrow(arrow)
    words = [
        name for name in COLUMNS if name.endswith(("_code", "_id", "_side", "_basis")) or name in ("drug", "channel")
    ]
    frame = pd.concat(
        [
            arrow.slice(start, 1_000_000).to_pandas(strings_to_categorical=False)
            for start in range(0, arrow.num_rows, 1_000_000)
        ]
    )
    frame = frame.astype(dict.fromkeys(words, "category"))
    lite = _sqlite(arrow, path)
    return {
        "Postflow on the cube": lambda ask: on_cube(con, ask),
        "the same on the rows": lambda ask: on_rows(con, ask),
        "polars": lambda ask: by_polars(polars, ask),
        "pandas": lambda ask: by_pandas(frame, ask),
        "SQLite": lambda ask: by_sqlite(lite, ask),
    }


def _sqlite(arrow: Any, path: Path) -> sqlite3.Connection:  # noqa: ANN401
    target = WORK / f"{path.stem}.sqlite"
    target.unlink(missing_ok=True)
    con = sqlite3.connect(target)
    con.execute(f"create table record ({', '.join(COLUMNS)})")
    marks = ", ".join("?" * len(COLUMNS))
    for batch in arrow.to_batches(max_chunksize=200_000):
        columns = [
            [str(day) if day else None for day in batch.column(name).to_pylist()]
            if name == "seized_month"
            else batch.column(name).to_pylist()
            for name in COLUMNS
        ]
        con.executemany(f"insert into record values ({marks})", zip(*columns, strict=True))
    con.execute(f"create index by_route on record (drug, {', '.join(PAIR)})")
    con.execute("analyze")
    con.commit()
    return con


def run(path: Path) -> dict[str, Any]:
    """Milliseconds by query and engine on one pool; every engine's answer is held equal to Postflow's.

    Raises:
        AssertionError: an engine answered otherwise.
    """
    engines = _engines(path)
    with pool.connect(path) as con:
        records, cells = con.execute("select (select count(*) from seizure), (select count(*) from cube)").fetchall()[0]
    slow = records > 2_000_000
    found: dict[str, dict[str, float]] = {}
    for ask in ASKS:
        line, first = {}, None
        for engine, answers in engines.items():
            line[engine], answer = _timed(
                lambda answers=answers, ask=ask: answers(ask), 2 if slow and engine == "SQLite" else ROUNDS
            )
            first = answer if first is None else first
            if not same(first, answer, ask):
                raise AssertionError(f"{engine} answers {ask.name} otherwise")
        found[ask.name] = line
    return {"records": records, "cells": cells, "ms": found}
