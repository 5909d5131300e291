"""The one frame around every figure: rule, headline, measure, picture, notes, caption and mark, ways out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext

import streamlit as st

from postflow import captions
from postflow.figure import Figure
from postflow.figures import registry
from postflow.render.html import tables
from postflow.template import watermark
from postflow.ui import html, session
from postflow.ui.actions import actions
from postflow.ui.plot import Points, plot


def mode() -> str:
    """``light`` or ``dark``, as the reader's theme has it."""
    return st.context.theme.type or "light"


def show(figure: Figure | None, on_select: Callable[[Points], None] | None = None) -> None:
    """One figure in its frame.

    Args:
        figure: what to show; nothing where there is none. What the files cannot answer waits for the end of the page.
        on_select: called with the points that were clicked, before the page runs again.
    """
    if figure is None:
        return
    if figure.why_not and _waits(figure):
        return
    with st.container(key=f"fig-{figure.key}"):
        measure = f"{figure.measure}. {figure.hint}" if figure.hint else figure.measure
        st.html(html.head(figure.headline, measure, figure.is_context))
        if figure.body:
            st.html(tables(figure.body))
        if figure.drawing:
            _picture(figure, on_select)
        if figure.events:
            st.html(html.events(figure.events))
        told = session.said_before(figure.key, captions.sentences(figure.caption.silent))
        if own := html.caption(figure.caption, session.caption(), told):
            st.html(own)
        actions(figure)


def row(figures: Iterable[Figure | None]) -> None:
    """Figures side by side, as many columns as there are figures that show something."""
    shown = [figure for figure in figures if figure is not None and not (figure.why_not and _waits(figure))]
    for column, figure in zip(st.columns(len(shown), gap="large") if shown else (), shown, strict=True):
        with column:
            show(figure)


def _waits(figure: Figure) -> bool:
    """What the files cannot answer waits for the list at the end of a page that has one."""
    if session.caption() is None:
        return False
    session.leave_unanswered(figure)
    return True


def _picture(figure: Figure, on_select: Callable[[Points], None] | None) -> None:
    drawn = figure.picture(mode())
    if session.is_synthetic():
        drawn = watermark(drawn, mode(), figure.span)
    # CSS gives the box of a map its height from the window's width.
    with st.container(key=f"box-{figure.key}") if figure.keeps_shape else nullcontext():
        plot(drawn, key=figure.key, alt=figure.alt or figure.headline, fills=figure.keeps_shape, on_select=on_select)


def figures(**choices: str) -> registry.Made:
    """The figures of the open page with its own choices, none of them drawn yet: as the deck and the stage make them."""
    return registry.of_page(session.fetch, session.view(), session.page(), registry.Asked(choices))
