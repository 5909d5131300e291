"""Links: what they say, and what is said about what they ask for in vain."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from postflow import choice as choices
from postflow.choice import DEFAULT, Choice

ROWS = pd.DataFrame(
    [
        ("drug", "ketamine", "ketamine", 40),
        ("drug", "MDMA", "MDMA", 30),
        ("drug", "cocaine", "cocaine", 90),
        ("departure", "NL", "NL", 50),
        ("departure", "ZZ", "ZZ", 9),
        ("destination", "NZ", "NZ", 50),
        ("channel", "post", "post", 50),
        ("channel", "unknown", "unknown", 5),
        ("side", "import", "import", 5),
        ("source", "unodc_ids", "UNODC IDS", 5),
        ("month", "2011-03", "2011-03", 1),
        ("month", "2016-11", "2016-11", 1),
    ],
    columns=["dimension", "value", "label", "seizures"],
)
OFFERED = choices.options(ROWS)


def read(**asked: str | list[str]) -> tuple[Choice, list[str]]:
    return choices.read(
        {name.rstrip("_"): [value] if isinstance(value, str) else value for name, value in asked.items()}, OFFERED
    )


def test_the_two_drugs_come_first_and_the_rest_by_size() -> None:
    assert OFFERED.values("drug") == ["MDMA", "ketamine", "cocaine"]


def test_years_run_from_first_to_last_row_in_each_basis() -> None:
    assert OFFERED.years("year") == ["2011", "2012", "2013", "2014", "2015", "2016"]
    assert OFFERED.years("us_fy")[0] == "FY2011"
    assert OFFERED.years("us_fy")[-1] == "FY2017"
    assert choices.options(ROWS.head(0)).years("year") == []


def test_a_country_without_rows_is_named_as_such() -> None:
    assert OFFERED.label("departure", "NL") == "Netherlands"
    assert OFFERED.label("departure", "LU") == "Luxembourg (no rows)"
    assert OFFERED.label("departure", "benelux") == "Benelux"


def test_the_default_writes_an_empty_link_and_an_empty_link_is_the_default() -> None:
    assert choices.params(DEFAULT) == {}
    assert read() == (DEFAULT, [])


@pytest.mark.parametrize(
    "choice",
    [
        DEFAULT,
        Choice(drug=("MDMA",), departure=("NL", "PL"), destination=("NZ",)),
        Choice(
            drug=(), departure=(), destination=(), channel=("post", "unknown"), side=("import",), source=("unodc_ids",)
        ),
        Choice(pool="exercise", since="2012", until="2016-Q2", measure="kg", largest=3),
        Choice(
            since="FY2012", until="FY2016", basis="us_fy", duplicates=False, inferred=False, outliers=False, once=False
        ),
        Choice(departure=("benelux", "PL")),
    ],
)
def test_a_link_brings_back_the_choice_short_and_in_full(choice: Choice) -> None:
    assert choices.read(choices.params(choice), OFFERED) == (choice, [])
    assert choices.read(choices.params(choice, in_full=True), OFFERED) == (choice, [])


def test_links_hold_codes() -> None:
    choice = Choice(drug=("MDMA",), departure=("NL", "BE"), destination=("NZ",))
    assert choices.params(choice) == {"drug": ["MDMA"], "from": ["NL", "BE"], "to": ["NZ"]}
    full = choices.params(replace(choice, departure=("benelux",)), in_full=True)
    assert set(full["from"]) == {"BE", "NL", "LU"}
    assert full["show"] == ["count"]
    assert full["channel"] == ["any"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"from_": ["NL", "XX"]},
            "The link asked for ‘XX’ as departure: there is no such country or group in the list.",
        ),
        (
            {"to": "atlantis"},
            "The link asked for ‘atlantis’ as destination: there is no such country or group in the list.",
        ),
        ({"drug": "MDPV"}, "The link asked for ‘MDPV’ as drug: there is no such drug in this pool."),
        ({"channel": "drone"}, "The link asked for ‘drone’ as channel: there is no such channel in this pool."),
        ({"show": "pounds"}, "The link asked for ‘pounds’ as measure: there is no such choice. It can be count or kg."),
        (
            {"largest": "2"},
            "The link asked for ‘2’ as number of the heaviest left out: there is no such choice. "
            "It can be 0, 1, 3 or 5.",
        ),
        (
            {"duplicates": "maybe"},
            "The link asked for ‘maybe’ as possible duplicates: there is no such choice. It can be yes or no.",
        ),
        (
            {"since": "1900"},
            "The link asked for ‘1900’ as start of the period: "
            "the pool runs from 2011-03 to 2016-11. That end of the period is left open.",
        ),
        (
            {"until": "soon"},
            "The link asked for ‘SOON’ as end of the period: "
            "write 2016, 2016-03, 2016-Q1, or FY2016 in a fiscal basis. That end of the period is left open.",
        ),
        (
            {"since": "2015", "until": "2012"},
            "The link asked for a period that ends (2012) before it starts (2015): it is left open.",
        ),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said(asked: dict[str, str | list[str]], said: str) -> None:
    assert read(**asked)[1] == [said]


def test_what_can_be_given_of_a_link_is_given() -> None:
    choice, said = read(from_=["XX", "nl"], to="NZ", show="pounds")
    assert (choice.departure, choice.destination, choice.measure, len(said)) == (("NL",), ("NZ",), "count", 2)


def test_a_country_of_the_world_without_rows_is_kept_not_refused() -> None:
    choice, said = read(from_=["LU", "NL"])
    assert (choice.departure, said) == (("LU", "NL"), [])


def test_a_whole_group_written_as_countries_reads_as_the_group() -> None:
    assert read(from_=["BE", "NL", "LU"])[0].departure == ("benelux",)


def test_a_choice_becomes_the_scope_that_queries_take() -> None:
    scope = choices.scope(
        Choice(departure=("benelux", "PL"), destination=(), since="FY2016", until="FY2016", basis="us_fy")
    )
    assert set(scope.departures or ()) == {"BE", "NL", "LU", "PL"}
    assert scope.destinations is None
    assert (scope.month_from, scope.month_to) == (date(2015, 10, 1), date(2016, 9, 1))
