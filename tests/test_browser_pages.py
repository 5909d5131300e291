"""Every page of the shipped pool in Chromium: pictures are drawn, nothing calls out, deep links work warm and cold."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from postflow import pool
from tests.test_ui_browser import CHROMIUM, QUIET, _wait_for

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
PAGES = [
    "",
    "trends",
    "flows",
    "mirror",
    "displacement",
    "emerging",
    "parcel",
    "barriers",
    "records",
    "briefing",
    "deck",
    "present?of=explore/flows",
    "data_room",
    "review",
    "followup",
    "methods",
]
DRAWN = {"": 1, "trends": 2, "flows": 3, "briefing": 1, "present?of=explore/flows": 1, "data_room": 2}
"""How many pictures stand on the page."""


@pytest.fixture(scope="module")
def address(real_pool: pool.PoolFile) -> Iterator[str]:
    """`postflow serve` on the shipped pool."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "postflow", "serve", "--port", str(port)]
    environment = os.environ | {"POSTFLOW_HOME": str(real_pool.path.parent.parent)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            assert server.stdout is not None
            assert url in server.stdout.readline()
            _wait_for(f"{url}/_stcore/health")
            yield url
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "overview")
def test_a_page_is_drawn_and_calls_nobody(name: str, scheme: str, browser: playwright.Browser, address: str) -> None:
    window = browser.new_page(viewport={"width": 1400, "height": 900}, base_url=address, color_scheme=scheme)
    asked: list[str] = []
    faults: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("pageerror", lambda error: faults.append(str(error)))
    window.goto(f"/{name}")
    window.wait_for_selector(".pf-caption, .pf-page-caption, .pf-finding", timeout=60_000)
    if name in DRAWN:
        window.wait_for_function(
            "n => document.querySelectorAll('.js-plotly-plot .main-svg').length >= n", arg=DRAWN[name], timeout=60_000
        )
    window.wait_for_load_state("networkidle")
    assert window.locator("[data-testid=stException]").count() == 0
    assert "Page not found" not in window.inner_text("body")
    assert faults == []
    assert [url for url in asked if urlsplit(url).hostname not in ("127.0.0.1", None, "")] == []
    wide = window.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
    )
    assert wide <= 1, "the page must not scroll sideways"
    window.close()


def test_the_map_is_not_blank(browser: playwright.Browser, address: str) -> None:
    window = browser.new_page(viewport={"width": 1400, "height": 900}, base_url=address)
    window.goto("/flows")
    window.wait_for_selector(".js-plotly-plot .geolayer path", timeout=60_000, state="attached")
    longest = "() => Math.max(...[...document.querySelectorAll('.js-plotly-plot .geolayer path')].map(p => (p.getAttribute('d') || '').length))"
    window.wait_for_function(f"() => ({longest})() > 20000", timeout=30_000)  # the outline of the land
    window.close()


def test_pictures_follow_when_light_turns_to_dark(browser: playwright.Browser, address: str) -> None:
    window = browser.new_page(viewport={"width": 1400, "height": 900}, base_url=address, color_scheme="light")
    window.goto("/trends")
    paper = "() => document.querySelector('.js-plotly-plot .main-svg')?.style.background"
    window.wait_for_function(f"() => ({paper})() === 'rgb(251, 250, 247)'", timeout=60_000)
    window.emulate_media(color_scheme="dark")
    window.wait_for_function(f"() => ({paper})() === 'rgb(17, 22, 28)'", timeout=20_000)
    window.close()


def test_the_server_ends_with_the_command_that_started_it(real_pool: pool.PoolFile) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "postflow", "serve", "--port", str(port)]
    environment = os.environ | {"POSTFLOW_HOME": str(real_pool.path.parent.parent)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        server.terminate()
        server.wait(timeout=30)
    with socket.socket() as asked:
        assert asked.connect_ex(("127.0.0.1", port)) != 0
