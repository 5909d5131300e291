"""Headlines say no more than the rows: filters kept, nobody counted who does not tell, one and none in words."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from postflow import queries
from postflow.figure import Figure
from postflow.figures import flows, overview, trends
from postflow.scope import Scope
from postflow.view import Data, Fetch, View

THIN = "\u202f"


@pytest.fixture
def fetch(demo: duckdb.DuckDBPyConnection) -> Fetch:
    return lambda name, **asked: queries.run(demo, name, **asked)


def view(**scope: object) -> View:
    return View(Data("real", "a", "2025-12"), Scope(**scope))  # type: ignore[arg-type]


def columns(figure: Figure) -> list[str]:
    assert figure.drawing is not None and figure.drawing.grid is not None
    return [code for code, _ in figure.drawing.grid.columns]


def lines(figure: Figure) -> list[str]:
    assert figure.drawing is not None and figure.drawing.grid is not None
    return [code for code, _ in figure.drawing.grid.rows]


def test_the_matrix_keeps_the_destination_filter(fetch: Fetch) -> None:
    figure = flows.matrix(fetch, view(destinations=("NZ",)))
    assert figure.headline == "The United Kingdom, the Netherlands and Germany sent all 5 seizures"
    assert columns(figure) == ["NZ"]
    assert int(figure.rows.seizures.sum()) == 5
    assert figure.caption.counted == "5 seizures."


def test_a_departure_that_is_not_stated_is_no_sender(fetch: Fetch) -> None:
    figure = flows.matrix(fetch, view())
    assert figure.headline == f"Three senders hold 90{THIN}% of 10 seizures that name a departure"
    assert lines(figure)[-1] == "ZZ"
    assert columns(figure) == ["US", "AU", "NZ", "elsewhere", "ZZ"]
    assert figure.caption.counted == "11 seizures."


@pytest.mark.parametrize(
    ("named", "whole", "words"),
    [
        ({}, 0, "No departure in this scope"),
        ({}, 7, "None of 7 seizures names its departure"),
        ({}, 1, "The one seizure names no departure"),
        ({"NL": 1}, 1, "The one seizure left from the Netherlands"),
        ({"NL": 1}, 4, "The Netherlands sent 1 seizure that names a departure"),
        ({"NL": 3, "FR": 1}, 4, "The Netherlands and France sent all 4 seizures"),
        ({"NL": 5, "FR": 3, "DE": 1, "BE": 1}, 10, f"Three senders hold 90{THIN}% of 10 seizures"),
    ],
)
def test_senders_are_told_by_name_where_they_are_few(named: dict[str, int], whole: int, words: str) -> None:
    assert flows._senders(pd.Series(named, dtype=int), whole) == words


def test_one_seizure_is_no_plural(fetch: Fetch) -> None:
    one = view(drugs=("ketamine",), departures=("DE",))
    assert flows.who_stopped(fetch, one).headline == "0 of 1 seizure was made before the parcel arrived"
    assert flows._map_headline(pd.Series({"US": 1}), [], 1) == "The one counted seizure leads to the United States"


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("ZZ", "ZZ", 91), ("NL", "NZ", 6), ("FR", "US", 3)], f"67{THIN}% left from the Netherlands for New Zealand"),
        ([("NL", "NZ", 1)], "The one seizure left from the Netherlands"),
        ([("NL", "NZ", 5)], "All 5 seizures left from the Netherlands"),
        ([("NL", "NZ", 5), ("NL", "ZZ", 5)], f"50{THIN}% left from the Netherlands for New Zealand"),
        ([("ZZ", "NZ", 5)], "No seizure of this scope names its departure"),
    ],
)
def test_no_corridor_leaves_an_unstated_country(pairs: list[tuple[str, str, int]], words: str) -> None:
    rows = pd.DataFrame(pairs, columns=["departure_country_code", "destination_country_code", "seizures"])
    assert overview._corridor_headline(rows, "seizures").removesuffix(", of those that name a departure") == words


@pytest.mark.parametrize(
    ("drugs", "words"),
    [
        ([("ketamine", 85), ("MDMA", 53)], "At the US border, ketamine leads in April 2026: 85 of 138 seizures"),
        ([("ketamine", 85)], "At the US border in April 2026: 85 seizures of ketamine"),
        ([("MDMA", 1)], "At the US border in April 2026: 1 seizure of MDMA"),
        ([("MDMA", 2), ("ketamine", 1)], "At the US border in April 2026: 3 seizures, 2 of MDMA and 1 of ketamine"),
        ([("MDMA", 9), ("ketamine", 9)], "At the US border in April 2026: 18 seizures, 9 of MDMA and 9 of ketamine"),
        ([("MDMA", 0)], "No seizure at the US border in April 2026"),
    ],
)
def test_one_drug_or_a_few_seizures_have_no_leader(drugs: list[tuple[str, int]], words: str) -> None:
    assert trends._border_headline(pd.DataFrame(drugs, columns=["category", "seizures"]), "April 2026") == words


def test_a_headline_names_the_destinations_that_rows_lead_to(fetch: Fetch) -> None:
    to = ("US", "AU", "NZ")
    assert trends._where(fetch, view(destinations=to, departures=("GB",))) == "New Zealand"
    assert trends._where(fetch, view(destinations=to)) == "the United States, Australia and New Zealand"
    assert trends._where(fetch, view()) == ""
    assert "anywhere" not in trends.over_time(fetch, view(), trends.Choice(period="month")).headline
