"""Periods run without holes, and a period with rows is never a gap: in every pool, basis and scope."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date

import pandas as pd
import pytest

from postflow import pool, queries
from postflow.figures import overview, periods
from postflow.pool import PoolFile
from postflow.scope import PERIOD_BASES, Scope
from postflow.view import Data, Fetch, View

POOLS = ("demo_pool", "real_pool", "exercise_pool")
CHARTED = ("MDMA", "ketamine")
SCOPES = (
    Scope(),
    Scope(drugs=CHARTED),
    Scope(drugs=CHARTED, departures=("BE", "DE", "FR", "GB", "NL"), destinations=("AU", "NZ", "US")),
    Scope(destinations=("NZ",)),
    Scope(drugs=("cocaine",)),
)
KEY = ["period", "reporter_country_code"]
MONTHS = {"month": 1, "quarter": 3}
DATA = Data("real", "0" * 12, "2026-04")


@contextmanager
def fetch_of(published: PoolFile) -> Generator[Fetch]:
    with pool.connect(published.path) as con:
        yield lambda name, **params: queries.run(con, name, **params)


@pytest.fixture(params=POOLS)
def fetch(request: pytest.FixtureRequest) -> Iterator[Fetch]:
    with fetch_of(request.getfixturevalue(request.param)) as asked:
        yield asked


@pytest.mark.parametrize("basis", PERIOD_BASES)
def test_periods_have_no_holes_and_none_with_rows_is_a_gap(fetch: Fetch, basis: str) -> None:
    for scope in SCOPES:
        rows = fetch("charts/seizures_by_period", scope=scope, period=basis).dropna(subset=["period_start"])
        told = fetch("charts/reporters_by_period", scope=scope, period=basis)
        found = periods.from_rows(rows, told)
        counted = rows.groupby("period").seizures.sum().to_dict()
        assert {period.label: period.seizures for period in found if period.seizures} == counted
        assert not [period.label for period in found if period.is_gap and period.seizures]
        step = pd.DateOffset(months=MONTHS.get(basis, 12))
        assert [period.start for period in found[1:]] == [period.start + step for period in found[:-1]]
        by_reporters = told.groupby("period").seizures.sum()
        assert by_reporters.to_dict() == {period.label: period.seizures for period in found}
        assert (told.months_reported <= told.months_in_period).all()
        assert not told.duplicated(KEY).any()


def test_a_fiscal_year_that_nobody_reported_is_a_gap_that_the_headline_names(real_pool: PoolFile) -> None:
    view = View(DATA, scope=Scope(drugs=CHARTED, month_to=date(2019, 9, 1)), basis="us_fy")
    with fetch_of(real_pool) as fetch:
        found = {period.label: period for period in periods.of(fetch, view)}
        said = overview.yearly(fetch, view).alt
    assert list(found) == [f"FY{year}" for year in range(2011, 2020)]
    assert [label for label, period in found.items() if period.is_gap] == ["FY2018"]
    pair = periods.newest_pair(list(found.values()))
    assert pair is not None
    assert [period.label for period in pair.silent] == ["FY2018"]
    assert "FY2018: not reported" in said


def test_a_month_with_a_row_of_another_drug_is_reported_where_every_drug_is_asked_for(demo_pool: PoolFile) -> None:
    """The Dutch service of the demo tells charted drugs; its one row of 2021 is of another drug."""
    with fetch_of(demo_pool) as fetch:
        every, charted = (
            fetch("charts/reporters_by_period", scope=scope, period="year").set_index(KEY)
            for scope in (Scope(), Scope(drugs=CHARTED))
        )
    assert tuple(every.loc[("2021", "NL"), ["months_reported", "seizures"]]) == (1, 1)
    assert charted.months_reported.get(("2021", "NL"), 0) == 0
