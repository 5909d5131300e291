"""The review queue: one candidate pair at a time, both records side by side, decided by a click or a key."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from postflow import decisions, pool
from postflow.figures import grid
from postflow.numbers import count
from postflow.ui import blocks, html, session

PAIR_LIMIT = 500
KEYS = {decisions.ACCEPT: "s", decisions.REJECT: "t", decisions.UNSURE: "u", decisions.UNDO: "z"}
"""The key that does the same as the button; Streamlit keeps R and C for itself."""

_WORDS = {
    decisions.ACCEPT: "Same seizure",
    decisions.REJECT: "Two seizures",
    decisions.UNSURE: "Unsure",
}
_WHO, _DONE = "pf.review.who", "pf.review.done"
_SHOWN = (
    "service", "record_id", "found_on", "found_in", "departure", "destination", "channel", "drug", "form",
    "quantity_told", "quantity_kg", "gross_kg", "concealment", "declared_contents", "on_information_from",
    "controlled_delivery", "has_tracking_number", "file_name", "row_number",
)  # fmt: skip
_OWN = {"service", "record_id", "file_name", "row_number"}
"""What differs between any two records, and so says nothing."""


def review() -> None:
    """The page's body: progress, the pair, the buttons, and what to do when all is decided."""
    name = session.data().pool
    rows = session.fetch("ui/review", decided="queue", pair_limit=PAIR_LIMIT)
    taken = decisions.in_force(name)
    pairs = rows.groupby("place", sort=True)
    waiting = [pair for _, pair in pairs if (pair["one"].iloc[0], pair["other"].iloc[0]) not in taken]
    _progress(len(pairs), len(waiting))
    who = st.text_input("Your name, kept with each decision", key=_WHO, max_chars=60)
    if waiting:
        _pair(waiting[0])
    else:
        blocks.head("Nothing waits for review", "Pairs that are linked or told apart are counted as they should be")
    _buttons(name, who, waiting[0] if waiting else None)
    _apply(name)


def _progress(total: int, waiting: int) -> None:
    unit = "pair" if waiting == 1 else "pairs"
    blocks.finding(
        f"{count(waiting)} {unit} of records may be one seizure",
        f"{count(total - waiting)} of {count(total)} in this build's queue are decided. A pair that is the same seizure is counted "
        "once; no record is ever deleted. The filters above do not narrow this queue.",
    )


def _pair(pair: pd.DataFrame) -> None:
    first = pair.iloc[0]
    weight = "no weight" if pd.isna(first["weight"]) else f"{first['weight']:+.1f} bits"
    likely = "" if pd.isna(first["probability"]) else f", {first['probability']:.0%} likely to be one seizure"
    blocks.head(f"Found by {first['reason']}", f"Evidence {weight}{likely}. Marked rows differ")
    st.html(table(pair))


def table(pair: pd.DataFrame) -> str:
    """Both records as a table of two columns; rows whose values differ are marked."""
    lines = []
    for column in _SHOWN:
        one, other = (grid.cell(value, column) for value in pair[column])
        differs = column not in _OWN and one != other
        lines.append(
            f"<tr{' class=pf-differs' if differs else ''}><th scope=row>{html.esc(column.replace('_', ' '))}"
            f"{' <b>differs</b>' if differs else ''}</th><td>{one}</td><td>{other}</td></tr>"
        )
    return f"<table class='pf-table pf-review'><tbody>{''.join(lines)}</tbody></table>"


def _buttons(name: str, who: str, pair: pd.DataFrame | None) -> None:
    done: list[tuple[str, str]] = st.session_state.setdefault(_DONE, [])
    with st.container(horizontal=True, key="review"):
        for decision, words in _WORDS.items():
            st.button(
                words,
                key=f"review-{decision}",
                shortcut=KEYS[decision],
                type="primary" if decision == decisions.ACCEPT else "secondary",
                disabled=pair is None or not who.strip(),
                on_click=_decide,
                args=(name, decision, who, None if pair is None else (pair["one"].iloc[0], pair["other"].iloc[0])),
            )
        st.button(
            "Undo",
            key="review-undo",
            shortcut=KEYS[decisions.UNDO],
            disabled=not done or not who.strip(),
            on_click=_undo,
            args=(name, who),
        )
    if not who.strip():
        st.caption("Write your name first: every decision says who made it.")


def _decide(name: str, decision: str, who: str, pair: tuple[str, str]) -> None:
    decisions.add(name, *pair, decision, who)
    st.session_state.setdefault(_DONE, []).append(pair)


def _undo(name: str, who: str) -> None:
    decisions.add(name, *st.session_state[_DONE].pop(), decisions.UNDO, who)


def _apply(name: str) -> None:
    """Decisions count from the next build on; offer to make it."""
    if not st.session_state.get(_DONE):
        return
    number = len(st.session_state[_DONE])
    st.caption(f"{count(number)} decision{'s' * (number != 1)} kept; figures change when the pool is built again.")
    if st.button("Build the pool with these decisions", key="review-apply"):
        with st.spinner("Building the pool"):
            pool.build(name)
        st.session_state[_DONE] = []
        st.rerun()
