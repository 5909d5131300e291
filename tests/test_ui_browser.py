"""What only a browser shows: popovers that are closed, the Back button, quick clicks, and where requests go."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.test_ui_shell import ROOT, publish

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app on a small pool."""
    home = tmp_path_factory.mktemp("home")
    publish(home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"POSTFLOW_HOME": str(home)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{url}/_stcore/health")
            _wait_for(f"{url}/_stcore/script-health-check")
            yield url
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=30):
                return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def browser() -> "Iterator[playwright.Browser]":
    """Headless Chromium."""
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: "playwright.Browser", address: str) -> "Iterator[playwright.Page]":
    """A fresh window whose requests are watched."""
    window = browser.new_page(viewport={"width": 1400, "height": 900}, base_url=address)
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    yield window
    window.close()
    outside = [url for url in asked if urlsplit(url).hostname not in ("127.0.0.1", None, "")]
    assert outside == []


def sees(page: "playwright.Page", words: str, query: str) -> None:
    """Wait until the route reads so and the address carries the filters."""
    playwright.expect(page.locator(".st-key-p_route button").first).to_contain_text(words, timeout=20_000)
    page.wait_for_function("asked => location.search === asked", arg=query, timeout=20_000)


def test_a_reset_is_not_undone_by_a_popover_that_is_closed(page: "playwright.Page") -> None:
    page.goto("/records?from=NL&to=NZ")
    sees(page, "Netherlands → NZ", "?from=NL&to=NZ")
    page.click(".st-key-p_route button")
    page.click(".st-key-group-departure-europe button")
    sees(page, "Europe → NZ", "?from=europe&to=NZ")
    page.keyboard.press("Escape")
    page.click(".st-key-reset button")
    sees(page, "Western Europe → US, AU, NZ", "")
    page.click(".st-key-p_records button")
    page.get_by_text("Count possible duplicates").click()
    sees(page, "Western Europe → US, AU, NZ", "?duplicates=no")


def test_quick_clicks_all_count_and_back_goes_back(page: "playwright.Page") -> None:
    page.goto("/records")
    sees(page, "Western Europe → US, AU, NZ", "")
    page.click(".st-key-p_route button")
    page.click(".st-key-group-departure-benelux button")
    page.click(".st-key-group-destination-any button")
    sees(page, "Benelux → anywhere", "?from=benelux&to=any")
    page.keyboard.press("Escape")
    page.go_back()
    page.go_forward()
    sees(page, "Benelux → anywhere", "?from=benelux&to=any")


def test_filters_stay_from_page_to_page(page: "playwright.Page") -> None:
    page.goto("/records?from=NL&to=NZ")
    sees(page, "Netherlands → NZ", "?from=NL&to=NZ")
    page.get_by_role("link", name="Trends").click()
    page.wait_for_url("**/trends*")
    sees(page, "Netherlands → NZ", "?from=NL&to=NZ")
