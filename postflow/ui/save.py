"""Files of figures and decks, each through the gate: what is made, and the words where it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from postflow import exports, redraw
from postflow.errors import PostflowError
from postflow.exports import Outgoing
from postflow.figure import Figure
from postflow.ui import address, filters, html, session

SIZES = {"1200 × 675": (1200, 675), "1600 × 900": (1600, 900), "900 × 900": (900, 900), "800 × 600": (800, 600)}
PICTURES, ROWS, PAGES = ("png", "svg"), ("csv", "xlsx", "parquet"), ("pptx", "pdf", "html")


def out(figure: Figure, form: str) -> Outgoing:
    """A figure of this page, let out by the gate.

    Raises:
        ExportError: nothing may leave.
    """
    view, link = session.view(), address.link(filters.taken(), session.data().build_id)
    return exports.gate(figure, view, form, sources=redraw.sources(figure, session.fetch, view), link=link)


def file(figure: Figure) -> None:
    """One figure as a file: which kind, how large, the mark that it leaves with, and the button that saves it."""
    forms = [*(PICTURES if figure.drawing else ()), *ROWS, *PAGES]
    form = st.selectbox("Save as", forms, format_func=lambda name: exports.FORMATS[name].words, key=f"as-{figure.key}")
    options: dict[str, object] = {}
    if form in PICTURES:
        size = st.selectbox("Size in pixels", list(SIZES), key=f"size-{figure.key}")
        shade = st.segmented_control(
            "Shade", ["light", "dark"], default="light", required=True, key=f"shade-{figure.key}"
        )
        options = {"mode": shade, "width": SIZES[size][0], "height": SIZES[size][1]}
    button(form, lambda: out(figure, form), f"postflow-{figure.key}", f"save-{figure.key}", **options)


def button(form: str, let_out: Callable[[], Outgoing], name: str, key: str, **options: object) -> None:
    """Make a file and offer it, with its mark and size; or say why there is none.

    Made before it is asked for, as a download that fails in Streamlit cannot say why.
    """
    kind = exports.FORMATS[form]
    try:
        with st.spinner(f"Making the {kind.words.lower()} file …"):
            passed = let_out()
            data = exports.make(passed, **options)
    except PostflowError as error:
        st.html(f"<div class='pf-warn' role='alert'>{html.esc(error)}</div>")
        return
    st.html(f"<p class='pf-leaves'>It leaves with the strictest mark of its rows {html.mark(passed.mark)}</p>")
    size = f"{len(data) / 1e6:.1f} MB" if len(data) > 1e6 else f"{len(data) / 1e3:.0f} kB"
    st.download_button(
        f"Save {kind.words} · {size}",
        data,
        f"{name}{kind.suffix}",
        kind.mime,
        key=key,
        on_click="ignore",
        type="primary",
    )


def offered(forms: Sequence[str]) -> dict[str, str]:
    """Formats and their words."""
    return {form: exports.FORMATS[form].words for form in forms}
