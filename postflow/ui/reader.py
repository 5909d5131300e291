"""Who is reading: one name for decisions and for the deck, until there are accounts.

It is asked where it first matters, and stays for the browser tab: in the session, and in the address as ``reader=``, so
that a reload or a bookmark keeps it. Links that are copied to be passed on do not hold it.
"""

from __future__ import annotations

import streamlit as st

from postflow import decisions

PARAM, MOST = "reader", 60
_NAME = "pf.reader"


def name() -> str:
    """The reader's name as it is kept; empty where none was written."""
    if _NAME not in st.session_state:
        st.session_state[_NAME] = decisions.plain(st.query_params.get(PARAM, ""))[:MOST]
    return st.session_state[_NAME]


def ask(label: str, key: str) -> str:
    """The field for the name; the name as it is kept."""
    st.text_input(
        label, name(), key=key, max_chars=MOST, width=280, placeholder="write it first", on_change=_take, args=(key,)
    )
    return name()


def _take(key: str) -> None:
    st.session_state[_NAME] = decisions.plain(st.session_state[key])


def follow() -> None:
    """Keep the name in the address."""
    if st.query_params.get(PARAM, "") == name():
        return
    if name():
        st.query_params[PARAM] = name()
    else:
        del st.query_params[PARAM]
