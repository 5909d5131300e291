"""Dated events: which touch a view, which cut its series, which are drawn as flags. Only the kind ``break`` cuts."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pandas as pd

from postflow import vocabulary, wording
from postflow.view import View

MOST_FLAGS = 5
EXERCISE = Path(__file__).resolve().parents[2] / "data" / "exercise" / "effects.csv"
COLUMNS = [
    "event_id",
    "date_from",
    "date_to",
    "kind",
    "country_codes",
    "drugs",
    "title",
    "description",
    "source",
    "url",
]


@cache
def _listed(pool: str) -> pd.DataFrame:
    rows = _of_exercise() if pool == "exercise" else [dict(row) for row in vocabulary.rows("events")]
    table = pd.DataFrame([{name: row.get(name, "") for name in COLUMNS} for row in rows], columns=COLUMNS)
    for name in ("date_from", "date_to"):
        table[name] = pd.to_datetime(table[name].replace("", None), errors="coerce")
    return table.dropna(subset="date_from").sort_values("date_from", kind="stable", ignore_index=True)


def _of_exercise() -> list[dict[str, str]]:
    """The team that the exercise lets start; its real namesakes say nothing about invented rows."""
    with EXERCISE.open(encoding="utf-8", newline="") as file:
        teams = [row for row in csv.DictReader(file) if row["effect"].startswith("team_")]
    return [
        {
            "event_id": row["effect"],
            "date_from": row["month_from"],
            "kind": "team start",
            "country_codes": row["departure"],
            "title": f"Exercise: a team starts, {wording.country(row['departure'])}",
            "description": "Invented, as all of the exercise.",
            "source": "data/exercise/effects.csv",
        }
        for row in teams
    ]


def listed(view: View) -> pd.DataFrame:
    """One row per event and country, as the analysis takes it; null country = all.

    Returns:
        COLUMNS and reporter_country_code, in order of time; events of other drugs than the view's are left out.
    """
    table = _listed(view.data.pool).copy()
    wanted = set(view.scope.drugs) if view.scope.drugs is not None else None
    named = table["drugs"].fillna("").str.split(";")
    table = table[[wanted is None or names == [""] or bool(wanted & set(names)) for names in named]]
    codes = table["country_codes"].fillna("").str.split(";")
    table = table.assign(reporter_country_code=codes).explode("reporter_country_code", ignore_index=True)
    table["reporter_country_code"] = table["reporter_country_code"].replace("", None)
    return table


def cutting(table: pd.DataFrame, series: pd.Series) -> pd.DataFrame:
    """The events without the breaks that are whole gaps of the series: the gap itself already ends every line there."""
    silent = set(series.index[series.isna()])

    def is_gap(row: pd.Series) -> bool:
        if row["kind"] != "break" or pd.isna(row["date_to"]):
            return False
        months = pd.date_range(row["date_from"].to_period("M").to_timestamp(), row["date_to"], freq="MS")
        return all(month in silent or month not in series.index for month in months)

    return table[~table.apply(is_gap, axis=1)] if len(table) else table


def touching(view: View, countries: set[str], first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """One row per event that touches these countries within these months, numbered; at most five, breaks first.

    Args:
        view: whose drugs and pool.
        countries: codes of reporters, departures and destinations in view.
        first: first month drawn; last: last month drawn.
    """
    table = listed(view)
    end = pd.Timestamp(last) + pd.offsets.MonthEnd(0)
    inside = (table["date_from"] >= first) & (table["date_from"] <= end)
    near = table["reporter_country_code"].isna() | table["reporter_country_code"].isin(list(countries))
    mine = table[inside & near].drop_duplicates("event_id")
    rank = mine["kind"].map({"break": 0, "team start": 1, "law": 2, "revision": 2}).fillna(3)
    kept = mine.assign(rank=rank).sort_values(["rank", "date_from"], kind="stable").head(MOST_FLAGS)
    kept = kept.sort_values("date_from", kind="stable", ignore_index=True)
    kept.insert(0, "number", range(1, len(kept) + 1))
    return kept.drop(columns="rank")


def notes(found: pd.DataFrame) -> list[tuple[int, str]]:
    """The words under a picture: date bold, title, what kind, source."""
    return [
        (int(row.number), f"**{row.date_from:%B %Y}.** {row.title}{_kind(row.kind)} {row.source}.")
        for row in found.itertuples()
    ]


def _kind(kind: str) -> str:
    return ": the series breaks here." if kind == "break" else "."
