"""A deck and a briefing made by clicking in Chromium, from both pools; the stage by keys at both sizes of a projector."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from postflow import pool
from tests.test_exports_formats import words
from tests.test_ui_browser import CHROMIUM, QUIET, _wait_for

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]


@pytest.fixture(scope="module")
def address(
    real_pool: pool.PoolFile, exercise_pool: pool.PoolFile, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """`postflow serve` on both pools, with a home of its own for the decks."""
    home = tmp_path_factory.mktemp("share")
    for file in (real_pool, exercise_pool):
        shutil.copytree(file.path.parent, home / "builds", dirs_exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "postflow", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"POSTFLOW_HOME": str(home)}, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            assert f":{port}" in server.stdout.readline()
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()


def opened(
    browser: playwright.Browser, address: str, path: str, width: int = 1400, height: int = 900
) -> playwright.Page:
    window = browser.new_page(viewport={"width": width, "height": height}, base_url=address)
    window.set_default_timeout(60_000)
    window.goto(path)
    window.wait_for_selector(".pf-caption, .pf-page-caption, .pf-finding, .pf-slide")
    return window


def saved(window: playwright.Page, name: str) -> bytes:
    button = window.get_by_role("button", name=name)
    button.wait_for()
    with window.expect_download() as given:
        button.click()
    return Path(given.value.path()).read_bytes()


@pytest.mark.parametrize("pool_name", ["real", "exercise"])
def test_a_deck_of_ten_slides_is_made_by_clicking(pool_name: str, browser: playwright.Browser, address: str) -> None:
    window = opened(browser, address, f"/?pool={pool_name}")
    number = 0
    for page, keys in (
        ("", ("overview_by_year", "overview_corridors", "overview_no_departure")),
        ("trends", ("trend_by_drug", "trend_tests", "trend_concentration")),
        ("flows", ("flow_map", "flow_sides", "flow_matrix")),
        ("barriers", ("barrier_ladder",)),
    ):
        window.goto(f"/{page}?pool={pool_name}")
        for key in keys:
            window.locator(f".st-key-actions-{key} button", has_text="Add to deck").click()
            number += 1
            window.get_by_text(f"Slide {number} of the deck.").wait_for()
            assert (
                window.locator("[data-testid=stApp]").evaluate(
                    "e => getComputedStyle(document.querySelector('.pf-page-caption')).fontSize"
                )
                != "16px"
            ), "styles stay"
    window.get_by_role("link", name="Deck", exact=True).click()
    window.get_by_text("10 slides in the deck").wait_for()
    window.reload()
    window.get_by_text("10 slides in the deck").wait_for()
    window.get_by_role("button", name="Make the file").click()
    data = saved(window, "Save Slides")
    assert data[:2] == b"PK"
    assert ("SYNTHETIC" in words(data, "pptx")) == (pool_name == "exercise")
    told = words(data, "pptx")
    assert "10 / 10" in told  # more than once where its table goes on over slides
    assert "11 / " not in told
    window.close()


def test_a_deck_is_saved_emptied_and_opened_again(browser: playwright.Browser, address: str, tmp_path: Path) -> None:
    window = opened(browser, address, "/deck?pool=real")
    if not window.locator(".pf-slide").count():
        window.goto("/flows?pool=real")
        window.locator(".st-key-actions-flow_sides button", has_text="Add to deck").click()
        window.get_by_text("Slide 1 of the deck.").wait_for()
        window.goto("/deck?pool=real")
        window.wait_for_selector(".pf-slide")
    number = window.locator(".pf-slide").count()
    file = tmp_path / "deck.toml"
    file.write_bytes(saved(window, "Save deck"))
    window.get_by_role("button", name="Empty the deck").click()
    window.get_by_role("button", name="Yes, remove every slide").click()
    window.get_by_text("The deck is empty").wait_for()
    window.locator("input[type=file]").set_input_files(file)
    window.get_by_text(f"{number} slide").first.wait_for()
    window.locator(".pf-slide").nth(number - 1).wait_for()
    assert window.locator(".pf-slide").count() == number
    (tmp_path / "other.toml").write_text(file.read_text().replace("pool=real", "pool=exercise"))
    window.locator("input[type=file]").set_input_files(tmp_path / "other.toml")
    window.get_by_text("holds slides of the exercise pool; this is the real pool").wait_for()
    # A file chosen while the page still runs for the one before is lost with that run.
    window.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
    (tmp_path / "junk.toml").write_text("not a deck")
    window.locator("input[type=file]").set_input_files(tmp_path / "junk.toml")
    window.get_by_text("Not a deck").wait_for()
    assert window.locator(".pf-slide").count() == number
    window.close()


@pytest.mark.parametrize("pool_name", ["real", "exercise"])
def test_a_briefing_is_made_by_clicking(pool_name: str, browser: playwright.Browser, address: str) -> None:
    window = opened(browser, address, f"/briefing?pool={pool_name}")
    window.locator(".pf-sentences li").nth(4).wait_for()
    said = window.locator(".pf-sentences li").all_inner_texts()
    assert len(said) == 5
    window.get_by_role("button", name="Save this page").click()
    data = saved(window, "Save PDF")
    made = PdfReader(io.BytesIO(data))
    assert len(made.pages) == 1
    inside = "".join(words(data, "pdf").split())
    for sentence in said:
        assert "".join(sentence.removesuffix("Show").split())[1:40] in inside
    window.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_the_stage_fills_the_screen_and_turns_by_keys(
    width: int, height: int, browser: playwright.Browser, address: str
) -> None:
    window = opened(browser, address, "/present?of=explore/flows&slide=1", width, height)
    window.wait_for_selector(".st-key-stage .js-plotly-plot .main-svg")
    box = window.locator(".st-key-stage").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (width, height)
    assert not window.locator("[data-testid=stSidebar]").is_visible()
    assert window.locator(".st-key-stage .pf-mark:visible").count() == 2  # header and footer
    assert (
        window.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollHeight - m.clientHeight }"
        )
        <= 1
    )
    for key, folio in (("ArrowRight", "2 / 4"), ("PageDown", "3 / 4"), ("ArrowLeft", "2 / 4"), ("PageUp", "1 / 4")):
        window.keyboard.press(key)
        window.get_by_text(folio).wait_for()
    window.keyboard.press("f")
    window.wait_for_selector(".st-key-scope [data-testid=stPopover]")
    window.keyboard.press("Escape")
    window.wait_for_url("**/flows*")
    window.close()


@pytest.mark.parametrize("page", ["trends", "mirror", "displacement", "parcel", "emerging"])
def test_nothing_on_the_stage_is_cut_off(page: str, browser: playwright.Browser, address: str) -> None:
    window = opened(browser, address, f"/present?of=explore/{page}&slide=1&pool=exercise", 1280, 720)
    window.wait_for_timeout(1500)
    low = window.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.st-key-stage .pf-caption, .st-key-stage .pf-foot')].map(e => e.getBoundingClientRect().bottom))"
    )
    assert low <= 720
    window.close()


CAPTIONS = """() => {
    const main = document.querySelector('[data-testid=stMain]'), count = text => text.split(/\\s+/).filter(Boolean).length;
    const said = [...main.querySelectorAll('.pf-caption, .pf-page-caption')];
    const area = said.map(e => e.getBoundingClientRect()).reduce((sum, box) => sum + box.width * box.height, 0);
    const page = main.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect();
    return {words: said.reduce((sum, e) => sum + count(e.innerText), 0), all: count(main.innerText),
        area: area / (page.width * page.height), pictures: main.querySelectorAll('.js-plotly-plot').length};
}"""


@pytest.mark.parametrize("pool_name", ["real", "exercise"])
@pytest.mark.parametrize("page", ["trends", "flows", "mirror", "parcel"])
def test_a_page_is_more_picture_than_caption(
    page: str, pool_name: str, browser: playwright.Browser, address: str
) -> None:
    window = opened(browser, address, f"/{page}?pool={pool_name}")
    window.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
    window.locator(".pf-plot:not(:has(.main-svg))").first.wait_for(state="detached")
    told = window.evaluate(CAPTIONS)
    assert told["words"] > 10
    if told["pictures"] < 2:
        assert told["words"] <= 150
    else:
        assert told["words"] / told["all"] <= 0.25
        assert told["area"] <= 0.12
    window.close()
