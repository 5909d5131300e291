"""What drove the change: each category's part of it, largest first, adding up exactly."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from postflow.analysis.dates import Span, day
from postflow.analysis.intervals import difference_limits
from postflow.analysis.result import NAN, Table

METHOD = "difference of two periods by category"
OTHER = "all others"
COLUMNS = ["category", "old", "new", "change", "share_of_change", "low", "high"]


def contributions(
    rows: pd.DataFrame,
    new: Span,
    old: Span,
    *,
    measure: str = "seizures",
    top: int = 10,
    phi: float = 1.0,
    gap: str = "",
) -> Table:
    """Split the change between two periods over the categories of one dimension.

    Sums are made in decimals, so that the parts add up to the whole to the last digit.

    Args:
        rows: ``charts/seizures_by_period_and_category`` — period_start, category, seizures, quantity_kg.
        new: first and last period start of the newer period; old: of the older one.
        measure: seizures or quantity_kg; only counts have an interval.
        top: categories told apart, the rest is one row.
        phi: dispersion of the counts.
        gap: words for unreported months between or in the periods.

    Returns:
        ``estimate`` = the whole change; rows — category, old, new, change, share_of_change (of the net change; NaN
        where it is zero), low, high (of the change).
    """
    sides = [_sums(rows, span, measure) for span in (old, new)]
    if not sides[0] and not sides[1]:
        return Table.cannot(METHOD, "No seizures in either period, so there is no change to split.")
    if not sides[0] or not sides[1]:
        return Table.cannot(METHOD, "One of the two periods holds no rows; a change cannot be split against nothing.")
    parts = _ordered(sides[0], sides[1], top)
    whole = sum((part[2] - part[1] for part in parts), Decimal(0))
    table = pd.DataFrame([_row(*part, whole, measure, phi) for part in parts], columns=COLUMNS)
    total_old, total_new = float(sum(sides[0].values())), float(sum(sides[1].values()))
    low, high = difference_limits(total_new, total_old, phi) if measure == "seizures" else (NAN, NAN)
    notes = [gap] if gap else []
    if measure != "seizures":
        notes.append("Kilograms: a few large seizures can make the whole change; no interval is given.")
    if (table["change"] > 0).any() and (table["change"] < 0).any():
        notes.append("Rises and falls offset each other, so shares of the net change can pass 100 %.")
    return Table(
        method=METHOD,
        estimate=float(whole),
        low=low,
        high=high,
        n=_count(rows, old, new),
        unit=measure,
        rows=table,
        warnings=tuple(notes),
        sentence=_words(table, float(whole), measure),
    )


def _sums(rows: pd.DataFrame, span: Span, measure: str) -> dict[str, Decimal]:
    if rows.empty:
        return {}
    start = pd.to_datetime(rows["period_start"], errors="coerce")
    inside = rows[(start >= day(span[0])) & (start <= day(span[1]))]
    sums: dict[str, Decimal] = {}
    for category, value in zip(inside["category"].fillna("unknown"), inside[measure], strict=True):
        if not pd.isna(value):
            sums[str(category)] = sums.get(str(category), Decimal(0)) + Decimal(str(value))
    return sums


def _ordered(old: dict[str, Decimal], new: dict[str, Decimal], top: int) -> list[tuple[str, Decimal, Decimal]]:
    zero = Decimal(0)
    parts = [(name, old.get(name, zero), new.get(name, zero)) for name in sorted({*old, *new})]
    parts.sort(key=lambda part: (-abs(part[2] - part[1]), part[0]))
    head, tail = parts[:top], parts[top:]
    if len(tail) > 1:
        return [*head, (OTHER, sum((part[1] for part in tail), zero), sum((part[2] for part in tail), zero))]
    return parts


def _row(name: str, old: Decimal, new: Decimal, whole: Decimal, measure: str, phi: float) -> list[object]:
    step = new - old
    share = float(step / whole) if whole else NAN
    low, high = difference_limits(float(new), float(old), phi) if measure == "seizures" else (NAN, NAN)
    kind = int if measure == "seizures" else float
    return [name, kind(old), kind(new), kind(step), share, low, high]


def _count(rows: pd.DataFrame, *spans: Span) -> int:
    return int(sum(sum(_sums(rows, span, "seizures").values()) for span in spans)) if "seizures" in rows else 0


def _words(table: pd.DataFrame, whole: float, measure: str) -> str:
    unit = "seizures" if measure == "seizures" else "kg"
    digits = 0 if measure == "seizures" else 1
    first = table.iloc[0]
    if first["change"] == 0:
        return "Nothing changed in any category."
    clear = measure != "seizures" or first["low"] > 0 or first["high"] < 0
    lead = f"{first['category']} changed most, by {first['change']:+,.{digits}f}" + (
        "" if clear else ", which noise alone could make"
    )
    return f"{whole:+,.{digits}f} {unit} in all; {lead}."
