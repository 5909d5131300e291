"""How much of the weight sits in the few heaviest records, and what is left without them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from postflow.analysis.result import Table

METHOD = "share of the heaviest 1, 3 and 5 records"
TOPS = (1, 3, 5)


def concentration(rows: pd.DataFrame) -> Table:
    """The heaviest records' share of all kilograms. No interval: nothing is estimated.

    Args:
        rows: ``charts/seizures_by_period_and_category`` — seizures, quantity_kg, largest_kg (list, the five heaviest
            of the
            row), seizures_without_kg.

    Returns:
        ``estimate`` = share of the heaviest one; rows — top (1, 3, 5), kg, share, kg_without.
    """
    kg = float(pd.to_numeric(rows["quantity_kg"]).sum()) if not rows.empty else 0.0
    heaviest = _heaviest(rows["largest_kg"]) if not rows.empty else []
    seizures = int(rows["seizures"].sum()) if not rows.empty else 0
    if kg <= 0 or not heaviest:
        return Table.cannot(METHOD, "No weight is known here, so no share of the heaviest can be told.", n=seizures)
    known = seizures - int(rows["seizures_without_kg"].sum()) if "seizures_without_kg" in rows else seizures
    table = pd.DataFrame(
        [
            {
                "top": top,
                "kg": sum(heaviest[:top]),
                "share": min(1.0, sum(heaviest[:top]) / kg),
                "kg_without": max(0.0, kg - sum(heaviest[:top])),
            }
            for top in TOPS
        ]
    )
    share = float(table["share"].iloc[0])
    notes = [f"{seizures - known:,} seizures have no known weight."] if seizures > known else []
    if len(heaviest) < max(TOPS):
        notes.append(f"Only {len(heaviest)} records have a weight.")
    if share > 0.5:
        notes.append("One record is more than half of the weight: read the count, not the kilograms.")
    pairs = zip(table["top"], table["share"], strict=True)
    words = ", ".join(f"{share:.0%} in the heaviest {top}" for top, share in pairs)
    return Table(
        method=METHOD,
        estimate=share,
        n=known,
        unit="share",
        rows=table,
        warnings=tuple(notes),
        sentence=f"{kg:,.1f} kg: {words}.",
    )


def with_and_without(new: pd.DataFrame, old: pd.DataFrame, *, top: int = 1) -> Table:
    """The change in kilograms with and without the heaviest records of each period.

    Returns:
        ``estimate`` = ratio with all records; rows — kind (all, without), old, new, ratio.
    """
    sides = [concentration(old), concentration(new)]
    if not all(side.can_say for side in sides):
        return Table.cannot("kilograms with and without the heaviest", "One of the two periods has no known weight.")
    whole = [float(pd.to_numeric(rows["quantity_kg"]).sum()) for rows in (old, new)]
    rest = [max(0.0, kg - sum(_heaviest(rows["largest_kg"])[:top])) for kg, rows in zip(whole, (old, new), strict=True)]
    table = pd.DataFrame(
        [
            {"kind": kind, "old": pair[0], "new": pair[1], "ratio": pair[1] / pair[0] if pair[0] > 0 else float("nan")}
            for kind, pair in (("all", whole), ("without", rest))
        ]
    )
    ratios = table["ratio"]
    turns = (ratios - 1).prod() < 0
    notes = ("With the heaviest records the weight moves one way, without them the other.",) if turns else ()
    left = f"{ratios[1]:.2f} times" if ratios.notna()[1] else "nothing to compare"
    return Table(
        method="kilograms with and without the heaviest",
        estimate=float(ratios[0]),
        n=sum(side.n for side in sides),
        unit="ratio",
        rows=table,
        warnings=notes,
        sentence=f"Weight {ratios[0]:.2f} times the old; without the heaviest {top} of each period {left}.",
    )


def _heaviest(lists: Iterable[Any]) -> list[float]:
    """The five heaviest of all rows' heaviest."""
    weights = [float(value) for entry in lists if entry is not None and not isinstance(entry, float) for value in entry]
    return sorted((weight for weight in weights if weight > 0), reverse=True)[: max(TOPS)]
