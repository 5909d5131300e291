"""Ways from one page to another, and choices too long for a row of words."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from postflow.ui import filters

RECORDS = "pages/explore/records.py"
_GOING = "pf.going"


def pick(label: str, options: Mapping[str, str], key: str) -> str:
    """One of many, from a list; the first is the default and stays out of the address."""
    return str(st.selectbox(label, list(options), format_func=lambda name: options[name], key=key, bind="query-params"))


def arrive() -> None:
    """First line of a page with :func:`to_records`: goes on to the records where a button was just pressed."""
    if st.session_state.pop(_GOING, False):
        st.switch_page(RECORDS)


def to_records(items: Mapping[str, Mapping[str, object]]) -> None:
    """A button a line: each narrows the filters and opens the records.

    Args:
        items: label → the fields of the choice that it sets.
    """
    with st.container(horizontal=True, key="to-records"):
        for label, values in items.items():
            st.button(label, type="tertiary", key=f"rows-{label}", on_click=_go, kwargs=dict(values))


def _go(**values: object) -> None:
    filters.narrow(**values)
    st.session_state[_GOING] = True


def links(items: Mapping[str, str], words: str = "") -> None:
    """A line of links to other pages: page file → words."""
    with st.container(horizontal=True, key="ways"):
        if words:
            st.markdown(words)
        for page, label in items.items():
            st.page_link(page, label=label)
