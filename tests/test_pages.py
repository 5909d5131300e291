"""The pages on the shipped pool: what a fresh clone shows, with its numbers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from postflow import pool

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def shipped(real_pool: pool.PoolFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(real_pool.path.parent.parent))
    monkeypatch.setenv("POSTFLOW_PLOT", "streamlit")
    assert os.environ["POSTFLOW_HOME"]


def opened(page: str, **asked: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in asked.items():
        app.query_params[name] = value
    app.run()
    if page != "pages/explore/overview.py":
        app.switch_page(page).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(str(block.proto.body) for block in app.get("html"))


@pytest.mark.usefixtures("shipped")
def test_the_overview_says_what_new_zealand_saw_and_what_nobody_reported() -> None:
    text = words(opened("pages/explore/overview.py"))
    assert (
        "New Zealand made 673 seizures from Western Europe in 2016, against 126 in 2013. Nobody reported the years between."
        in text
    )
    assert "920 seizures." in text
    assert "Netherlands → NZ" in text
    assert "579" in text
    assert "no counted route" in text
    assert "33\u202f462" in text
    assert "published figures only" in text


@pytest.mark.usefixtures("shipped")
def test_trends_say_gap_and_never_a_rise_without_its_caveat() -> None:
    text = words(opened("pages/explore/trends.py"))
    assert "January 2014 – December 2015 not reported" in text
    assert "433" not in text
    assert "At the US border, ketamine leads in April 2026: 85 of 138 seizures" in text


@pytest.mark.usefixtures("shipped")
def test_flows_say_which_lanes_are_counted_and_which_only_published() -> None:
    text = words(opened("pages/explore/flows.py"))
    assert "All 920 counted seizures lead to New Zealand" in text
    assert "0 of 920 seizures were made before the parcel arrived" in text
    assert "Cases overlap, so they are never summed and never enter a count." in text


@pytest.mark.usefixtures("shipped")
def test_the_data_room_accounts_for_every_row() -> None:
    text = words(opened("pages/evidence/data_room.py"))
    assert "Every row is accounted for" in text
    assert "UNODC Individual Drug Seizures 2011–2016, counted by month" in text
    assert "Every word is in the vocabulary" in text


@pytest.mark.usefixtures("shipped")
def test_methods_print_the_factors_that_the_code_uses() -> None:
    text = words(opened("pages/evidence/methods.py"))
    assert "0.453592" in text
    assert "a stated quantity is a number from zero up to a million million" in text


@pytest.mark.usefixtures("shipped")
def test_an_empty_scope_is_kind_and_still_shows_what_the_destination_seized() -> None:
    text = words(opened("pages/explore/overview.py", to="US"))
    assert "No seizures in this scope" in text
    assert "United States, 2018–2026" in text


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("pages/*/*.py")))
@pytest.mark.parametrize("asked", [{}, {"from": "LU"}, {"to": "US"}], ids=["default", "one country", "empty"])
def test_every_page_opens_in_every_scope(page: str, asked: dict[str, str]) -> None:
    opened(page, **asked)
