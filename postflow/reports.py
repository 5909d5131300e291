"""What became of each delivered file, as a build knows it."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Report:
    """What became of one file."""

    source_id: str
    file_name: str
    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    possible_duplicates: int
    outliers: int
    held: tuple[tuple[int, str, str, str, str], ...]
    """(row, rule, field, value, reason) of the first rows in quarantine."""
    unlisted: tuple[tuple[str, str, int], ...]
    """(field, word, rows) that the vocabulary does not list."""
    month_from: str
    month_to: str
    sha256: str
    told_by_newer: int
    """Accepted rows that a newer edition tells already: kept and listed, not counted."""
    warnings: tuple[str, ...] = ()
    """What a person should look at, each a sentence."""


def every(con: duckdb.DuckDBPyConnection) -> list[Report]:
    """A report of each file of a build, by source and name."""
    rows = con.execute(
        """select delivery_id, source_id, file_name, rows_in, rows_accepted, rows_quarantined, month_from, month_to,
        sha256, rows_superseded, warnings from delivery order by source_id, file_name"""
    ).fetchall()
    return [_report(con, *row) for row in rows]


def _report(
    con: duckdb.DuckDBPyConnection,
    delivery_id: str,
    source_id: str,
    file_name: str,
    rows_in: int,
    accepted: int,
    held: int,
    month_from: object,
    month_to: object,
    sha256: str,
    told_by_newer: int,
    warnings: list[str],
) -> Report:
    marks = con.execute(
        """select count(*) filter (is_possible_duplicate), count(*) filter (is_outlier) from
        (select * from seizure union all select * exclude (superseded_by) from superseded) where delivery_id = ?""",
        [delivery_id],
    ).fetchall()[0]
    rows = con.execute(
        "select row_number, rule, field, coalesce(value, ''), reason from quarantine where delivery_id = ? order by row_number limit 10",
        [delivery_id],
    ).fetchall()
    words = con.execute(
        "select field, word, rows from unlisted_word where source_id = ? order by rows desc, field, word",
        [source_id],
    ).fetchall()
    return Report(
        source_id,
        file_name,
        rows_in,
        accepted,
        held,
        marks[0],
        marks[1],
        tuple(rows),
        tuple(words),
        f"{month_from or '':%Y-%m}" if month_from else "",
        f"{month_to:%Y-%m}" if month_to else "",
        sha256,
        told_by_newer,
        tuple(warnings),
    )


def told_by_newer(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Checksum of each file of a build → its rows that a newer edition tells already."""
    rows = con.execute("select sha256, sum(rows_superseded)::bigint from delivery group by sha256").fetchall()
    return dict(rows)
