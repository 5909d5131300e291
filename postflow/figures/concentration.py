"""Trends: how much of the kilograms the heaviest records hold."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from postflow import captions, wording
from postflow.figure import Figure
from postflow.figures import tables
from postflow.numbers import share, weight
from postflow.view import Fetch, View

LARGEST = (1, 3, 5)


def concentration(fetch: Fetch, view: View) -> Figure:
    """What share of the kilograms the heaviest one, three and five records hold, and which they are."""
    total = captions.totals(fetch, view.scope)
    heaviest = [float(kg) for kg in total.largest_kg]
    whole = float(total.quantity_kg) if pd.notna(total.quantity_kg) else 0.0
    records = fetch("records/largest", scope=view.scope, row_limit=5)
    shares = [(n, sum(heaviest[:n])) for n in LARGEST if len(heaviest) >= n]
    lines = [
        tables.Ranked(f"Largest {'record' if n == 1 else n}", (("ink2", kg),), weight(kg), tables.of_total(kg, whole))
        for n, kg in shares
    ]
    body = tables.ranked(
        [*lines, tables.Ranked("All kilograms", (("import", whole),), weight(whole), "")], ("", "kg", "share")
    ) + tables.plain(
        ("Seized", "Drug", "Where", "From", "kg"),
        [
            (
                f"{r.seized_on:%Y-%m}",
                r.drug,
                wording.country(r.seizure_country_code),
                wording.country(r.departure_country_code),
                weight(float(r.quantity_kg)),
            )
            for r in records.itertuples()
        ],
        numeric=[4],
    )
    top = shares[-1] if shares else (0, 0.0)
    headline = (
        f"The {top[0]} heaviest records hold {share(top[1], whole)} of the kilograms"
        if len(shares) > 1
        else "Too few weighed records to speak of concentration"
    )
    return Figure(
        "trend_concentration",
        headline,
        "Kilogram equivalent of the heaviest records in scope; the switch “largest” above leaves them out",
        captions.caption(
            fetch,
            replace(view, largest_left_out=0),
            silent="A row of counted seizures (a border’s month) is one record here.",
        ),
        records,
        body=body,
        span=0.4,
        alt="; ".join(f"largest {n}: {weight(kg)}" for n, kg in shares),
        columns={"quantity_kg": "Kilogram equivalent"},
    )
