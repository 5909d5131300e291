"""What a file that is not in the pool yet would do, as tables and a picture; no row of it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from postflow import wording
from postflow.charts import columns
from postflow.draft import Column as Guess
from postflow.drawing import Drawing
from postflow.numbers import count, signed, weight
from postflow.table import Body, Table, plain

MOST_CELLS = 8
"""Cells of a field that are shown as delivered and as read."""
MOST_CORRIDORS = 30
MOST_MONTHS = 240
CHARTED = ("MDMA", "ketamine")


def first_rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Body:
    """The beginning of the table as it was delivered."""
    made = plain([name or "(no name)" for name in head], [[cell[:60] for cell in row] for row in rows])[0]
    return (replace(made, style="records"),)


def as_read(rows: pd.DataFrame, guesses: Iterable[Guess]) -> Body:
    """Of each field its commonest cells as delivered and as read, with the rows that hold them.

    Args:
        rows: ``trial/as_read``: field, delivered, read, rows.
        guesses: the columns of the draft, which name the header of each field.
    """
    headers = {guess.field: guess.header for guess in guesses}
    lines = []
    for field, own in rows.groupby("field", sort=False):
        name = f"{headers.get(str(field), str(field))} → {str(field).replace('_', ' ')}"
        for place, row in enumerate(own.head(MOST_CELLS).to_dict("records")):
            read = "not read" if row["read"] == "not read" else _named(str(field), str(row["read"]))
            lines.append(["" if place else name, row["delivered"], read, count(row["rows"])])
        if len(own) > MOST_CELLS:
            lines.append(
                ["", f"and {count(len(own) - MOST_CELLS)} more", "", count(own["rows"].iloc[MOST_CELLS:].sum())]
            )
    return plain(["Column", "As delivered", "As read", "Rows"], lines, numeric=[3])


def _named(field: str, read: str) -> str:
    return wording.country(read) if field.endswith("country") else read


def held(rows: pd.DataFrame) -> Body:
    """The rules that rows break, and the first row of each.

    Args:
        rows: ``trial/held``: rule, reason, field, rows, first_row, first_value.
    """
    lines = [
        [row["reason"], count(row["rows"]), f"row {row['first_row']}", f"{row['field']}: {row['first_value']}"]
        for row in rows.to_dict("records")
    ]
    return plain(["Held because", "Rows", "First", "Its cell"], lines, numeric=[1])


def flags(rows: pd.DataFrame) -> Body:
    """What is marked on rows that are counted.

    Args:
        rows: ``trial/flags``: flag, rows.
    """
    return plain(
        ["Marked, kept and counted", "Rows"],
        [[str(row["flag"]).replace("_", " "), count(row["rows"])] for row in rows.to_dict("records")],
        numeric=[1],
    )


def changes(rows: pd.DataFrame) -> Body:
    """What the totals of drugs and corridors would become.

    Args:
        rows: of ``trial.changes``.
    """
    lines = [
        [
            row["drug"],
            f"{wording.country(row['departure_country_code'])} → {wording.country(row['destination_country_code'])}",
            count(row["seizures_before"]),
            count(row["seizures_after"]),
            signed(row["seizures_after"] - row["seizures_before"]),
            weight(row["quantity_kg_before"]),
            weight(row["quantity_kg_after"]),
        ]
        for row in rows.head(MOST_CORRIDORS).to_dict("records")
    ]
    body = plain(
        ["Drug", "Corridor", "Seizures now", "then", "change", "Kilograms now", "then"], lines, numeric=[2, 3, 4, 5, 6]
    )
    more = len(rows) - MOST_CORRIDORS
    return (*body, *((Table((), (), note=f"and {count(more)} more drugs and corridors"),) if more > 0 else ()))


def months(rows: pd.DataFrame) -> Drawing | None:
    """Seizures of each month that the file tells; None where it tells no month.

    Args:
        rows: ``trial/months``: seized_month, drug, seizures.
    """
    dated = rows.dropna(subset=["seized_month"])
    if dated.empty:
        return None
    months = pd.date_range(dated["seized_month"].min(), dated["seized_month"].max(), freq="MS")[-MOST_MONTHS:]
    own = dated[dated["seized_month"].isin(months)].assign(
        drug=lambda told: told["drug"].where(told["drug"].isin(CHARTED), "other"),
        period_start=lambda told: pd.to_datetime(told["seized_month"]),
        period=lambda told: pd.to_datetime(told["seized_month"]).dt.strftime("%Y-%m"),
    )
    summed = own.groupby(["period", "period_start", "drug"], as_index=False)["seizures"].sum()
    known = set(summed["period"])
    reported = pd.DataFrame(
        {
            "period": months.strftime("%Y-%m"),
            "period_start": months,
            "reporter_country_code": "ZZ",
            "months_reported": [int(label in known) for label in months.strftime("%Y-%m")],
            "months_in_period": 1,
        }
    )
    return columns.by_period(summed, reported, {"other": "Other drugs"})
