"""Sensitive details of seizures as figures may show them: one place, so that two pages cannot give away what each hides."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from postflow import disclosure
from postflow.view import Fetch, View


@dataclass(frozen=True)
class Detail:
    """One detail of the seizures in view, by category."""

    rows: pd.DataFrame
    """category, seizures (empty = hidden): the largest shown first, the hidden ones last by name."""
    known: int
    """Seizures that tell the detail."""
    whole: int
    hidden: int

    def of(self, category: str) -> int | None:
        """The number of one category: 0 where no row has it, None where it is hidden."""
        found = self.rows.loc[self.rows["category"] == category, "seizures"]
        return 0 if found.empty else None if pd.isna(found.iloc[0]) else int(found.iloc[0])


def by_detail(fetch: Fetch, view: View, dimension: str) -> Detail:
    """Seizures by one detail, small numbers hidden; ``unknown`` is in ``whole`` only, for it tells nothing.

    Args:
        fetch: runs ``charts/seizures_by_month_and_detail``.
        view: what the reader looks at.
        dimension: concealment, declared_contents, detection_method or advance_data.
    """
    rows = fetch("charts/seizures_by_month_and_detail", scope=view.scope)
    by = rows[rows["dimension"] == dimension].groupby("category", as_index=False)["seizures"].sum()
    known = by[by["category"] != "unknown"]
    shown = disclosure.suppress(known, ["category"])
    ordered = shown.rows.sort_values("category").sort_values(
        "seizures", ascending=False, na_position="last", kind="stable", ignore_index=True
    )
    return Detail(ordered, int(known["seizures"].sum()), int(by["seizures"].sum()), shown.hidden)
