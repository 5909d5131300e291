"""Review by keys in Chromium: each word is kept with a name, can be taken back, and outlives a reload and a rebuild."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from postflow import pool
from tests.test_ui_browser import CHROMIUM, QUIET, _wait_for

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]


def run(home: Path, *argv: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "postflow", *argv],
        cwd=ROOT,
        env=os.environ | {"POSTFLOW_HOME": str(home)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


@pytest.fixture
def home(real_pool: pool.PoolFile, exercise_pool: pool.PoolFile, tmp_path: Path) -> Path:
    """The whole exercise, with its files, so that it can be built again; and the real pool, which the server asks for."""
    target = tmp_path / "home"
    shutil.copytree(exercise_pool.path.parent.parent, target)
    shutil.copytree(real_pool.path.parent, target / "builds", dirs_exist_ok=True)
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
                page = browser.new_page(viewport={"width": 1400, "height": 900}, base_url=f"http://127.0.0.1:{port}")
                page.set_default_timeout(60_000)
                yield page
                browser.close()
        finally:
            server.terminate()


@contextmanager
def rebuilt(home: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """The pool that the pointer names now."""
    name = json.loads((home / "builds" / "exercise.json").read_text())["file"]
    with pool.connect(home / "builds" / name) as con:
        yield con


def waiting(page: playwright.Page) -> int:
    found = re.search(r"([\d\u202f]+) pairs? of records", page.inner_text(".pf-finding"))
    assert found
    return int(found[1].replace("\u202f", ""))


def test_pairs_are_decided_by_keys_and_stay_decided(window: playwright.Page, home: Path) -> None:
    window.goto("/review?pool=exercise")
    window.wait_for_selector(".pf-review")
    number = waiting(window)
    assert number >= 3
    window.keyboard.press("s")  # without a name nothing is kept
    window.wait_for_timeout(500)
    assert not (home / "decisions").exists()
    window.get_by_label("Your name").fill("An analyst")
    window.keyboard.press("Enter")
    window.locator(".st-key-review-accept button:not([disabled])").wait_for()
    window.locator(".pf-finding").click()  # keys are for the page, not for the field
    for key, left in (("s", number - 1), ("t", number - 2), ("u", number - 3), ("z", number - 2)):
        window.keyboard.press(key)
        window.wait_for_function(
            "n => document.querySelector('.pf-finding').innerText.replace(/\\u202f/g, '').startsWith(n + ' pair')",
            arg=str(left),
        )
    file = home / "decisions" / "exercise.jsonl"
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["decision"] for line in kept] == ["accept", "reject", "unsure", "undo"]
    assert {line["by"] for line in kept} == {"An analyst"}
    accepted, rejected, unsure, undone = ((line["one"], line["other"]) for line in kept)
    assert unsure == undone
    assert len({accepted, rejected, unsure}) == 3
    window.reload()
    window.wait_for_selector(".pf-review")
    assert waiting(window) == number - 2
    before = run(home, "--pool", "exercise", "status").splitlines()[0]
    assert run(home, "build", "--pool", "exercise")
    assert run(home, "--pool", "exercise", "status").splitlines()[0] != before
    assert [json.loads(line) for line in file.read_text().splitlines()] == kept
    with rebuilt(home) as con:
        said = {
            (one, other): told
            for one, other, *told in con.execute(
                "select seizure_id, other_seizure_id, decided, decision, coalesce(decided_by, '') from link_candidate"
            ).fetchall()
        }
        assert said[accepted] == ["link", "accept", "An analyst"]
        assert said[rejected] == ["no", "reject", "An analyst"]
        assert said[unsure] == ["queue", "nobody yet", ""]
        events = (
            "select count(distinct event_id), count(*) filter (is_event_lead) from seizure where seizure_id in (?, ?)"
        )
        assert con.execute(events, accepted).fetchall() == [(1, 1)]
        assert con.execute(events, rejected).fetchall() == [(2, 2)]
        assert con.execute(events, unsure).fetchall() == [(2, 2)]
        left = sum(told[0] == "queue" for told in said.values())
    window.reload()
    window.wait_for_function(
        "n => document.querySelector('.pf-finding')?.innerText.replace(/\\u202f/g, '').startsWith(n + ' pair')",
        arg=str(left),
    )
