"""The chart mount: Plotly drawn straight into a lasting element, in place of ``st.plotly_chart``.

``st.plotly_chart`` re-themes and redraws each figure through React; this mount hands the finished figure to
``Plotly.react``, which redraws only what changed. docs/benchmarks.md measures both.
"""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from postflow.template import CONFIG

_SCRIPT = """
let library;
function plotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  library ??= new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = new URL("app/static/plotly.min.js", document.baseURI).href;
    tag.onload = () => done(window.Plotly);
    tag.onerror = failed;
    document.head.append(tag);
  });
  return library;
}
plotly();

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".pf-plot");
  box.setAttribute("aria-label", data.alt);
  box.style.height = data.height ? `${data.height}px` : "100%";
  const figure = JSON.parse(data.figure);
  figure.layout.autosize = true;
  box.pick = (event) => {
    const point = event.points && event.points[0];
    if (point && point.customdata) setTriggerValue("picked", point.customdata);
  };
  plotly().then((Plotly) => {
    const width = box.clientWidth;
    if (width) figure.layout.width = width;
    if (!data.height && box.clientHeight) figure.layout.height = box.clientHeight;
    Plotly.react(box, figure.data, figure.layout, data.config);
    if (box.watched) return;
    box.watched = true;
    box.on("plotly_click", (event) => box.pick(event));
    new ResizeObserver(() => {
      const size = { width: box.clientWidth };
      if (!box.style.height.endsWith("px")) size.height = box.clientHeight;
      if (size.width && (size.width !== box.layout.width || (size.height && size.height !== box.layout.height))) Plotly.relayout(box, size);
    }).observe(box);
  });
}
"""

_mount = st.components.v2.component(
    "postflow_plot",
    html="<div class='pf-plot' role='img' style='width:100%'></div>",
    js=_SCRIPT,
    isolate_styles=False,
)


def plot(
    fig: go.Figure, *, key: str, alt: str, height: int | None, on_pick: Callable[[], None] | None = None
) -> object:
    """Draw a figure that carries its own template.

    Args:
        fig: the picture; its texts are already escaped.
        key: stable, so that the element lasts from run to run.
        alt: the picture in words.
        height: px; None fills the container (maps).
        on_pick: called when a mark with customdata is clicked; the customdata is ``st.session_state[key].picked``.
    """
    data = {"figure": fig.to_json(), "config": CONFIG, "alt": alt, "height": height}
    return _mount(key=key, data=data, height="content" if height else "stretch", on_picked_change=on_pick or _nothing)


def _nothing() -> None:
    return None
