"""The chart mount: Plotly drawn straight into a lasting element, in place of ``st.plotly_chart``.

``st.plotly_chart`` sends each figure through React and Streamlit's theming; this mount hands the finished figure to
``Plotly.react``, and leaves a figure alone that has not changed. docs/benchmarks.md measures both.
``POSTFLOW_PLOT=streamlit`` draws with ``st.plotly_chart``, for tests without a browser.
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import plotly
import plotly.graph_objects as go
import streamlit as st

from postflow.render.plotly.parts import Spec
from postflow.template import CONFIG

Points = list[dict[str, Any]]

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
_PICKED = "picked"
_CSS = """
.pf-plot { width: 100%; min-width: 0; overflow: hidden; }
.pf-plot.fills { height: clamp(27rem, 35vw, 46rem); }
"""
_SCRIPT = (Path(__file__).parent / "plot.js").read_text(encoding="utf-8")


@cache
def place_library() -> bool:
    """Copy plotly.js of the installed Plotly to static/, once per process and only where it differs.

    Returns:
        Whether the browser can fetch it; not so where the folder cannot be written.
    """
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    target = STATIC / "plotly.min.js"
    try:
        if target.exists() and filecmp.cmp(source, target, shallow=False):
            return True
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(source.read_bytes())
        part.replace(target)
    except OSError:
        return target.exists()
    return True


@cache
def _mount() -> Callable[..., Any]:
    html = "<div class='pf-plot' role='figure'></div>"
    return st.components.v2.component("postflow_plot", html=html, css=_CSS, js=_SCRIPT, isolate_styles=False)


def plot(
    fig: Spec, *, key: str, alt: str, fills: bool = False, on_select: Callable[[Points], None] | None = None
) -> None:
    """Draw a figure that carries its own template.

    Args:
        fig: the picture as a plain dict; its texts are already escaped.
        key: stable, so that the element lasts from run to run.
        alt: the picture in words.
        fills: the height follows the window's width (maps), not the figure's own.
        on_select: called with the point that was clicked (curve_number, point_index, x, y, z, customdata), before the
            page runs again.
    """
    if fills:
        fig["layout"].pop("height", None)
    if os.environ.get("POSTFLOW_PLOT") == "streamlit" or not place_library():
        _by_streamlit(fig, key, alt, fills, on_select)
        return
    data = {
        "figure": orjson.dumps(fig).decode(),
        "config": CONFIG,
        "alt": alt,
        "height": None if fills else fig["layout"]["height"],
        "picks": on_select is not None,
        "library": f"app/static/plotly.min.js?v={plotly.__version__}",
    }
    picked = (lambda: on_select(_picked(key))) if on_select else _nothing
    _mount()(key=key, data=data, height="content", on_picked_change=picked)


def _by_streamlit(fig: Spec, key: str, alt: str, fills: bool, on_select: Callable[[Points], None] | None) -> None:
    more: dict[str, Any] = {"height": "stretch"} if fills else {}
    if on_select:
        more |= {
            "on_select": lambda: on_select(list(st.session_state[key]["selection"]["points"])),
            "selection_mode": "points",
        }
    st.plotly_chart(go.Figure(fig), theme=None, config=CONFIG, key=key, alt=alt, **more)


def _picked(key: str) -> Points:
    return list(st.session_state[key].get(_PICKED) or [])


def _nothing() -> None:
    return None
