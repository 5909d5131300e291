"""The filters are one value, declared twice and never differently; no scope counts more than everything."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postflow import queries, scope
from postflow.errors import ScopeError
from postflow.scope import Scope, months_of

MACROS = (queries.FOLDER / "macros.sql").read_text(encoding="utf-8")


def some(*values: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    return st.none() | st.lists(st.sampled_from(values), unique=True).map(tuple)


SCOPES = st.builds(
    Scope,
    drugs=some("MDMA", "ketamine", "MDPV"),
    departures=some("NL", "GB", "DE", "ZZ"),
    destinations=some("NZ", "AU", "US", "ZZ"),
    channels=some("post", "sea", "unknown"),
    sides=some("import", "export", "transit"),
    sources=some("demo_customs"),
    month_from=st.none() | st.dates(date(2019, 1, 1), date(2022, 1, 1)),
    month_to=st.none() | st.dates(date(2019, 1, 1), date(2022, 1, 1)),
    possible_duplicates=st.booleans(),
    inferred_destinations=st.booleans(),
    outliers=st.booleans(),
    same_seizure_once=st.booleans(),
)


def test_the_scope_and_the_macro_declare_the_same_filters() -> None:
    struct = re.search(r"scope::struct\((.*?)\)\s*\)", MACROS, re.S)
    assert struct
    declared = [line.split()[0] for line in struct[1].split(",")]
    assert declared == list(Scope().params())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCOPES)
def test_no_scope_counts_more_than_everything_and_cube_and_rows_agree(
    demo: duckdb.DuckDBPyConnection, chosen: Scope
) -> None:
    params = {"scope": chosen.params()}
    rows = demo.execute(
        "select coalesce(sum(seizures), 0), sum(quantity_kg) from in_scope('seizure', $scope)", params
    ).fetchall()
    cube = demo.execute(
        "select coalesce(sum(seizures), 0), sum(quantity_kg) from in_scope('cube', $scope)", params
    ).fetchall()
    assert rows == cube
    assert rows[0][0] <= 11


def test_an_empty_list_matches_nothing_and_none_everything(demo: duckdb.DuckDBPyConnection) -> None:
    assert queries.run(demo, "charts/totals", scope=Scope(drugs=())).seizures[0] == 0
    assert queries.run(demo, "charts/totals", scope=Scope()).seizures[0] == 11


def test_reading_inferred_destinations_as_not_stated_loses_no_row(demo: duckdb.DuckDBPyConnection) -> None:
    read, unread = (
        queries.run(demo, "charts/totals", scope=Scope(inferred_destinations=switch)).iloc[0]
        for switch in (True, False)
    )
    assert read.seizures == unread.seizures
    assert (
        unread.seizures_unknown_destination - read.seizures_unknown_destination
        == read.seizures_inferred_destination
        == 3
    )


@pytest.mark.parametrize(
    ("words", "basis", "months"),
    [
        ("2016", "year", (date(2016, 1, 1), date(2016, 12, 1))),
        ("2016-03", "year", (date(2016, 3, 1), date(2016, 3, 1))),
        ("2016-Q2", "year", (date(2016, 4, 1), date(2016, 6, 1))),
        ("FY2025", "us_fy", (date(2024, 10, 1), date(2025, 9, 1))),
        ("FY2025", "au_fy", (date(2024, 7, 1), date(2025, 6, 1))),
        ("fy2025", "uk_fy", (date(2024, 4, 1), date(2025, 3, 1))),
    ],
)
def test_periods_are_read_as_people_write_them(words: str, basis: str, months: tuple[date, date]) -> None:
    assert months_of(words, basis) == months


@pytest.mark.parametrize("words", ["2016-13", "16", "soon", "2016-Q5", "", "FY16"])
def test_what_is_no_period_is_refused(words: str) -> None:
    with pytest.raises(ScopeError):
        months_of(words)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.sampled_from(["year", "us_fy", "au_fy", "uk_fy"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_year_in_any_calendar_starts_in_its_first_month_and_holds_the_day(
    demo: duckdb.DuckDBPyConnection, day: date, basis: str
) -> None:
    month = day.replace(day=1)
    start, label = demo.execute(
        "select period_start($month, $basis), period_label($month, $basis)", {"month": month, "basis": basis}
    ).fetchall()[0]
    assert start.month == scope.FISCAL_START_MONTH[basis]
    assert 0 <= (month - start).days < 366
    first, last = months_of(label, basis)
    assert first == start
    assert first <= month <= last
