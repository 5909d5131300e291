"""Add data in Chromium: three files that no source describes are pooled by eye, with the right totals."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from postflow import pool
from tests.test_ui_browser import CHROMIUM, QUIET, _wait_for

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
ROOT = Path(__file__).resolve().parent.parent
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


@pytest.fixture
def home(real_pool: pool.PoolFile, tmp_path: Path) -> Path:
    target = tmp_path / "server"
    shutil.copytree(real_pool.path.parent.parent, target)
    return target


@pytest.fixture
def window(home: Path) -> Iterator[playwright.Page]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "postflow", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"POSTFLOW_HOME": str(home)}, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            with playwright.sync_playwright() as started:
                browser = started.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
                page = browser.new_page(viewport={"width": 1400, "height": 1000}, base_url=f"http://127.0.0.1:{port}")
                page.set_default_timeout(240_000)
                yield page
                browser.close()
        finally:
            server.terminate()


def swedish(folder: Path) -> Path:
    """Forty seizures in cp1252, one of a word that nobody knows."""
    lines = ["Ärende;Beslagsdatum;Avsändarland;Mottagarland;Försändelse;Ämne;Mängd (g);Namn"]
    lines += [
        f"K{number}-24;{number % 28 + 1:02d}.{number % 12 + 1:02d}.2024;Nederländerna;Nya Zeeland;Paket;"
        f"{'partydrog' if number == 7 else 'Ketamin'};{number},5;Namn {number}"
        for number in range(1, 41)
    ]
    path = folder / "beslag 2024.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def two_header_rows(folder: Path) -> Path:
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "Deckblatt"
    cover.append(["Jahresbericht"])
    sheet = book.create_sheet("Tabelle 1")
    for row in (
        ["Sicherstellungen"],
        ["Land", "Jahr", "MDMA", None, "Ketamin", None],
        [None, None, "Anzahl", "kg", "Anzahl", "kg"],
        ["Deutschland", 2022, 10, 1.5, 4, 0.25],
        ["Deutschland", 2023, 12, 2.5, 6, 0.75],
        ["Gesamt", None, 22, 4, 10, 1],
    ):
        sheet.append(row)
    path = folder / "bericht.xlsx"
    book.save(path)
    return path


def wide(folder: Path) -> Path:
    path = folder / "wide table.csv"
    path.write_text("Country,Drug,2021,2022,2023,Total\nIreland,MDMA,1,2,3,6\nIreland,Ketamine,4,..,6,10\n")
    return path


def choose(page: playwright.Page, label: str, typed: str) -> None:
    """Type into the box and take the first that is offered."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(typed)
    page.locator("[role=option]").first.click()
    page.wait_for_function("document.querySelectorAll('[data-stale=true]').length === 0")


def add(page: playwright.Page, path: Path, answers: dict[str, str], counted: str) -> None:
    """Drop a file, answer what is open, see what is counted, publish."""
    page.goto("/add_data")
    page.locator("[data-testid=stFileUploaderDropzone]").wait_for()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_text("1. The table").wait_for()
    for label, typed in answers.items():
        choose(page, label, typed)
    page.get_by_text(counted).wait_for()
    page.get_by_role("button", name="Keep and publish").click()
    page.get_by_text("is in the pool").wait_for()


def totals(home: Path, source: str) -> list[tuple[object, ...]]:
    found = sorted((home / "builds").glob("real-*.duckdb"), key=lambda path: path.stat().st_mtime_ns)[-1]
    with pool.connect(found) as con:
        return con.execute(
            """select drug, seizure_country_code, sum(seizures)::int, round(sum(quantity_kg), 6)::double
            from seizure where source_id = $id group by all order by all""",
            {"id": source},
        ).fetchall()


def test_three_files_are_pooled_by_eye_with_the_right_totals(
    window: playwright.Page, home: Path, tmp_path: Path
) -> None:
    add(
        window,
        swedish(tmp_path),
        {
            "Of which country is it?": "Sweden",
            "In which country were all of these seized?": "Sweden",
            "What is 'partydrog'?": "MDMA",
        },
        "40 of 40 rows would be counted",
    )
    # 1.5 to 40.5 g, of which the seventh is 7.5 g of the other drug
    assert totals(home, "beslag") == [("MDMA", "SE", 1, 0.0075), ("ketamine", "SE", 39, 0.8325)]
    assert "Namn 3" not in "".join(
        path.read_text(encoding="utf-8") for path in (home / "sources").glob("*/source.toml")
    )
    add(window, two_header_rows(tmp_path), {"Of which country is it?": "Germany"}, "4 of 6 rows would be counted")
    assert totals(home, "bericht") == [("MDMA", "DE", 22, 4.0), ("ketamine", "DE", 10, 1.0)]
    add(window, wide(tmp_path), {"Of which country is it?": "Ireland"}, "5 of 5 rows would be counted")
    assert totals(home, "wide_table") == [("MDMA", "IE", 6, None), ("ketamine", "IE", 10, None)]
