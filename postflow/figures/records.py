"""Records: the rows behind every number, a page of them at a time."""

from __future__ import annotations

import pandas as pd

from postflow import captions
from postflow.figure import Figure
from postflow.figures import grid
from postflow.numbers import count, plural
from postflow.view import Fetch, View

ROWS_A_PAGE = 50

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
    "channel_detail": "kind of item: letter, packet, parcel or EMS below post, else the channel",
    "channel_reported": "the word that the channel was read from",
    "operator": "who carried it; unknown = not stated",
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


def pages(fetch: Fetch, view: View) -> int:
    """How many pages of records the scope fills."""
    return max(1, -(-int(captions.totals(fetch, view.scope)["records"]) // ROWS_A_PAGE))


def listed(fetch: Fetch, view: View, page: int = 1) -> Figure:
    """One page of the records, newest first; a page beyond the last is the last."""
    total = int(captions.totals(fetch, view.scope)["records"])
    page = min(max(page, 1), pages(fetch, view))
    first = (page - 1) * ROWS_A_PAGE + 1
    rows = fetch("records/seizures", scope=view.scope, row_limit=ROWS_A_PAGE, row_offset=first - 1)
    return Figure(
        "records",
        f"{count(total)} record{plural(total)} stand{'s' if total == 1 else ''} behind these numbers",
        f"Newest first, {count(first)} to {count(first + len(rows) - 1)}. Table and files hold all columns of these rows",
        captions.caption(fetch, view, silent="A row of a counted source stands for several seizures."),
        rows,
        body=grid.body(_as_known(rows)[list(ON_SCREEN)], COLUMNS),
        columns=COLUMNS,
    )


def _as_known(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with ``seized_on`` written as exactly as it is known: 2016-05-13, 2016-05 or 2016."""
    length = rows["date_precision"].map({"day": 10, "month": 7, "year": 4})
    written = [f"{day:%Y-%m-%d}"[: int(shown)] for day, shown in zip(rows["seized_on"], length, strict=True)]
    return rows.assign(seized_on=written)
