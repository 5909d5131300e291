"""Files: ten slides, their PDF and the briefing, against the usual way of ten browser pictures on ten slides."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import ROOT

TEN = (
    ("explore/overview", "overview_by_year"),
    ("explore/trends", "trend_by_drug"),
    ("explore/trends", "trend_level"),
    ("explore/trends", "trend_season"),
    ("explore/flows", "flow_map"),
    ("explore/flows", "flow_sides"),
    ("explore/flows", "flow_matrix"),
    ("explore/mirror", "mirror_pairs"),
    ("explore/parcel", "parcel_weights"),
    ("explore/displacement", "displacement_indexed"),
)
"""Page and figure of each slide: lines, columns, dumbbell, map, Sankey, matrix."""
PROGRAM = "import json, sys; from bench import files; print(json.dumps(files.once()))"
USUAL = "ten pictures by kaleido and Chrome, set on slides"


def once() -> dict[str, float]:
    """Seconds of each file, in a process of its own: the first number is cold, the second warm."""
    from postflow import cli_exports, deck, exports, redraw
    from postflow.figures import briefing
    from postflow.view import View

    slides = tuple(deck.Slide(key, page, "pool=exercise") for page, key in TEN)
    found: dict[str, float] = {}
    with cli_exports.opened("exercise") as (fetch, data):
        drawn = redraw.deck(deck.Deck("Ten", slides), fetch, data)
        items, whole = redraw.items(drawn), View(data)
        assert len(items) == len(TEN), [part.said for part in drawn if part.figure is None]

        def made(form: str) -> Callable[[], bytes]:
            return lambda: exports.make(exports.gate(items, whole, form, title="Ten"))

        found["ten slides, editable charts, cold"] = _seconds(made("pptx"))
        found["ten slides, editable charts"] = _seconds(made("pptx"))
        found["the same ten as PDF"] = _seconds(made("pdf"))
        found["the same ten as one web page"] = _seconds(made("html"))
        view = drawn[0].view
        told, sources = briefing.make(fetch, view), fetch("charts/sources", scope=view.scope)
        for form in exports.BRIEFING:
            found[f"briefing as {form}"] = _seconds(
                lambda form=form: exports.make(exports.gate(told, view, form, sources=sources))
            )
        found[USUAL] = _seconds(lambda: _usual([item.figure.picture("light", "present", 430) for item in items]))
    return found


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _usual(figures: list[Any]) -> bytes:
    """What most programs do: each picture drawn by the browser, each picture on a slide."""
    from pptx import Presentation
    from pptx.util import Inches

    from postflow.exports import chrome

    shown = Presentation()
    for figure in figures:
        picture = chrome.draw(figure, "png", 1200, 430)  # kaleido, with the map's outlines from this machine
        slide = shown.slides.add_slide(shown.slide_layouts[6])
        slide.shapes.add_picture(io.BytesIO(picture), Inches(0.2), Inches(1), width=Inches(9.6))
    chrome.stop()
    held = io.BytesIO()
    shown.save(held)
    return held.getvalue()


def run(rounds: int = 3) -> dict[str, float]:
    """The best of some processes, one after the other."""
    subprocess.run(
        [sys.executable, "-m", "postflow", "exercise", "--if-missing"], cwd=ROOT, check=True, capture_output=True
    )
    tries = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, check=True, capture_output=True, text=True)
        tries.append(json.loads(done.stdout.strip().splitlines()[-1]))
    return {name: min(one[name] for one in tries) for name in tries[0]}
