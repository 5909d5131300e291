"""Marking: which records may be, or are, the same seizure told twice. Records are linked, never deleted."""

from __future__ import annotations

from pathlib import Path

import duckdb


def inputs(pool: str) -> list[Path]:
    """Files beside the deliveries that decide on links, and so are part of a build's identity."""
    del pool
    return []


def mark(con: duckdb.DuckDBPyConnection, pool: str) -> None:
    """Mark records of one event. Identical rows of one file are marked as they are accepted (``mapping/accepted``)."""
    del con, pool
