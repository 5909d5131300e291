"""Queries by name: ``charts/corridors`` is ``queries/charts/corridors.sql``, one select with named ``$params``."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from postflow import disclosure
from postflow.errors import QueryError, nearest
from postflow.scope import Scope

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).resolve().parent.parent / "queries"

RELEASED = ("charts", "data_room", "records")
"""Folders of the queries that may be asked for by name. Counts of what is sensitive are protected in the SQL itself."""

Value = Scope | str | bytes | int | float | bool | date | None | list[str] | list[int]


def names(under: str = "") -> list[str]:
    """Every query below ``queries/<under>``, by name, sorted; the schema and the macros are not queries."""
    found = (path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.sql"))
    return sorted(name for name in found if name.startswith(under))


@cache
def text(name: str) -> str:
    """The SQL of a query, as written.

    Raises:
        QueryError: there is no such file.
    """
    path = FOLDER / f"{name}.sql"
    if name not in names():
        raise QueryError(
            "There is no such query.",
            field="query",
            value=name,
            next_step=f"{nearest(name, names())} `python -m postflow queries` lists them.".strip(),
        )
    return path.read_text(encoding="utf-8")


def grain(name: str) -> str:
    """What one row of the query is: its first comment."""
    return text(name).split("\n", 1)[0].removeprefix("--").strip()


@cache
def parameters(name: str) -> frozenset[str]:
    """The ``$params`` that DuckDB itself finds in the query.

    Raises:
        QueryError: the file holds more than one statement, or something else than a select.
    """
    statements = duckdb.extract_statements(text(name))
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QueryError("A query file holds exactly one select.", file=f"queries/{name}.sql")
    return frozenset(statements[0].named_parameters)


def relation(pool: duckdb.DuckDBPyConnection, name: str, **params: Value) -> duckdb.DuckDBPyRelation:
    """The query as a lazy relation, to create a table from.

    Raises:
        QueryError: the parameters given are not the ones that the query names.
    """
    values = _values(name, params)
    return pool.sql(text(name), params=values) if values else pool.sql(text(name))


def _values(name: str, params: dict[str, Value]) -> dict[str, object]:
    wanted = parameters(name)
    if params.keys() != wanted:
        raise QueryError(
            f"The query takes {sorted(wanted)} and was given {sorted(params)}.", file=f"queries/{name}.sql"
        )
    return {key: value.params() if isinstance(value, Scope) else value for key, value in params.items()}


def lay_aside(pool: duckdb.DuckDBPyConnection, name: str, table: str, **params: Value) -> None:
    """The query's rows as a temporary table: never a byte of it in the pool's file, not even in a block freed later.

    Raises:
        QueryError: the parameters given are not the ones that the query names.
    """
    pool.execute(f"create temp table {table} as {text(name).rstrip().removesuffix(';')}", _values(name, params))


def run(pool: duckdb.DuckDBPyConnection, name: str, **params: Value) -> pd.DataFrame:
    """Run ``queries/<name>.sql`` on the pool; the keyword names are its ``$params``.

    Raises:
        QueryError: the file is missing or the parameters are not the ones it names.
    """
    # Executed, not made a relation of: a relation is planned twice, which is half of a short query's time.
    values = _values(name, params)
    try:
        return pool.execute(text(name), values).df()
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException) as error:
        raise QueryError(
            f"A parameter is not of the kind that the query takes: {str(error).splitlines()[0][:160]}",
            file=f"queries/{name}.sql",
            next_step="See the second line of the query.",
        ) from None


def released(pool: duckdb.DuckDBPyConnection, name: str, **params: Value) -> pd.DataFrame:
    """Run a query for somebody outside: those that pages show, of which none gives what is sensitive of one record.

    Raises:
        QueryError: as :func:`run`, and where the query is not among those that may be asked for by name.
    """
    if name.split("/")[0] not in RELEASED:
        text(name)
        raise QueryError(
            "The rows of this query are for the program only: they tell of single seizures.",
            field="query",
            value=name,
            next_step="`python -m postflow queries` lists what may be asked for.",
        )
    rows = run(pool, name, **params)
    if name.startswith("records/") and (told := disclosure.SENSITIVE & set(rows.columns)):
        raise QueryError("No reader has a right to these columns.", field="query", value=", ".join(sorted(told)))
    return rows
