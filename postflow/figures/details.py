"""Sensitive details of seizures as figures show them: one place, so that two pages cannot differ."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from postflow.view import Fetch, View


@dataclass(frozen=True)
class Detail:
    """One detail of the seizures in view, by category; the counts are protected."""

    rows: pd.DataFrame
    """category, seizures: the largest first; no row for what is zero."""
    known: int | None
    """Seizures that tell the detail; None where the scope holds too few to be split."""
    whole: int
    """All seizures, a plain count."""

    def of(self, category: str) -> int | None:
        """The number of one category; None where the scope holds too few to be split."""
        found = self.rows.loc[self.rows["category"] == category, "seizures"]
        return None if self.known is None else 0 if found.empty else int(found.iloc[0])


def by_detail(fetch: Fetch, view: View, dimension: str) -> Detail:
    """Seizures by one detail; ``unknown`` is in ``whole`` only, for it tells nothing.

    Args:
        fetch: runs ``charts/seizures_by_detail``.
        view: what the reader looks at.
        dimension: concealment, declared_contents, detection_method, advance_data or controlled_delivery.
    """
    rows = fetch("charts/seizures_by_detail", scope=view.scope)
    mine = rows[rows["dimension"] == dimension]
    told = mine.loc[mine["category"].isna(), "seizures"]
    named = mine[mine["category"].notna() & (mine["category"] != "unknown")][["category", "seizures"]]
    ordered = named.sort_values(["seizures", "category"], ascending=[False, True], ignore_index=True)
    plain = rows[(rows["dimension"] == "form") & rows["category"].notna()]
    known = 0 if told.empty else None if pd.isna(told.iloc[0]) else int(told.iloc[0])
    return Detail(ordered.astype({"seizures": "int64"}), known, int(plain["seizures"].sum()))
