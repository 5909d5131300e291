"""The page Add data: a file is described by choosing, tried, and kept only when somebody says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from postflow import home, pool, sources
from tests.conftest import DEMO

ROOT = Path(__file__).resolve().parent.parent
PAGE = "pages/evidence/add_data.py"
SWEDISH = (
    "Ärende;Beslagsdatum;Avsändarland;Mottagarland;Ämne;Mängd (g);Namn\n"
    "K1-24;21.07.2024;Nederländerna;Sverige;Ecstasy;1015,8;Anna A\n"
    "K2-24;09.11.2024;Tyskland;Sverige;partydrog;59,7;Bo B\n"
    "K3-24;31.12.2024;Spanien;Sverige;Ketamin;1211,2;Cy C\n"
)


@pytest.fixture(autouse=True)
def own_pool(demo_pool: pool.PoolFile, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small pool of the tests, in a home of this test's own."""
    monkeypatch.setattr(sources, "FOLDER", DEMO)
    monkeypatch.setenv("POSTFLOW_PLOT", "streamlit")
    shutil.copytree(demo_pool.path.parent.parent, own_home)


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def drop(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].set_value((name, content, "text/csv"))
    return ran(app)


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(str(block.proto.body) for block in app.get("html"))


def choose(app: AppTest, label: str, value: str) -> AppTest:
    next(box for box in app.selectbox if box.label == label).set_value(value)
    return ran(app)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return ran(app)


def kept() -> set[str]:
    """Every file of the home that is no build and no lock."""
    return {path.name for path in home.folder().rglob("*") if path.is_file() and path.parent.name != "builds"}


def described(app: AppTest) -> AppTest:
    drop(app, "beslag 2024.csv", SWEDISH.encode("cp1252"))
    choose(app, "Of which country is it?", "SE")
    choose(app, "In which country were all of these seized?", "SE")
    next(field for field in app.text_input if field.label == "Which service gives the file?").set_value("Tullverket")
    return ran(app)


def test_a_file_is_described_by_choosing_tried_and_published() -> None:
    before = kept()
    app = described(opened())
    text = words(app)
    assert "3 of 3 rows would be counted" in text
    assert "2024-07 to 2024-12" in text
    assert "Avsändarland → departure country" in text
    assert "1 word that is not known" in text
    choose(app, "What is 'partydrog'?", "MDMA")
    assert "0 words that are not known" in words(app)
    press(app, "What would change in the pool?")
    assert "3 seizures more in the pool" in words(app)
    assert kept() == before
    press(app, "Keep and publish")
    assert "3 rows accepted as beslag" in words(app)
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        rows = con.execute(
            """select drug, departure_country_code, destination_country_code, quantity_kg::double
            from seizure where source_id = 'beslag' order by seized_on"""
        ).fetchall()
        told = con.execute(
            "select contributor, licence_id, may_redistribute, tlp from source where source_id = 'beslag'"
        ).fetchall()
    assert rows == [("MDMA", "NL", "SE", 1.0158), ("MDMA", "DE", "SE", 0.0597), ("ketamine", "ES", "SE", 1.2112)]
    assert told == [("Tullverket", "not-stated", False, "TLP:AMBER+STRICT")]


def test_the_next_file_of_the_form_takes_one_click() -> None:
    app = described(opened())
    press(app, "Keep and publish")
    drop(app, "beslag 2025.csv", SWEDISH.replace("K", "L").replace("2024", "2025").encode("cp1252"))
    assert "This is the form of" in words(app)
    assert not [box for box in app.selectbox if box.label.startswith("What is")]
    press(app, "Keep and publish")
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        assert con.execute(
            "select file_name, rows_accepted from delivery where source_id = 'beslag' order by 1"
        ).fetchall() == [("beslag 2024.csv", 3), ("beslag 2025.csv", 3)]


def test_a_file_that_was_received_is_described_anew_under_its_own_name() -> None:
    app = described(opened())
    press(app, "Keep and publish")
    choose(app, "Or one that was received before", f"beslag 2024.csv, beslag, received on {home.today()}")
    assert "This is the form of" in words(app)
    press(app, "Change how it is described")
    choose(app, "What is 'partydrog'?", "MDMA")
    assert "There is a source" not in words(app)
    press(app, "Keep and publish")
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        rows = con.execute(
            "select drug, seizure_country_code, count(*) from seizure where source_id like 'beslag%' group by all order by 1"
        ).fetchall()
        told = con.execute("select contributor from source where source_id = 'beslag'").fetchall()
    assert rows == [("MDMA", "SE", 2), ("ketamine", "SE", 1)]
    assert told == [("Tullverket",)]


def test_an_id_that_a_source_has_is_refused() -> None:
    app = described(opened())
    next(field for field in app.text_input if field.label == "Id of the source").set_value("demo_customs")
    ran(app)
    assert "There is a source demo_customs already" in words(app)
    assert not [button for button in app.button if button.label == "Keep and publish"]


def test_what_is_thrown_away_leaves_nothing() -> None:
    before, newest = kept(), pool.current()
    app = described(opened())
    press(app, "Throw away")
    assert "1. The table" not in words(app)
    assert (kept(), pool.current()) == (before, newest)


def test_a_column_is_another_field_by_choosing() -> None:
    app = described(opened())
    choose(app, "What is 'Avsändarland'?", "transit_countries")
    assert "Avsändarland → departure country" not in words(app)
    choose(app, "What is 'Beslagsdatum'?", "ignored")
    assert "Not one row of the file could be accepted" in words(app)
    choose(app, "What is 'Beslagsdatum'?", "seized_on")
    assert "3 of 3 rows would be counted" in words(app)


def test_what_is_no_table_is_refused_in_words() -> None:
    app = drop(opened(), "picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "The file cannot be read." in words(app)
    assert "it is a picture" in words(app)


def test_a_shared_server_takes_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_SHARED", "yes")
    app = opened()
    assert not app.file_uploader
    assert "Files are added by the editors of this server" in words(app)
