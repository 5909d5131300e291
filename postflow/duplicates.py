"""Marking: which records are one seizure told by several services. Records are linked, never deleted.

Stage one are the rules in ``queries/duplicates``, stage two is ``linkage``; a person's decision goes before both. The
outcome is a table of candidate pairs with what became of each, and for linked records one event with roles, of which one
record is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from postflow import decisions, linkage, queries

RULES = ("same_tracking_number", "same_parcel", "same_handover")
"""In the order in which they speak; each returns seizure_id, duplicate_of, reason, and links without review."""
FOR_REVIEW = ("same_number_apart", "same_number_contradicted")
"""As the rules, but what they find waits for a person, whatever the model says of it."""

LINK_FROM = 0.5
"""A pair at least this likely is linked without review, if it is the best of both its records by ``MARGIN``."""
MARGIN = 3.0
"""How many bits of evidence the best pair of a record must be ahead of its next best."""
MEMORY_BESIDE = "1GB"
"""What the pool being built may hold in memory while the model works."""
QUEUE_FROM = 0.05
"""A pair at least this likely that is not linked goes to the review queue."""


def inputs(pool: str) -> list[Path]:
    """Files beside the deliveries that decide on links, and so are part of a build's identity."""
    file = decisions.path(pool)
    return [file] if file.exists() else []


def mark(con: duckdb.DuckDBPyConnection, pool: str) -> None:
    """Link the records of one event. Identical rows of one file are marked as they are accepted (``mapping/accepted``).

    Raises:
        PoolError: the file of decisions cannot be read.
    """
    queries.lay_aside(con, "duplicates/linkable", "linkable")
    if queries.relation(con, "duplicates/pairable").fetchall():
        _find(con, pool)
        queries.lay_aside(
            con, "duplicates/decided", "decided", link_from=LINK_FROM, margin=MARGIN, queue_from=QUEUE_FROM
        )
        _join(con)
    con.execute(
        "drop table linkable; drop table if exists ruled; drop table if exists pair; drop table if exists decided;"
        "drop table if exists event_member; drop table if exists told_role"
    )


def _find(con: duckdb.DuckDBPyConnection, pool: str) -> None:
    """Lay the table ``pair``: what the rules, the model and people say."""
    con.execute("create temp table ruled (one varchar, other varchar, rule varchar, place integer, is_firm boolean)")
    queries.lay_aside(con, "duplicates/equal_numbers", "equal_number")
    for place, rule in enumerate(RULES + FOR_REVIEW):
        queries.relation(con, f"duplicates/{rule}").create_view("found", replace=True)
        # A record that an earlier rule has linked is spoken for.
        con.execute(
            """insert into ruled
            select least(seizure_id, duplicate_of), greatest(seizure_id, duplicate_of), reason, $place, $is_firm from found
            where not exists (from ruled where seizure_id in (one, other) or duplicate_of in (one, other))""",
            {"place": place, "is_firm": rule in RULES},
        )
    con.execute("drop view found; drop table equal_number")
    # The model has a database of its own: while it works, this one gives its memory back.
    con.execute(f"set memory_limit = '{MEMORY_BESIDE}'")
    try:
        con.register("scored", linkage.score(con.table("linkable").to_arrow_table()))
    finally:
        con.execute("reset memory_limit")
    con.register("decided_by_people", _decided(decisions.in_force(pool).values()))
    queries.lay_aside(con, "duplicates/pairs", "pair")
    con.unregister("scored")
    con.unregister("decided_by_people")


def _decided(made: Iterable[decisions.Decision]) -> pa.Table:
    listed = sorted(made, key=lambda decision: decision.pair)
    columns = {"one": "one", "other": "other", "decision": "decision", "decided_by": "by", "decided_at": "at"}
    return pa.table(
        {name: pa.array([getattr(item, field) for item in listed], pa.string()) for name, field in columns.items()}
    )


def _join(con: duckdb.DuckDBPyConnection) -> None:
    """Make events of linked pairs, mark the records, and keep the candidates."""
    linked = con.execute(
        "select one, other, one_series_id, other_series_id, coalesce(decision = 'accept', false) from decided where decided = 'link'"
    ).fetchall()
    members, refused = events(linked)
    con.register(
        "member",
        pa.table(
            {
                "seizure_id": pa.array(list(members), pa.string()),
                "member_of": pa.array(list(members.values()), pa.string()),
            }
        ),
    )
    con.execute("create temp table event_member as from member")
    con.unregister("member")
    queries.lay_aside(con, "duplicates/roles", "told_role")
    con.execute(
        """update seizure set event_id = told_role.event_id, is_event_lead = told_role.is_event_lead
        from told_role where seizure.seizure_id = told_role.seizure_id"""
    )
    queries.relation(con, "duplicates/event_roles").insert_into("event_role")
    con.register(
        "refused",
        pa.table(
            {
                "one": pa.array([a for a, _ in refused], pa.string()),
                "other": pa.array([b for _, b in refused], pa.string()),
            }
        ),
    )
    queries.relation(con, "duplicates/candidates").insert_into("link_candidate")
    con.unregister("refused")


def events(linked: Iterable[tuple[str, str, str, str, bool]]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Group linked pairs into events of at most one record per series.

    Args:
        linked: (one, other, one's series, other's series, whether a person accepted the pair), the strongest first.

    Returns:
        Each linked record's group, named by its smallest record id; and the pairs that would have put two records of one
        series into an event. A pair that a person accepted is never refused.
    """
    group: dict[str, set[str]] = {}
    series: dict[str, str] = {}
    refused = []
    for one, other, one_series, other_series, is_accepted in linked:
        series |= {one: one_series, other: other_series}
        left, right = group.get(one, {one}), group.get(other, {other})
        if left is right:
            continue
        told = {series[record] for record in left} & {series[record] for record in right}
        if told and not is_accepted:
            refused.append((one, other))
            continue
        merged = left | right
        group |= dict.fromkeys(merged, merged)
    return {record: min(group[record]) for record in sorted(group)}, refused
