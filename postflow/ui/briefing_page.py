"""The briefing on the page: the same value that the files and the command line print."""

from __future__ import annotations

import streamlit as st

from postflow import exports, redraw
from postflow.briefing import Briefing
from postflow.exports import Outgoing
from postflow.figures import tables
from postflow.ui import address, blocks, filters, frame, html, save, session


def briefing() -> None:
    """The whole page."""
    from postflow.figures import (
        briefing as figures,  # the statistics behind it cost seconds that other pages need not pay
    )

    view = session.view()
    link = redraw.link_of(filters.taken(), session.data().build_id)
    made = figures.make(session.fetch, view, link)
    if not made.tiles:
        blocks.empty(view)
        return
    blocks.finding(made.title, made.standfirst)
    _files(made)
    blocks.tiles(made.tiles)
    left, right = st.columns([6.6, 5.4], gap="large")
    with left:
        blocks.head(
            "What changed", "Worded by rule from the results; a direction only where its 95 % interval allows it"
        )
        st.html(_sentences(made))
    with right:
        blocks.head("What is missing", "Read this before you quote a number")
        blocks.missing((item.number, item.words) for item in made.missing)
    if made.changes:
        blocks.head("Ranked changes", made.changes_measure)
        st.html(tables.changes(made))
    for figure in made.figures[:1]:
        frame.show(figure)


def _sentences(made: Briefing) -> str:
    lines = (
        f"<li><span class='big'>{number}</span><span>{html.esc(item.text)} "
        f"<a href='{html.esc(item.link)}' target='_self'>Show</a></span></li>"
        for number, item in enumerate(made.sentences, start=1)
    )
    return f"<ul class='pf-missing pf-sentences'>{''.join(lines)}</ul>"


@st.fragment
def _files(made: Briefing) -> None:
    """The formats, made when the box is opened."""
    view = session.view()

    def out(form: str) -> Outgoing:
        sources = session.fetch("charts/sources", scope=view.scope)
        return exports.gate(
            made, view, form, sources=sources, link=address.link(filters.taken(), session.data().build_id)
        )

    box = st.popover("Save this page", key="briefing-files", on_change="rerun")
    if box.open:
        with box:
            form = st.selectbox(
                "Save as", exports.BRIEFING, format_func=save.offered(exports.BRIEFING).__getitem__, key="briefing-as"
            )
            save.button(form, lambda: out(form), "postflow-briefing", "briefing-save")
