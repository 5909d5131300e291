"""Who reports is a service, not a country: another's row makes nobody report, and a start is no rise, step or season."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from postflow import ingest, pool, queries, sources, vocabulary
from postflow.analysis import like_for_like, seasonal
from postflow.errors import SourceError
from postflow.exercise import pooling
from postflow.figures import emerging, honest, mirror, overview, periods, told
from postflow.scope import Scope
from postflow.view import Data, Fetch, View
from tests.test_pool import DEMO
from tests.test_ui_shell import _insert, _seizure

CHARTED = ("MDMA", "ketamine")
DATA = Data("exercise", "0" * 12, "2025-12")
Row = tuple[str, str, str, int]
"""Source, seizing country, month, how many."""
Ask = Callable[..., pd.DataFrame]


def source(name: str, country: str, **coverage: object) -> sources.Source:
    declared = sources.load(DEMO / "source.toml")
    who = declared.contributor.model_copy(update={"name": name, "country": country})
    what = sources.Coverage.model_validate({"unit": "month"} | coverage)
    title = f"What {name} tells"
    return declared.model_copy(update={"id": name, "title": title, "contributor": who, "coverage": what})


def pooled(declared: list[sources.Source], rows: list[Row]) -> Fetch:
    """What a pool of these rows answers; each row belongs to its source's first service; none is one blank row."""
    con = duckdb.connect()
    for name in ("schema", "macros"):
        con.execute((queries.FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    vocabulary.load_reference(con)
    known = {one.id: one for one in declared}
    for one in declared:
        ingest.list_source(con, one)
    con.execute("create table told (source_id varchar, service_id varchar, place varchar, month date, many integer)")
    for source_id, country, month, many in rows:
        one = known[source_id]
        service = source_id + (f"/{country}" if one.reporter == "seizing_country" else "")
        service += f"/{one.coverage.tells[0].name}" if one.coverage.tells else ""
        con.execute("insert into told values (?, ?, ?, ?, ?)", [source_id, service, country, month, many])
    _insert(con, "seizure", _seizure(0, "MDMA", "NL", "US", "reported", "post", "import", 1, "2020-01-01", False))
    con.execute(
        """insert into seizure select seizure.* replace (
            told.source_id || month || place || k as seizure_id, told.source_id || month || place || k as event_id,
            told.source_id as source_id, told.source_id as series_id, told.service_id as service_id,
            if(many = 0, 0, seizures) as seizures, if(many = 0, null, quantity_kg) as quantity_kg,
            place as seizure_country_code, month as seized_month, month as seized_on, year(month) as seized_year
        ) from seizure, told, range(1000) as numbers (k) where k < greatest(many, 1)"""
    )
    con.execute("delete from seizure where source_id = 'demo'")
    ingest.lay_services(con)
    con.execute("create table cube as " + queries.text("build/cube").rstrip().rstrip(";"))
    return lambda name, **params: queries.run(con, name, **params)


def months(first: str, last: str) -> list[str]:
    return [f"{month:%Y-%m-%d}" for month in pd.date_range(first, last, freq="MS")]


def reported(fetch: Fetch, period: str = "year") -> dict[tuple[str, str], int]:
    rows = fetch("charts/reporters_by_period", scope=Scope(drugs=CHARTED), period=period)
    return {(row.reporter, row.period): int(row.months_reported) for row in rows.itertuples()}


@pytest.fixture(scope="module")
def late_us() -> Fetch:
    """A border that delivers from October 2018, and customs elsewhere that tell of seizures there all through."""
    own = [("border", "US", month, 90) for month in months("2018-10", "2019-12")]
    abroad = [("customs", "US", month, 1) for month in months("2018-01", "2019-12")]
    home = [("customs", "NL", month, 4) for month in months("2018-01", "2019-12")]
    return pooled([source("border", "US"), source("customs", "NL")], [*own, *abroad, *home])


def test_a_row_that_another_service_tells_makes_nobody_report(late_us: Fetch) -> None:
    assert reported(late_us) == {("US", "2018"): 3, ("US", "2019"): 12, ("NL", "2018"): 12, ("NL", "2019"): 12}
    rows = late_us("charts/reporters_by_period", scope=Scope(drugs=CHARTED), period="year")
    assert rows.set_index(["reporter", "period"]).seizures.to_dict() == {
        ("US", "2018"): 3 * 90 + 12,
        ("US", "2019"): 12 * 90 + 12,
        ("NL", "2018"): 48,
        ("NL", "2019"): 48,
    }


def test_years_that_a_service_reported_for_other_numbers_of_months_are_not_compared(late_us: Fetch) -> None:
    pair = periods.newest_pair(periods.of(late_us, View(DATA, scope=Scope(drugs=CHARTED))))
    assert pair is not None
    assert pair.why_not == "the United States reported 12 of 12 months of 2019 and 3 of 2018"


def test_only_services_present_throughout_stay_like_for_like(late_us: Fetch) -> None:
    basis = told.basis(late_us, View(DATA, scope=Scope(drugs=CHARTED)), like="throughout")
    assert basis.panel is not None
    assert (basis.panel.reporters, basis.panel.dropped) == (("NL",), ("US",))
    assert basis.monthly.tolist() == [4.0] * 24


def test_starts_in_october_are_no_season() -> None:
    """Flat counts; the starts alone would put the last quarter above the year."""
    rows = [("customs", "NL", month, 6 + at % 2) for at, month in enumerate(months("2018-01", "2020-12"))]
    for start in (2018, 2019, 2020):
        rows += [(f"border_{start}", "US", month, 20) for month in months(f"{start}-10", "2020-12")]
    fetch = pooled([source("customs", "NL"), *(source(f"border_{year}", "US") for year in (2018, 2019, 2020))], rows)
    basis = told.basis(fetch, View(DATA, scope=Scope(drugs=CHARTED)))
    assert seasonal.seasonality(basis.finished).sentence.startswith("Highest in ")
    assert [basis.in_whole_years[year].sum() for year in ("2018", "2019", "2020")] == [78, 78 + 240, 78 + 480]
    assert seasonal.seasonality(basis.in_whole_years).sentence.startswith("No season stands out")


def test_two_services_of_one_country_report_apart_and_are_named_apart() -> None:
    rows = [
        *[("customs", "NL", month, 2) for month in months("2020-01", "2021-12")],
        *[("police", "NL", month, 2) for month in months("2020-01", "2020-06")],
        *[("police", "NL", month, 2) for month in months("2021-04", "2021-12")],
    ]
    fetch = pooled([source("customs", "NL"), source("police", "NL")], rows)
    assert reported(fetch) == {
        ("NL (customs)", "2020"): 12,
        ("NL (customs)", "2021"): 12,
        ("NL (police)", "2020"): 6,
        ("NL (police)", "2021"): 9,
    }
    monthly = fetch("charts/reporters_by_period", scope=Scope(drugs=CHARTED), period="month")
    assert like_for_like.throughout(monthly).service_ids == ("customs",)
    assert like_for_like.differing(monthly, ("2021-01", "2021-12"), ("2020-01", "2020-12")) == (
        "Reporters differ (not in the same months of both: NL (police))."
    )


def test_a_service_that_stops_and_one_month_missing_at_each_end_are_gaps_and_no_falls() -> None:
    rows = [
        *[("border", "US", month, 2) for month in months("2020-02", "2022-11")],
        *[("customs", "NL", month, 9) for month in months("2020-01", "2021-06")],
    ]
    fetch = pooled([source("border", "US"), source("customs", "NL")], rows)
    assert reported(fetch)[("NL", "2022")] == 0
    found = periods.of(fetch, View(DATA, scope=Scope(drugs=CHARTED)))
    assert [(one.label, one.seizures, one.reporters) for one in found] == [
        ("2020", 22 + 108, {"US", "NL"}),
        ("2021", 24 + 54, {"US", "NL"}),
        ("2022", 22, {"US"}),
    ]
    pair = periods.newest_pair(found)
    assert pair is not None
    assert pair.why_not == "2022 holds 11 of 12 months"


def test_every_country_of_a_compilation_is_a_service() -> None:
    rows = [
        ("compiled", "NZ", "2019-01-01", 1),
        ("compiled", "AU", "2020-02-01", 1),
        ("compiled", "NZ", "2021-12-01", 1),
    ]
    for declared in (
        source("compiled", "ZZ", unit="year"),
        source("compiled", "NL", unit="year", reporter="seizing_country"),
    ):
        found = reported(pooled([declared], rows))
        assert found[("NZ", "2019")] == found[("AU", "2020")] == 12
        assert found[("AU", "2019")] == found[("NZ", "2020")] == 0


def test_what_a_source_declares_to_cover_is_reported_without_rows_and_silent_with_them() -> None:
    part = {"name": "parcels", "month_from": "2020-01", "month_to": "2020-06", "silent": ["2020-03"]}
    rows = [("customs", "NL", month, 1) for month in ("2020-02-01", "2020-03-01", "2020-07-01")]
    found = reported(pooled([source("customs", "NL", tells=[part])], rows), "month")
    assert {month: told for (_, month), told in found.items()} == {
        "2020-01": 1,
        "2020-02": 1,
        "2020-03": 0,
        "2020-04": 1,
        "2020-05": 1,
        "2020-06": 1,
        "2020-07": 0,
    }


HEAD = "ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING\n"
TELLS = """[coverage]
unit = "month"

[[coverage.tells]]
name = "outbound"
sides = ["export"]

[[coverage.tells]]
name = "inbound"
sides = ["import"]
month_from = "2020-01"
month_to = "2020-03"
"""


def delivered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coverage: str, rows: str) -> Fetch:
    folder = tmp_path / "declared" / "demo_customs"
    folder.mkdir(parents=True)
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = text.replace("rows = [14, 14]\n", "").replace("years = [2020, 2021]\n", "")
    start, end = text.index("[coverage]"), text.index("[expect]")
    (folder / "source.toml").write_text(text[:start] + coverage + "\n" + text[end:], encoding="utf-8")
    (folder / "seizures.csv").write_text(HEAD + rows, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", folder.parent)
    published, _ = pool.build()
    con = pool.connect(published.path)
    return lambda name, **params: queries.run(con, name, **params)


def test_what_a_contributor_tells_apart_is_reported_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports of January and April; imports of February only, declared for January to March."""
    rows = (
        "A1;2020-01-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;;;;;\n"
        "A2;2020-04-15;Netherlands;Netherlands;New Zealand;Ecstasy;500;Gram;;;;;\n"
        "A3;2020-02-15;Netherlands;Germany;Netherlands;Ecstasy;500;Gram;;;;;\n"
    )
    fetch = delivered(tmp_path, monkeypatch, TELLS, rows)
    found = fetch("charts/reporters_by_period", scope=Scope(drugs=CHARTED), period="month")
    by = {name: part.months_reported.tolist() for name, part in found.groupby("service_id")}
    assert by == {"demo_customs/outbound": [1, 0, 0, 1], "demo_customs/inbound": [1, 1, 1, 0]}
    assert sorted(found.reporter.unique()) == [
        "NL (Demo customs seizures, 2020–2021, inbound)",
        "NL (Demo customs seizures, 2020–2021, outbound)",
    ]


def test_a_row_that_tells_neither_count_nor_quantity_shows_nothing() -> None:
    rows = [("customs", "NL", month, many) for month, many in (("2020-01-01", 1), ("2020-02-01", 0), ("2020-03-01", 1))]
    fetch = pooled([source("customs", "NL")], rows)
    assert reported(fetch, "month") == {("NL", "2020-01"): 1, ("NL", "2020-02"): 0, ("NL", "2020-03"): 1}


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('name = "post"\nmonth_from = "2020-01"', "month_from and month_to stand together"),
        ('name = "post"\nmonth_from = "2021-01"\nmonth_to = "2020-01"', "month_from 2021-01 is after month_to 2020-01"),
        ('name = "post"\nmonth_from = "2020-13"\nmonth_to = "2021-01"', "month_from"),
        ('name = "post"\nsilent = ["March 2020"]', "silent"),
        ('name = "Post & parcels"', "name"),
        ('name = "post"\nsides = ["outwards"]', "sides"),
        ('name = "post"\nchannels = ["mail"]', "channels"),
        ('name = "post"\ndrugs = ["Ecstasy"]', "post: 'Ecstasy' is no canonical drug; write 'MDMA'"),
        ('name = "post"\n\n[[coverage.tells]]\nname = "post"', "has post more than once"),
    ],
)
def test_coverage_that_makes_no_sense_is_refused_in_words(part: str, said: str, tmp_path: Path) -> None:
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    path = tmp_path / "demo_customs" / "source.toml"
    path.parent.mkdir()
    path.write_text(text.replace("[expect]", f"[[coverage.tells]]\n{part}\n\n[expect]"), encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        sources.load(path)


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetch]:
    """The exercise of full size, seed 777: its United States start in October 2018, Australia skips four months of 2021."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTFLOW_HOME", str(tmp_path_factory.mktemp("exercise777")))
        _, published, _ = pooling.make(777, 1.0, None, progress=lambda _: None)
    with pool.connect(published.path) as con:
        yield lambda name, **params: queries.run(con, name, **params)


def at_border(destination: str, first: int, last: int) -> View:
    scope = Scope(
        drugs=CHARTED,
        destinations=(destination,),
        sides=("import",),
        month_from=date(first, 1, 1),
        month_to=date(last, 12, 1),
    )
    return View(DATA, scope=scope)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "counts", "why", "ago"),
    [
        (at_border("US", 2018, 2019), (334, 1061), "2018 holds 3 of 12 months", "288 against 301, 0.96 times"),
        (at_border("AU", 2019, 2022), (413, 342, 247, 382), "2021 holds 8 of 12 months", "287 against 239, 1.20 times"),
    ],
    ids=["US", "AU"],
)
def test_a_silent_service_is_no_rise(exercise: Fetch, view: View, counts: tuple[int, ...], why: str, ago: str) -> None:
    """Planted: × 1.10 and × 1.12, both within the interval."""
    found = periods.of(exercise, view)
    assert tuple(period.seizures for period in found) == counts
    pair = periods.newest_pair(found) if len(found) == 2 else periods.newest_pair(found[:-1])
    assert pair is not None
    assert pair.why_not == why
    answers = honest.tests(exercise, view, told.basis(exercise, view)).rows.set_index("question").answer
    assert ago in answers[honest.AGO]
    assert "no clear change" in answers[honest.AGO]
    assert "not reported" in answers[honest.AGO]
    assert not answers["Steps in the level"].startswith("The level changed")


@pytest.mark.slow
def test_neither_season_nor_mirror_is_made_by_a_start(exercise: Fetch) -> None:
    """Planted: a season of × 1.61 between its ends, and a corridor whose first year one end did not report."""
    view = View(DATA, scope=Scope(drugs=CHARTED))
    basis = told.basis(exercise, view)
    season = seasonal.seasonality(basis.in_whole_years)
    assert season.low <= 1.61 <= season.high
    assert basis.in_whole_years["2018"].sum() < basis.finished["2018"].sum()
    moved = mirror.over_time(exercise, view, next(iter(mirror.BASES)), basis).rows
    us = moved[(moved.departure_country_code == "NL") & (moved.destination_country_code == "US")]
    assert us.period_start.dt.year.tolist() == [2019, 2020, 2021, 2022, 2023, 2024]
    assert round(float(us.asymmetry.iloc[0]), 2) == -0.13
    au = moved[(moved.departure_country_code == "NL") & (moved.destination_country_code == "AU")]
    assert 2021 not in au.period_start.dt.year.tolist()


@pytest.mark.slow
def test_a_month_that_the_reader_left_out_is_not_unreported(exercise: Fetch) -> None:
    """Since 2024, as over all years: the comparison reads the months before, and says so."""
    everything = View(DATA, scope=Scope(drugs=CHARTED))
    since = View(DATA, scope=Scope(drugs=CHARTED, month_from=date(2024, 1, 1)))
    said = []
    for view in (everything, since):
        made = honest.tests(exercise, view, told.basis(exercise, view))
        said.append(made.rows.set_index("question").answer[honest.AGO])
        assert ("Comparisons read the months before January 2024 too" in made.caption.silent) == (view is since)
    assert said[0] == said[1]
    assert "not reported" not in said[1]


def year(first: str, last: str) -> Fetch:
    rows = [("customs", "NL", month, 5) for month in months(first, last)]
    return pooled([source("customs", "NL")], rows)


def test_a_year_that_the_filter_cuts_is_told_as_cut_and_not_as_unreported() -> None:
    fetch = year("2019-01", "2021-12")
    view = View(DATA, scope=Scope(drugs=CHARTED, month_from=date(2020, 4, 1)))
    pair = periods.newest_pair(periods.of(fetch, view), view)
    assert pair is not None
    assert pair.why_not == "the period in view holds 9 of 12 months of 2020"
    alone = View(DATA, scope=Scope(drugs=CHARTED, month_from=date(2021, 1, 1)))
    pair = periods.newest_pair(periods.of(fetch, alone), alone)
    assert pair is not None
    assert pair.why_not == "no earlier period is in view"
    assert overview.finding(fetch, alone)[1].startswith("No earlier period is in view")
    pair = periods.newest_pair(periods.of(year("2021-01", "2021-12"), everything := View(DATA)), everything)
    assert pair is not None
    assert pair.why_not == "no earlier period was reported"


def test_a_short_period_is_compared_with_the_same_months_a_year_before() -> None:
    fetch = year("2019-01", "2021-12")
    view = View(DATA, scope=Scope(drugs=CHARTED, month_from=date(2021, 10, 1)))
    answers = honest.tests(fetch, view, told.basis(fetch, view)).rows.set_index("question").answer
    assert answers[honest.AGO].startswith(
        "October 2021 – December 2021 against the same months a year before: 15 against 15, 1.00 times"
    )


def test_nothing_is_new_that_was_seen_before_the_period_in_view() -> None:
    fetch = year("2019-01", "2021-12")
    view = View(DATA, scope=Scope(drugs=CHARTED, month_from=date(2021, 7, 1)))
    found = emerging.found(fetch, view, told.basis(fetch, view), 3)
    assert found.can_say
    assert found.rows.empty
