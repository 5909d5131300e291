"""Checks: each is a query that returns the rows that break its rule; those rows are held, with their reason and raw row."""

from __future__ import annotations

import duckdb

from postflow import queries

FOLDER = "checks/"


def reason(rule: str) -> str:
    """What the contributor is told: the check's first comment."""
    return queries.grain(FOLDER + rule).removeprefix("Rule:").strip()


def split(pool: duckdb.DuckDBPyConnection, source_id: str, delivery_id: str, row_step: int = 1) -> tuple[int, int]:
    """Hold the rows of ``incoming`` that break a rule and add the others to ``seizure``.

    A row that breaks several rules is held once, by the first rule in alphabetical order.

    Args:
        row_step: how many keys the rows of the file have between them (``readers.Delivered``).

    Returns:
        How many rows were accepted and how many are in quarantine.
    """
    pool.execute("create table held (row_number bigint, rule varchar, field varchar, value varchar, reason varchar)")
    for name in queries.names(FOLDER):
        rule = name.removeprefix(FOLDER)
        queries.relation(pool, name).create_view("broken")
        pool.execute(
            "insert into held select row_number, $rule, field, value, $reason from broken anti join held using (row_number)",
            {"rule": rule, "reason": reason(rule)},
        )
    pool.execute(
        """insert into quarantine
        select $source_id, $delivery_id, shown_row(held.row_number, $row_step), rule, field, value, reason, raw_row.raw_row
        from held inner join raw_row using (row_number) order by held.row_number""",
        {"source_id": source_id, "delivery_id": delivery_id, "row_step": row_step},
    )
    queries.relation(pool, "mapping/accepted", row_step=row_step).insert_into("seizure")
    accepted, quarantined = pool.execute(
        "select (select count(*) from incoming) - count(*), count(*) from held"
    ).fetchall()[0]
    return accepted, quarantined
