"""The address bar: a link fills the filters, the filters write the link.

Streamlit can bind widgets to the URL by itself, but writes the labels that people read and drops what it does not know
without a word. Links here hold codes, and everything that cannot be given is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from postflow import choice as choices
from postflow.choice import Choice
from postflow.ui import reader, session

_WRITTEN, _SAID = "pf.written", "pf.said"
KEPT = 30
HERE = "http://127.0.0.1:8501/"

NAMES = (*(choices.PARAM.get(name, name) for name in choices.WORDS), "build")
"""The parameters that are the filters'; all others belong to pages and are left alone."""

Params = dict[str, list[str]]


def asked() -> Params:
    """The filters' part of the address."""
    return {name: st.query_params.get_all(name) for name in NAMES if name in st.query_params}


def whole() -> Params:
    """Every parameter of the address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def is_foreign() -> bool:
    """Whether the address was opened, or gone back to, rather than written by the filters on the page.

    The browser may send an address older than the last one written, when clicks follow fast: those are known.
    """
    context = get_script_run_ctx()
    if _WRITTEN not in st.session_state or getattr(context, "is_history_navigation", False):
        return True
    now = _key(asked())
    return bool(now) and now not in st.session_state[_WRITTEN]


def write(choice: Choice) -> None:
    """Put what differs from the default into the address, and leave the parameters of pages alone."""
    wanted = choices.params(choice) | ({"build": [session.pinned()]} if session.pinned() else {})
    written = st.session_state.setdefault(_WRITTEN, [])
    if _key(wanted) not in written[-1:]:
        written.append(_key(wanted))
        del written[:-KEPT]
    if asked() == wanted:
        return
    if all(name in NAMES for name in st.query_params):
        st.query_params.from_dict(wanted)  # one step in the browser's history
        return
    for name in [name for name in asked() if name not in wanted]:
        del st.query_params[name]
    if wanted:
        st.query_params.update(wanted)


def link(choice: Choice, build_id: str) -> str:
    """This page's address with every filter, every country and the build written out."""
    return f"{place()}?{query(choice, build_id)}"


def query(choice: Choice, build_id: str) -> str:
    """What stands behind the question mark of such a link."""
    own = {name: st.query_params.get_all(name) for name in st.query_params if name not in (*NAMES, reader.PARAM)}
    return urlencode({**own, **choices.params(choice, in_full=True), "build": [build_id]}, doseq=True)


def place(path: str | None = None) -> str:
    """Where the app is asked, up to the question mark; what the browser says may be no address at all.

    Args:
        path: of another page; the open one's if not given.
    """
    try:
        url = urlsplit(st.context.url or HERE)
    except ValueError:
        url = urlsplit(HERE)
    return f"{url.scheme}://{url.netloc}{(url.path or '/') if path is None else f'/{path}'}"


def build_words(params: Mapping[str, list[str]], build_id: str) -> list[str]:
    """What to say when the link was made on another build."""
    wanted = "".join(params.get("build", [])[-1:])
    if not wanted or wanted == build_id:
        return []
    return [
        f"The link was made on build ‘{wanted[:12]}’, which is no longer kept; this page shows build {build_id}. Numbers may differ."
    ]


def say(words: list[str]) -> None:
    """Keep what a link asked for in vain, until a filter is changed."""
    st.session_state[_SAID] = words


def said() -> list[str]:
    """What is still to be said."""
    return st.session_state.get(_SAID, [])


def _key(params: Params) -> str:
    return urlencode(sorted(params.items()), doseq=True)
