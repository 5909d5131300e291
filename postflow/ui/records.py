"""The records a page at a time, and all of them as a file."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from postflow import exports
from postflow.figures import records as figures
from postflow.numbers import count
from postflow.ui import frame, save, session
from postflow.view import View

MORE_ROWS = 1_000_000_000


def records(view: View) -> None:
    """The records of the scope, newest first, a page at a time."""
    pages = figures.pages(session.fetch, view)
    place = st.container()
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    with place:
        frame.show(figures.listed(session.fetch, view, page))
        _all(view)


@st.fragment
def _all(view: View) -> None:
    """Every record of the scope that may leave the house; the gate keeps the others back and says so."""
    box = st.popover("All records as a file", key="records-all", on_change="rerun")
    if not box.open:
        return
    with box:
        rows = session.fetch("records/seizures", scope=view.scope, row_limit=MORE_ROWS, row_offset=0)
        listed = figures.listed(session.fetch, view)
        figure = replace(listed, rows=rows, measure=f"All {count(len(rows))} records of this scope", body=())
        form = st.selectbox(
            "Save as", save.ROWS, format_func=lambda name: exports.FORMATS[name].words, key="as-records-all"
        )
        save.button(form, lambda: save.out(figure, form), "postflow-records", "save-records-all")
