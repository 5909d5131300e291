"""A filter is clicked; when has the last chart changed? Every program in one browser, click about."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from playwright.sync_api import Page, sync_playwright

from bench import ROOT, WORK
from bench.programs.pictures import DEPARTURES

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PROGRAMS = Path(__file__).parent / "programs"
DRAWN = ".js-plotly-plot .main-svg .trace, .js-plotly-plot .main-svg .point"
QUIET_MS = 700
"""A chart that has not changed for so long is done."""

WATCH = """() => {
  const state = window.bench = { from: null, last: null, tasks: 0 };
  addEventListener("pointerdown", () => { state.from = performance.now(); state.last = null; state.tasks = 0; }, true);
  const inside = (node) => (node.closest ? node : node.parentElement)?.closest(".js-plotly-plot");
  new MutationObserver((changes) => {
    if (state.from !== null && changes.some((change) => inside(change.target))) state.last = performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries())
      if (state.from !== null && task.startTime >= state.from) state.tasks += task.duration;
  }).observe({ type: "longtask" });
}"""


@dataclass
class Program:
    """A program under test."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    tasks: list[float] = field(default_factory=list)


def _streamlit(script: str) -> list[str]:
    return [sys.executable, "-m", "streamlit", "run", str(ROOT / script), "--server.port", "{port}"]


def programs(pool: Path, records: Path) -> list[Program]:
    """The rivals and ourselves, on the same records."""
    home = {"POSTFLOW_HOME": str(pool.parent.parent)}
    ours = _streamlit("bench/programs/by_postflow.py")
    rival = {"BENCH_POOL": str(pool), "BENCH_RECORDS": str(records)}
    return [
        Program("Dash + DuckDB", [sys.executable, "-m", "bench.programs.by_dash", "{port}"], rival),
        Program("Streamlit + pandas, plotly.express", _streamlit("bench/programs/by_streamlit.py"), rival),
        Program("Postflow, charts alone", ours, home),
        Program("Postflow, charts alone, drawn by st.plotly_chart", ours, home | {"POSTFLOW_PLOT": "streamlit"}),
        Program("Postflow, charts in their frames (caption, ways out)", ours, home | {"BENCH_FRAME": "yes"}),
        Program(
            "Postflow, framed, drawn by st.plotly_chart",
            ours,
            home | {"BENCH_FRAME": "yes", "POSTFLOW_PLOT": "streamlit"},
        ),
    ]


def records_of(pool: Path) -> Path:
    """The records as pandas would keep them: a Parquet file, texts as categories."""
    path = WORK / "records.parquet"
    with duckdb.connect(pool, read_only=True) as con:
        columns = "seized_month, drug, departure_country_code, destination_country_code, channel, seizures"
        told = con.sql(f"select {columns}, quantity_kg::double as quantity_kg from seizure").df()
    words = ["drug", "departure_country_code", "destination_country_code", "channel"]
    told.astype(dict.fromkeys(words, "category")).to_parquet(path)
    return path


@contextmanager
def running(program: Program) -> Generator[str]:
    """The program's address while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [part.replace("{port}", port) for part in program.command]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | program.environment
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(200):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                        break
                except OSError:
                    time.sleep(0.25)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def click(page: Page, departure: str) -> tuple[float, float] | None:
    """Milliseconds from the pointer going down to the last change inside a chart, and those of long browser tasks."""
    page.bring_to_front()
    page.locator("label").get_by_text(departure, exact=True).first.click()
    page.wait_for_function("window.bench.last !== null", timeout=20_000)
    page.wait_for_function(f"performance.now() - window.bench.last > {QUIET_MS}", timeout=20_000)
    took, tasks = page.evaluate("[window.bench.last - window.bench.from, window.bench.tasks]")
    return float(took), float(tasks)


def run(pool: Path, clicks: int) -> dict[str, Any]:
    """The median click of each program, its quarters, and the browser's long tasks."""
    every = programs(pool, records_of(pool))
    with sync_playwright() as started, ExitStack() as stack:
        browser = stack.enter_context(started.chromium.launch(executable_path=CHROMIUM, args=QUIET))
        pages = []
        for program in every:
            page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
            page.goto(stack.enter_context(running(program)))
            page.wait_for_function(f"document.querySelectorAll('{DRAWN}').length > 4", timeout=120_000)
            page.wait_for_timeout(1500)
            page.evaluate(WATCH)
            pages.append(page)
        for number in range(clicks + 2):
            departure = DEPARTURES[1 + number % (len(DEPARTURES) - 1)]
            turn = number % len(every)
            for place in [*range(turn, len(every)), *range(turn)]:
                took, tasks = click(pages[place], departure)
                if number >= 2:
                    every[place].taken.append(took)
                    every[place].tasks.append(tasks)
    return {program.name: _summary(program) for program in every}


def _summary(program: Program) -> dict[str, float]:
    quarters = statistics.quantiles(program.taken, n=4)
    return {
        "median": statistics.median(program.taken),
        "low": quarters[0],
        "high": quarters[2],
        "clicks": len(program.taken),
        "browser": statistics.median(program.tasks),
    }
