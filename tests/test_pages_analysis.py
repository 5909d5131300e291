"""The pages on top of the analysis: right about a small world whose truth is known, and about little data."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from postflow import disclosure, ingest, pool, queries
from tests.test_ui_shell import publish

ROOT = Path(__file__).resolve().parent.parent
EXPLORE = ("trends", "mirror", "displacement", "emerging", "parcel", "barriers")
PAGES = [*(f"pages/explore/{name}.py" for name in EXPLORE), "pages/evidence/followup.py"]
MONTHS, EVENT = 48, 25
"""January 2022 to December 2025; from February 2024, the month of the HARP team, the second number holds."""
CORRIDORS = [
    # departure, seized in, side, a month before, a month after
    ("NL", "NL", "export", 12, 6),
    ("NL", "US", "import", 8, 4),
    ("BE", "US", "import", 5, 10),
    ("DE", "US", "import", 3, 6),
    ("FR", "US", "import", 2, 4),
    ("GB", "US", "import", 10, 10),
]


def grow(con: duckdb.DuckDBPyConnection) -> None:
    """Single seizures to the US: 40 a month before and after, the Netherlands halved, its neighbours doubled."""
    con.execute("create table corridor (departure varchar, place varchar, side varchar, old integer, new integer)")
    con.executemany("insert into corridor values (?, ?, ?, ?, ?)", CORRIDORS)
    con.execute(
        f"""
        insert into seizure
        select seizure.* replace (
            row_number() over () || 'x' as seizure_id, row_number() over () || 'x' as event_id, 1 as seizures,
            month as seized_month, month + 4 as seized_on, year(month) as seized_year, 'day' as date_precision,
            month + 20 as reported_on, corridor.place as seizure_country_code, 'demo/' || corridor.place as service_id, corridor.departure as departure_country_code,
            'US' as destination_country_code, 'reported' as destination_basis, corridor.side as interception_side,
            'post' as channel, 'tablet' as form, 'X-ray' as detection_method, 'gift' as declared_contents,
            case when corridor.departure = 'GB' and month >= date '2025-10-01' then 'cosmetics' else 'clothing' end as concealment,
            0.1 as item_weight_kg, case corridor.side when 'export' then '6' else '8' end as barrier_step,
            case when corridor.departure = 'GB' then month + 14 end as case_opened_on
        )
        from seizure, corridor, range(12) as many (k),
            (select n, (date '2022-01-01' + to_months(n::integer))::date as month from range({MONTHS}) as months (n))
        where seizure.seizure_id = '0' and k < case when n < {EVENT} then corridor.old else corridor.new end
        """
    )
    con.execute("delete from seizure where seizure_id = '0'")
    con.execute("delete from coverage")
    con.execute("delete from service")
    ingest.lay_services(con)
    con.execute("drop table cube")
    con.execute("create table cube as " + queries.text("build/cube").rstrip().rstrip(";"))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path))
    monkeypatch.setenv("POSTFLOW_PLOT", "streamlit")
    publish(
        tmp_path,
        build_id="a0a0a0a0a0a0",
        rows=[("MDMA", "NL", "US", "reported", "post", "import", 1, "2022-01-01", False)],
    )
    with duckdb.connect(tmp_path / "builds" / "real-a0a0a0a0a0a0.duckdb") as con:
        con.execute((queries.FOLDER / "macros.sql").read_text(encoding="utf-8"))
        grow(con)


@pytest.fixture
def shipped(real_pool: pool.PoolFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(real_pool.path.parent.parent))
    monkeypatch.setenv("POSTFLOW_PLOT", "streamlit")
    assert os.environ["POSTFLOW_HOME"]


def opened(page: str, **asked: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
    app.switch_page(page)
    for name, value in asked.items():
        app.query_params[name.rstrip("_")] = value
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(str(block.proto.body) for block in app.get("html")).replace("\u202f", " ")


@pytest.mark.usefixtures("world")
def test_the_mirror_shows_both_ends_and_their_asymmetry() -> None:
    text = words(opened("pages/explore/mirror.py"))
    assert "Netherlands → US: the sending side stops more, 438 sending and 292 receiving" not in text  # five corridors
    assert "the sending side on 1" in text
    assert "Only years that both ends reported in full" in text
    assert "2 012 seizures stand on" not in text
    assert "Every seizure of these departures has a destination on this basis" in text


@pytest.mark.usefixtures("world")
def test_one_corridor_is_told_with_its_numbers() -> None:
    text = words(opened("pages/explore/mirror.py", from_="NL"))
    assert "Netherlands → US: the sending side stops more, 438 sending and 292 receiving" in text


@pytest.mark.usefixtures("world")
def test_displacement_finds_that_the_neighbours_gained_what_the_target_lost() -> None:
    text = words(opened("pages/explore/displacement.py"))
    assert "Displacement quotient −1.00" in text
    assert "part of what the target lost turned up next door" in text or "can be told from noise" in text
    assert "Netherlands fell (×0.50)" in text
    assert "Belgium rose (×2.00)" in text
    assert "HARP team starts" in text
    assert "Effort is known to have changed in the Netherlands, Belgium, Germany and France; counts follow it" in text


@pytest.mark.usefixtures("world")
def test_emerging_names_what_is_new_and_leads_to_its_rows() -> None:
    app = opened("pages/explore/emerging.py")
    assert "Hidden in: cosmetics stands out most: 30 seizures where 0 were to be expected" in words(app)
    button = next(button for button in app.button if "cosmetics" in button.label)
    button.click().run()
    assert not app.exception
    assert "120 records stand behind these numbers" in words(app)


@pytest.mark.usefixtures("world")
def test_the_parcel_is_described_by_what_is_known() -> None:
    text = words(opened("pages/explore/parcel.py"))
    assert "Half of parcels of 2025 weigh 100\u00a0g or less" in text
    told = re.search(r"X-ray: 100 % of ([\d ]+) seizures where it is told", text)
    assert told and abs(int(told[1].replace(" ", "")) - 1920) <= disclosure.MOST_NOISE
    assert "100 % of seizures in 2025 came by post" in text
    assert "What was known in advance is not known here" in text


@pytest.mark.usefixtures("world")
def test_the_ladder_counts_steps_and_hatches_the_rest() -> None:
    text = words(opened("pages/explore/barriers.py"))
    told = re.search(r"Arrive and clear stops most: ([\d ]+) of ([\d ]+) seizures that name a step", text)
    moved = [int(told[n].replace(" ", "")) for n in (1, 2)] if told else [0, 0]
    assert max(abs(moved[0] - 1482), abs(moved[1] - 1920)) <= disclosure.MOST_NOISE
    assert "not measured" in text


@pytest.mark.usefixtures("world")
def test_follow_up_is_aggregate() -> None:
    app = opened("pages/evidence/followup.py")
    assert "A case was opened for 25 % of the seizures of 2025" in words(app)
    assert "10 days (10–10) of 120" in " ".join(str(chart.proto) for chart in app.get("plotly_chart"))


@pytest.mark.usefixtures("world")
def test_trends_find_the_step_where_it_is() -> None:
    text = words(opened("pages/explore/trends.py", from_="NL"))
    assert "The level fell to 0.50 times about February 2024: 20 → 10 a month" in text
    assert "All reporters (2)" in text


@pytest.mark.usefixtures("world")
def test_trends_keep_reporters_present_throughout() -> None:
    text = words(opened("pages/explore/trends.py", like="only those present throughout"))
    assert "2 of 2 reporters were present throughout" in text


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("page", PAGES)
def test_little_data_is_told_and_never_made_up(page: str) -> None:
    text = words(opened(page))
    assert "433" not in text
    assert "nan" not in text.lower().split()


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("page", PAGES)
def test_an_empty_scope_is_a_sentence(page: str) -> None:
    text = words(opened(page, from_="LU", to="AU"))
    assert "No seizures in this scope" in text or "No seizure in this scope" in text


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "asked",
    [
        {"from_": "IT"},
        {"from_": "NL", "since": "2016", "until": "2016"},
        {"since": "2016-05", "until": "2016-05"},
        {"drug": "ketamine", "to": "NZ"},
    ],
)
def test_one_country_one_year_one_month_break_nothing(page: str, asked: dict[str, str]) -> None:
    assert "infinity" not in words(opened(page, **asked)).lower()


@pytest.mark.usefixtures("shipped")
def test_new_zealand_is_higher_and_never_a_rise() -> None:
    text = words(opened("pages/explore/trends.py"))
    assert "2016 against 2013: 673 against 126, 5.34 times (3.09 to 9.22): higher. 2014 and 2015 not reported" in text
    assert "What drove the change cannot be told" in text
    assert "None of 1 reporters reported throughout" in words(
        opened("pages/explore/trends.py", like="only those present throughout")
    )


@pytest.mark.usefixtures("shipped")
def test_the_public_pool_says_what_it_cannot_say() -> None:
    assert "No asymmetry can be told from one end" in words(
        opened("pages/explore/mirror.py", destination_basis="recorded or inferred")
    )
    assert "Before and after cannot be compared" in words(opened("pages/explore/displacement.py"))
    assert "Only 9 reported months before Oct 2016; unusual needs 12" in words(opened("pages/explore/emerging.py"))
    assert "What the whole parcel weighs is not known here" in words(opened("pages/explore/parcel.py"))
    assert "Nobody told of any follow-up; that is not the same as none" in words(
        opened("pages/evidence/followup.py")
    ) or "What followed the seizures is not known here" in words(opened("pages/evidence/followup.py"))
    assert "11 of 12 steps are not measured" in words(opened("pages/explore/barriers.py"))


@pytest.mark.usefixtures("shipped")
def test_the_overview_links_to_each_page() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    links = [link for link in app.get("page_link") if link.proto.page != "present"]
    assert len(links) == len(PAGES)
