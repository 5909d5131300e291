"""The shell as readers meet it: links, the sentence, empty scopes, no pool. Runs app.py on a small pool."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from postflow import ingest, queries, vocabulary, wording

ROOT = Path(__file__).resolve().parent.parent
PAGE = "pages/explore/records.py"
# drug, departure, destination, basis of it, channel, side, seizures, month, possible duplicate
ROWS = [
    ("MDMA", "NL", "NZ", "inferred", "post", "import", 575, "2016-05-01", False),
    ("MDMA", "DE", "NZ", "inferred", "post", "import", 124, "2013-05-01", False),
    ("ketamine", "GB", "US", "reported", "courier", "export", 12, "2012-02-01", True),
    ("MDMA", "PL", "AU", "reported", "sea", "transit", 3, "2014-02-01", False),
    ("MDMA", "ZZ", "US", "reported", "unknown", "unknown", 40, "2015-02-01", False),
]


SOURCE = {
    "source_id": "demo",
    "series_id": "demo",
    "title": "Demo seizures",
    "kind": "records",
    "precedence": "shipped",
    "supersedes": "series",
    "grain": "counted rows",
    "is_synthetic": False,
    "contributor": "Demo",
    "contributor_country_code": "NZ",
    "publisher": "Demo",
    "licence_id": "CC-BY-4.0",
    "may_redistribute": True,
    "tlp": "TLP:GREEN",
    "obtained_on": "2026-11-01",
    "obtained_from": "demo",
    "citation": "Demo, 2026.",
    "coverage_unit": "year",
    "reporter": "seizing_country",
}
DELIVERY = {
    "delivery_id": "d1",
    "source_id": "demo",
    "file_name": "demo.csv",
    "sha256": "x",
    "received_on": "2026-11-01",
    "rows_in": 5,
    "rows_accepted": 5,
    "rows_quarantined": 0,
    "rows_superseded": 0,
    "edition": 1,
    "month_from": "2012-02-01",
    "month_to": "2016-05-01",
    "warnings": [],
}
UNKNOWN = ("form", "concealment", "detection_method", "declared_contents", "advance_data", "channel_detail", "operator")


def _seizure(
    number: int,
    drug: str,
    start: str,
    end: str,
    basis: str,
    channel: str,
    side: str,
    seizures: int,
    month: str,
    twice: bool,
) -> dict[str, object]:
    return dict.fromkeys(UNKNOWN, "unknown") | {
        "seizure_id": str(number),
        "event_id": str(number),
        "source_id": "demo",
        "series_id": "demo",
        "service_id": "demo/NZ",
        "delivery_id": "d1",
        "row_number": number,
        "seizures": seizures,
        "seized_on": month,
        "seized_month": month,
        "seized_year": int(month[:4]),
        "date_precision": "month",
        "seizure_country_code": "NZ",
        "departure_country_code": start,
        "transit_country_codes": [],
        "destination_country_code": end,
        "destination_basis": basis,
        "production_country_code": "ZZ",
        "interception_side": side,
        "channel": channel,
        "drug": drug,
        "unit": "kg",
        "quantity_kg_low": 1,
        "quantity_kg": 2,
        "quantity_kg_high": 3,
        "flags": [],
        "is_possible_duplicate": twice,
        "is_outlier": False,
        "is_event_lead": True,
    }


def _insert(con: duckdb.DuckDBPyConnection, table: str, row: dict[str, object]) -> None:
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    con.execute(f"insert into {table} ({columns}) values ({marks})", list(row.values()))


def publish(home: Path, build_id: str = "7c1d52500000", rows: list[tuple] = ROWS) -> None:
    """A pool of the rows, published as builds are."""
    builds = home / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    path = builds / f"real-{build_id}.duckdb"
    with duckdb.connect(path) as con:
        for name in ("schema", "macros"):
            con.execute((queries.FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
        vocabulary.load_reference(con)
        _insert(con, "source", SOURCE)
        _insert(con, "delivery", DELIVERY)
        for number, row in enumerate(rows):
            _insert(con, "seizure", _seizure(number, *row))
        ingest.lay_services(con)
        con.execute("create table cube as " + queries.text("build/cube").rstrip().rstrip(";"))
        con.execute("insert into build values (?, 'real', '0', date '2016-05-01', 1)", [build_id])
    pointer = {"file": path.name, "build_id": build_id, "data_through": "2016-05"}
    (builds / "real.json").write_text(json.dumps(pointer), encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path))
    publish(tmp_path)
    return tmp_path


def opened(page: str = PAGE, **asked: str | list[str]) -> AppTest:
    """The app with a page opened by a link."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(page)
    for name, value in asked.items():
        app.query_params[name.rstrip("_")] = value
    return app.run()


def sentence(app: AppTest) -> str:
    """The words of the popovers of the scope bar."""
    labels = [element.proto.popover.label for element in app.get("popover")]
    return " · ".join(labels[: labels.index("Copy link")])


def page_text(app: AppTest) -> str:
    """All HTML of the page but its styles."""
    return "\n".join(element.proto.body for element in app.get("html") if "<style>" not in element.proto.body)


def widget(app: AppTest, name: str):  # noqa: ANN201
    """The filter of a field, whatever its turn."""
    kinds = [*app.multiselect, *app.button_group, *app.checkbox, *app.selectbox]
    return next(item for item in kinds if item.key and item.key.startswith(f"f_{name}_"))


def test_the_default_sentence_and_scope(home: Path) -> None:
    app = opened()
    assert not app.exception
    assert (
        sentence(app)
        == "MDMA and ketamine · Western Europe → US, AU, NZ · any channel · all years · count · all records"
    )
    scope = app.session_state["pf.view"].scope
    assert set(scope.departures) == set(wording.members("western-europe"))
    assert scope.destinations == ("US", "AU", "NZ")
    assert "711 seizures" in page_text(app)


def test_a_link_fills_the_filters_on_the_first_run(home: Path) -> None:
    app = opened(
        from_=["NL", "BE"], to="NZ", drug="MDMA", channel="post", show="kg", since="2013", duplicates="no", largest="3"
    )
    assert sentence(app) == (
        "MDMA · Netherlands and Belgium → NZ · post · since 2013 · kilograms · "
        "no possible duplicates, kg without the heaviest 3"
    )
    view = app.session_state["pf.view"]
    assert (view.measure, view.largest_left_out, view.scope.possible_duplicates) == ("kg", 3, False)
    assert "pf-warn" not in page_text(app)


def test_what_a_link_asks_for_in_vain_is_said_on_the_page(home: Path) -> None:
    text = page_text(opened(from_=["NL", "XX"], drug="MDPV", since="1900", build="0000"))
    assert "The link asked for ‘XX’ as departure" in text
    assert "The link asked for ‘MDPV’ as drug" in text
    assert "the pool runs from 2012-02 to 2016-05" in text
    assert "The link was made on build ‘0000’, which is no longer kept; this page shows build 7c1d52500000." in text


def test_markup_in_a_link_stays_text(home: Path) -> None:
    text = page_text(opened(from_="<script>alert(1)</script>"))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_changed_filter_changes_sentence_scope_and_link(home: Path) -> None:
    app = opened(from_="XX")
    widget(app, "departure").set_value(["PL"]).run()
    assert "→ US, AU, NZ" in sentence(app)
    assert sentence(app).startswith("MDMA and ketamine · Poland")
    assert app.session_state["pf.view"].scope.departures == ("PL",)
    assert app.query_params["from"] in ("PL", ["PL"])
    assert "pf-warn" not in page_text(app), "a changed filter ends the talk of the link"


def test_reset_goes_back_to_the_default_and_an_empty_link(home: Path) -> None:
    app = opened(from_="NL", to="NZ", since="2016")
    app.button(key="reset").click().run()
    assert sentence(app).startswith("MDMA and ketamine · Western Europe → US, AU, NZ")
    assert not app.query_params


def test_groups_are_one_click(home: Path) -> None:
    app = opened()
    app.button(key="group-departure-any").click().run()
    assert app.session_state["pf.view"].scope.departures is None
    app.button(key="group-departure-benelux").click().run()
    assert set(app.session_state["pf.view"].scope.departures) == {"BE", "LU", "NL"}


def test_only_what_has_data_is_offered(home: Path) -> None:
    app = opened(drug="MDMA")
    assert set(widget(app, "departure").options) >= {"Netherlands", "Poland", "Not stated", "Benelux"}
    assert not {"United Kingdom", "France"} & set(widget(app, "departure").options)


def test_the_full_link_opens_the_same_view(home: Path) -> None:
    app = opened(from_=["NL"], channel="post", since="2013", until="2016", outliers="no")
    link = app.code[0].value
    asked = parse_qs(urlsplit(link).query)
    assert asked["build"] == ["7c1d52500000"]
    assert asked["duplicates"] == ["yes"]
    assert asked["since"] == ["2013"]
    again = opened(**{("from_" if name == "from" else name): values for name, values in asked.items()})
    assert again.session_state["pf.view"] == app.session_state["pf.view"]
    assert "pf-warn" not in page_text(again)


def test_an_empty_scope_says_which_filter_empties_it_and_offers_the_way_back(home: Path) -> None:
    app = opened(from_="NL", channel="sea")
    assert "No seizures in this scope" in page_text(app)
    labels = [button.label for button in app.button if button.key and button.key.startswith("relax")]
    assert labels == ["Any channel: 575 seizures", "Any departure: 3 seizures", "Reset all filters"]
    app.button(key="relax-channels").click().run()
    assert "575 seizures" in page_text(app)
    assert "No seizures in this scope" not in page_text(app)


def test_a_new_build_is_picked_up_at_the_next_run(home: Path) -> None:
    app = opened()
    publish(
        home, "ffff00000000", [*ROWS, ("MDMA", "FR", "NZ", "reported", "post", "import", 1000, "2016-05-01", False)]
    )
    app.run()
    assert "1\u202f711 seizures" in page_text(app)
    assert app.session_state["pf.view"].data.build_id == "ffff00000000"


def test_no_pool_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path))
    app = opened()
    assert not app.exception
    assert "There is no pool yet" in page_text(app)
    assert app.code[0].value == "python -m postflow build"


def test_no_exercise_pool_says_how_to_make_it_and_keeps_the_way_back(home: Path) -> None:
    app = opened(pool="exercise")
    assert "There is no exercise pool yet" in page_text(app)
    assert "python -m postflow exercise" in app.code[0].value
    widget(app, "pool").set_value("real").run()
    assert "711 seizures" in page_text(app)


def test_our_errors_are_words_without_a_traceback(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "builds" / "real-7c1d52500000.duckdb").write_bytes(b"not a database at all" * 1000)
    app = opened()
    assert not app.exception
    assert "This page cannot be shown." in page_text(app)
    assert "python -m postflow build" in page_text(app)
