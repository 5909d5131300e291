"""In Chromium: a foreign page can neither frame the app nor reach it, another name is refused, and an error points nowhere."""

from __future__ import annotations

import functools
import http.server
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from tests.test_ui_browser import CHROMIUM, QUIET, ROOT, _wait_for
from tests.test_ui_shell import publish

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
FOREIGN = """<!doctype html><title>Foreign</title>
<iframe id="control" src="inside.html"></iframe><iframe id="app" src="{app}/"></iframe><iframe id="asset" src="{app}/app/static/plotly.min.js"></iframe>
"""
BREAK = """
import sys
sys.path.insert(0, {root!r})
from postflow.figures import methods
def reading():
    raise ZeroDivisionError("a secret of 4711")
methods.reading = reading
"""
REACH = """async app => {
    const told = await Promise.all(['/_stcore/health', '/_stcore/metrics', '/'].map(
        path => fetch(app + path).then(reply => reply.text()).catch(() => 'refused')));
    told.push(await new Promise(done => {
        const socket = new WebSocket(app.replace('http', 'ws') + '/_stcore/stream');
        socket.onopen = () => done('open');
        socket.onerror = () => done('refused');
    }));
    return told;
}"""


@contextmanager
def served(environment: dict[str, str]) -> Generator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            _wait_for(f"http://127.0.0.1:{port}/_stcore/script-health-check")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app, with a page that falls: its text is taken from it before it starts."""
    home, broken = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("broken")
    publish(home)
    (broken / "sitecustomize.py").write_text(BREAK.format(root=str(ROOT)), encoding="utf-8")
    with served({"POSTFLOW_HOME": str(home), "PYTHONPATH": str(broken)}) as url:
        yield url


@pytest.fixture(scope="module")
def foreign(app: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of another port of this machine that frames the app."""
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "index.html").write_text(FOREIGN.format(app=app), encoding="utf-8")
    (folder / "inside.html").write_text("<p>framed</p>", encoding="utf-8")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=str(CHROMIUM), args=[*QUIET, "--host-resolver-rules=MAP evil.example 127.0.0.1"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: playwright.Browser) -> Iterator[playwright.Page]:
    window = browser.new_page()
    yield window
    window.close()


def test_a_foreign_page_cannot_frame_the_app(page: playwright.Page, foreign: str) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "frame-ancestors" in said.text else None)
    page.goto(foreign, wait_until="load", timeout=120_000)
    playwright.expect(page.frame_locator("#control").locator("p")).to_have_text("framed")
    framed = {frame.frame_element().get_attribute("id"): frame.url for frame in page.frames if frame.parent_frame}
    assert framed == {
        "control": f"{foreign}/inside.html",
        "app": "chrome-error://chromewebdata/",
        "asset": "chrome-error://chromewebdata/",
    }
    assert len(refused) == 2


def test_a_foreign_page_reaches_neither_http_nor_the_websocket_and_our_own_does(
    page: playwright.Page, app: str, foreign: str
) -> None:
    page.goto(foreign)
    assert page.evaluate(REACH, app) == ["refused"] * 4
    page.goto(app, timeout=120_000)
    health, metrics, start, stream = page.evaluate(REACH, app)
    assert (health, stream) == ("ok", "open")
    assert metrics == "Not for this page or under this name.\n"
    assert "<title>" in start


def test_a_name_that_leads_here_is_not_ours(page: playwright.Page, app: str) -> None:
    reply = page.goto(app.replace("127.0.0.1", "evil.example"), timeout=120_000)
    assert reply is not None
    assert (reply.status, reply.text()) == (400, "Not for this page or under this name.\n")


def test_a_fault_of_ours_shows_neither_its_text_nor_a_way_to_a_hosting_service(page: playwright.Page, app: str) -> None:
    page.goto(f"{app}/methods", timeout=120_000)
    playwright.expect(page.get_by_role("alert")).to_contain_text("Postflow itself is at fault", timeout=120_000)
    text = page.locator("body").inner_text()
    assert "4711" not in text
    assert "ZeroDivisionError" not in text
    assert "Cloud" not in text
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    assert [link for link in links if not link.startswith(app)] == []
