"""The pool behind this run, and cached queries on it. A newly published build is picked up at the next rerun."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from postflow import builds, pool, queries
from postflow.errors import PoolError
from postflow.figure import Caption, Figure
from postflow.pool import PoolFile
from postflow.view import Data, View

_FILE, _VIEW, _PAGE, _PINNED = "pf.file", "pf.view", "pf.page", "pf.pinned"
_CAPTION, _UNANSWERED, _SAID = "pf.caption", "pf.unanswered", "pf.said"


def use(pool_name: str) -> PoolFile | None:
    """Keep the build for this run: the pool's newest, or the older one that a link opened; None where there is no pool yet."""
    newest, pinned = pool.current(pool_name), st.session_state.get(_PINNED, "")
    older = pool.kept(pool_name, pinned) if pinned and newest and pinned != newest.build_id else None
    if not older:
        pin("")
    st.session_state[_FILE] = older or newest
    return older or newest


def pin(build_id: str) -> None:
    """Stay on a build as long as it is kept; an empty id goes back to the newest."""
    st.session_state[_PINNED] = build_id


def pinned() -> str:
    """The older build that is open; empty on the newest."""
    return st.session_state.get(_PINNED, "")


def on_page(name: str) -> None:
    """Keep which page is open, as slides name it: ``explore/flows``; empty where none of its figures can be drawn anew."""
    st.session_state[_PAGE] = name


def page() -> str:
    """The open page."""
    return st.session_state.get(_PAGE, "")


def file() -> PoolFile:
    """The build of this run.

    Raises:
        PoolError: there is none.
    """
    found = st.session_state.get(_FILE)
    if found is None:
        raise PoolError("There is no pool yet.", next_step="Run `python -m postflow build`.")
    return found


def data() -> Data:
    """The build of this run, as captions name it."""
    found = file()
    return Data(found.pool, found.build_id, found.data_through)


def keep(view: View) -> None:
    """Keep what the reader looks at for the page of this run."""
    st.session_state[_VIEW] = view


def view() -> View:
    """What the reader looks at: the filters on the page and the data behind them.

    Raises:
        PoolError: no page is open yet.
    """
    found = st.session_state.get(_VIEW)
    if found is None:
        raise PoolError("This page opens from app.py only.", next_step="Run `python -m postflow serve`.")
    return found


def begin(caption: Caption | None) -> None:
    """A page begins: what its caption says once, if it has one; nothing said under a figure or unanswered yet."""
    st.session_state[_CAPTION], st.session_state[_UNANSWERED], st.session_state[_SAID] = caption, {}, {}


def caption() -> Caption | None:
    """What stands once on the open page; None where each figure says it all."""
    return st.session_state.get(_CAPTION)


def said_before(key: str, sentences: Iterable[str]) -> set[str]:
    """Those of a figure's sentences that another figure of the page has said; the rest are this figure's from now on."""
    first = st.session_state.setdefault(_SAID, {})
    return {sentence for sentence in sentences if first.setdefault(sentence, key) != key}


def leave_unanswered(figure: Figure) -> None:
    """Keep a figure that these files cannot answer for the list at the end of the page."""
    st.session_state.setdefault(_UNANSWERED, {})[figure.key] = (figure.headline, figure.why_not)


def unanswered() -> list[tuple[str, str]]:
    """(question, reason) of the figures that the open page could not answer, in its order."""
    return list(st.session_state.get(_UNANSWERED, {}).values())


def is_synthetic() -> bool:
    """Whether the pool of this run is invented."""
    found = st.session_state.get(_FILE)
    return found is not None and found.pool == "exercise"


def fetch(name: str, **params: queries.Value) -> pd.DataFrame:
    """The rows of ``queries/<name>.sql`` on this run's build, from the cache where they were asked for before.

    Raises:
        QueryError: the query is missing or takes other parameters.
        PoolError: the build cannot be read.
    """
    said = repr(sorted(params.items()))
    return _rows(str(file().path), name, said, _params=params)


# The parameters are hashed as their text, which is the whole of them: cheaper than Streamlit's own walk.
@st.cache_data(max_entries=256, show_spinner=False)
def _rows(build: str, name: str, said: str, _params: dict[str, Any]) -> pd.DataFrame:
    path = Path(build)
    try:
        # A connection shared by threads can return another query's rows; a cursor of one's own cannot.
        with _connection(build, _stamp(path)).cursor() as cursor:
            return queries.run(cursor, name, **_params)
    except (duckdb.BinderException, duckdb.CatalogException):
        raise PoolError(
            "This build was made by another version of Postflow, which kept other tables.",
            file=path.name,
            next_step="Open the newest build, or run `python -m postflow build`.",
        ) from None
    except duckdb.Error as error:
        # Made again, it has the same name: a connection to the damaged file would go on reading that.
        _connection.clear()
        raise builds.damage(error, path) from None


def _stamp(path: Path) -> int:
    """Tells a build that was made again from the damaged file of the same name."""
    return path.stat().st_mtime_ns if path.exists() else 0


@st.cache_resource(max_entries=3, show_spinner=False, on_release=lambda connection: connection.close())
def _connection(build: str, stamp: int) -> duckdb.DuckDBPyConnection:
    del stamp
    return pool.connect(Path(build))


@st.cache_resource(show_spinner=False)
def freeze() -> bool:
    """Once per process, when all is loaded: keep the collector from walking the libraries at each click."""
    gc.collect()
    gc.freeze()
    return True
