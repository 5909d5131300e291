"""The rows behind every number: a page of them on screen, all of them as CSV."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from postflow import captions
from postflow.figure import Figure
from postflow.numbers import count
from postflow.ui import frame, html, session, sheet
from postflow.view import View

ROWS_A_PAGE = 50
MORE_ROWS = 1_000_000_000

COLUMNS = {
    "seizure_id": "stable id of the record",
    "seized_on": "day of seizure, or the first day of the month or year that is known",
    "date_precision": "how exact the date is",
    "drug": "drug as counted",
    "seizures": "how many seizures the row stands for",
    "quantity_kg": "kilogram equivalent, bulk weight; empty without a defensible factor",
    "quantity_reported": "quantity as delivered",
    "unit_reported": "unit as delivered",
    "departure_country_code": "stated start of the journey; ZZ = not stated",
    "destination_country_code": "intended end of the journey; ZZ = not stated",
    "destination_basis": "reported, inferred from the place of seizure, or unknown",
    "seizure_country_code": "where it was taken",
    "interception_side": "who stopped it",
    "channel": "how it travelled",
    "drug_reported": "drug as delivered",
    "flags": "what the checks marked",
    "source_id": "source",
    "file_name": "file of origin",
    "row_number": "row in that file",
}
ON_SCREEN = (
    "seized_on",
    "drug",
    "seizures",
    "quantity_kg",
    "departure_country_code",
    "destination_country_code",
    "destination_basis",
    "seizure_country_code",
    "interception_side",
    "channel",
    "source_id",
)


def records(view: View) -> None:
    """The records of the scope, newest first, a page at a time."""
    total = int(captions.totals(session.fetch, view.scope)["records"])
    pages = -(-total // ROWS_A_PAGE)
    place = st.container()
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    rows = session.fetch(
        "records/seizures", scope=view.scope, row_limit=ROWS_A_PAGE, row_offset=(page - 1) * ROWS_A_PAGE
    )
    first = (page - 1) * ROWS_A_PAGE + 1
    caption = captions.caption(session.fetch, view, silent="A row of a counted source stands for several seizures.")
    figure = Figure(
        key="records",
        headline=f"{count(total)} record{'s' * (total != 1)} stand behind these numbers",
        measure=f"Newest first, {count(first)} to {count(first + len(rows) - 1)}. "
        "Table and CSV hold all columns of these rows",
        caption=caption,
        rows=rows,
        body=html.table(_as_known(rows)[list(ON_SCREEN)], COLUMNS),
        columns=COLUMNS,
    )
    with place:
        frame.show(figure)
        st.download_button(
            "All records as CSV",
            lambda: _all(figure, view),
            "postflow-records.csv",
            "text/csv",
            key="records-all",
            on_click="ignore",
            help="Records of sources that may not be passed on are left out.",
        )


def _as_known(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with ``seized_on`` written as exactly as it is known: 2016-05-13, 2016-05 or 2016."""
    length = rows["date_precision"].map({"day": 10, "month": 7, "year": 4})
    written = [f"{day:%Y-%m-%d}"[: int(shown)] for day, shown in zip(rows["seized_on"], length, strict=True)]
    return rows.assign(seized_on=written)


def _all(figure: Figure, view: View) -> bytes:
    """Every record of the scope that may leave the house."""
    rows = session.fetch("records/seizures", scope=view.scope, row_limit=MORE_ROWS, row_offset=0)
    sources = session.fetch("charts/sources", scope=view.scope)
    closed = set(sources.loc[~sources["may_redistribute"].astype(bool), "source_id"])
    left: pd.DataFrame = rows[~rows["source_id"].isin(closed)]
    return sheet.csv(
        replace(
            figure, rows=left, measure=f"All records; {count(len(rows) - len(left))} left out that may not be passed on"
        )
    )
