"""The review queue: one candidate pair at a time, both records side by side, decided by a click or a key."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pandas as pd
import streamlit as st

from postflow import decisions, pool, wording
from postflow.errors import PostflowError
from postflow.figures import grid
from postflow.numbers import MINUS, count, plural
from postflow.ui import blocks, html, reader, session

PAIR_LIMIT = 500
"""How many pairs a build offers, the most doubtful first; the headline counts them all."""
KEYS = {decisions.ACCEPT: "s", decisions.REJECT: "t", decisions.UNSURE: "u", decisions.UNDO: "z"}
"""The key that does the same as the button; Streamlit keeps R and C for itself."""

_WORDS = {
    decisions.ACCEPT: "Same seizure",
    decisions.REJECT: "Two seizures",
    decisions.UNSURE: "Unsure",
}
_DONE, _AMISS = "pf.review.done", "pf.review.amiss"
_SHOWN = {
    "service": "Told by",
    "found_on": "Found on",
    "found_in": "Found in",
    "departure": "Sent from",
    "destination": "Bound for",
    "channel": "Channel",
    "drug": "Drug",
    "form": "Form",
    "quantity_told": "Quantity as told",
    "quantity_kg": "Kilograms",
    "gross_kg": "Gross kilograms",
    "concealment": "Hidden in",
    "declared_contents": "Declared as",
    "on_information_from": "On information from",
    "controlled_delivery": "Controlled delivery",
    "tracking_hash": "Tracking number",
    "record_id": "Its record number",
    "file_name": "File",
    "row_number": "Row",
}
_COUNTRIES = {"found_in", "departure", "destination", "on_information_from"}
_OWN = {"service", "record_id", "file_name", "row_number", "quantity_told"}
"""What differs between any two records, and so says nothing."""
_NEAR_DAYS = 3
_NEAR_SHARES = {"quantity_kg": 0.06, "gross_kg": 0.0}
_NEAR_TABLETS = 0.3
"""How far apart the model lets two words on one parcel be (postflow/linkage.py): net weights, gross weights to the gram, and net
weights where one service counts tablets and the other weighs them."""
_NOT_STATED = "<i>not stated</i>"


def review() -> None:
    """The page's body: progress, the pair, the buttons, and what to do when all is decided."""
    name = session.data().pool
    rows = session.fetch("ui/review", decided="queue", pair_limit=PAIR_LIMIT)
    taken = decisions.in_force(name)
    amiss = [*decisions.spoilt(name), *filter(None, [st.session_state.pop(_AMISS, "")])]
    if amiss:
        blocks.warning(*amiss)
    pairs = rows.groupby("place", sort=True)
    waiting = [pair for _, pair in pairs if (pair["one"].iloc[0], pair["other"].iloc[0]) not in taken]
    total = int(rows["pairs"].iloc[0]) if len(rows) else 0
    later = total - len(pairs)
    _progress(total, len(waiting) + later)
    _buttons(name, waiting[0] if waiting else None)
    if waiting:
        _pair(waiting[0])
    elif later:
        blocks.head(
            "All that this build shows is decided",
            f"{count(later)} more pair{plural(later)} of its queue come when the pool is built again",
        )
    else:
        blocks.head("Nothing waits for review", "Pairs that are linked or told apart are counted as they should be")
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
    weight = "not weighed by the model" if pd.isna(first["weight"]) else f"evidence {_bits(first['weight'])}"
    likely = "" if pd.isna(first["probability"]) else f"{first['probability']:.0%} likely to be one seizure, "
    told = f"{likely}{weight}"
    blocks.head(
        found_by(first["rule"]), f"{told[0].upper()}{told[1:]}. Each bit doubles the odds. Marked rows speak against it"
    )
    st.html(table(pair))


def found_by(rule: object) -> str:
    """What found the pair; where other pairs have a rule and this one has none, the cell is not empty but not a number."""
    return f"Found by rule: {rule}" if pd.notna(rule) else "Found by the model; no rule fits"  # type: ignore[call-overload]


def _bits(weight: float) -> str:
    rounded = round(abs(weight), 1)
    return f"{'' if not rounded else '+' if weight > 0 else MINUS}{rounded:.1f} bits"


def table(pair: pd.DataFrame) -> str:
    """Both records as a table of two columns, and how they compare; rows that speak against one seizure are marked."""
    lines = []
    near = _NEAR_SHARES | ({"quantity_kg": _NEAR_TABLETS} if pair["is_counted"].nunique() > 1 else {})
    for column, label in _SHOWN.items():
        values = list(pair[column])
        compared, is_against = ("", False) if column in _OWN else compare(column, *values, near=near.get(column))
        cells = "".join(f"<td>{_cell(column, value)}</td>" for value in values)
        lines.append(
            f"<tr{' class=pf-differs' if is_against else ''}><th scope=row>{label}</th>{cells}<td class=how>{compared}</td></tr>"
        )
    return f"<table class='pf-table pf-review'><tbody>{''.join(lines)}</tbody></table>"


def compare(column: str, one: object, other: object, near: float | None = None) -> tuple[str, bool]:
    """How two values of a column compare, in words, and whether that speaks against one seizure.

    Args:
        near: the share that weights may be apart; None = as two weighed by both services.
    """
    stated = [not _is_missing(value) for value in (one, other)]
    if not all(stated):
        return ("neither says" if not any(stated) else "only one says", False)
    if column == "found_on":
        return _days(str(one), str(other))
    if column in _NEAR_SHARES:
        apart = abs(float(one) / float(other) - 1) if float(other) else 1.0  # type: ignore[arg-type]
        return (
            ("same", False)
            if apart < 0.0005
            else (
                f"{apart:.1%} apart".replace(".0%", "%").replace("%", " %"),
                apart > (_NEAR_SHARES[column] if near is None else near),
            )
        )
    if column == "controlled_delivery":
        return ("same", False) if one == other else ("only one says", False)
    if column == "found_in" and one != other:
        # The sending side often writes where it sits, and not where the parcel was taken.
        return "differs", False
    return ("same", False) if one == other else ("differs", True)


def _days(one: str, other: str) -> tuple[str, bool]:
    spans = [_span(told) for told in (one, other)]
    days = max(0, *((start - end).days for (start, _), (_, end) in (spans, spans[::-1])))
    if len(one) < 10 or len(other) < 10:
        if not days:
            return "same month", False
        return (
            (f"months touch, {count(days)} day{plural(days)} between", False)
            if days <= _NEAR_DAYS
            else ("another month", True)
        )
    return ("same day" if not days else f"{count(days)} day{plural(days)} apart", days > _NEAR_DAYS)


def _span(told: str) -> tuple[date, date]:
    """First and last day of a day or a month as text."""
    first = date.fromisoformat(told if len(told) == 10 else f"{told}-01")
    return first, first if len(told) == 10 else first.replace(day=monthrange(first.year, first.month)[1])


def _is_missing(value: object) -> bool:
    return value is None or bool(pd.isna(value)) or value in ("", "ZZ", "unknown")  # type: ignore[call-overload]


def _cell(column: str, value: object) -> str:
    if _is_missing(value):
        return _NOT_STATED
    if column == "tracking_hash":
        return f"kept as a hash, {value}"
    return html.esc(wording.country(str(value)) if column in _COUNTRIES else grid.cell(value, column))


def _buttons(name: str, pair: pd.DataFrame | None) -> None:
    done: list[tuple[str, str]] = st.session_state.setdefault(_DONE, [])
    with st.container(horizontal=True, vertical_alignment="bottom", key="review"):
        who = reader.ask("Your name, kept with each decision", "pf.review.who")
        for decision, words in _WORDS.items():
            st.button(
                words,
                key=f"review-{decision}",
                shortcut=KEYS[decision],
                type="primary" if decision == decisions.ACCEPT else "secondary",
                disabled=pair is None or not who,
                on_click=_decide,
                args=(name, decision, who, None if pair is None else (pair["one"].iloc[0], pair["other"].iloc[0])),
            )
        st.button(
            "Undo",
            key="review-undo",
            shortcut=KEYS[decisions.UNDO],
            disabled=not done or not who,
            on_click=_undo,
            args=(name, who),
        )


def _decide(name: str, decision: str, who: str, pair: tuple[str, str]) -> None:
    if _kept(name, pair, decision, who):
        st.session_state.setdefault(_DONE, []).append(pair)


def _undo(name: str, who: str) -> None:
    if _kept(name, st.session_state[_DONE][-1], decisions.UNDO, who):
        st.session_state[_DONE].pop()


def _kept(name: str, pair: tuple[str, str], decision: str, who: str) -> bool:
    """Keep a decision; where that fails the page says so and the pair waits on. Callbacks run outside the page's guard."""
    try:
        decisions.add(name, *pair, decision, who)
    except PostflowError as error:
        st.session_state[_AMISS] = f"The decision was not kept: {error}"
        return False
    return True


def _apply(name: str) -> None:
    """Decisions count from the next build on; offer to make it."""
    if not st.session_state.get(_DONE):
        return
    number = len(st.session_state[_DONE])
    st.caption(f"{count(number)} decision{'s' * (number != 1)} kept; figures change when the pool is built again.")
    if st.button("Build the pool with these decisions", key="review-apply"):
        said: list[str] = []
        with st.spinner("Building the pool"):
            pool.build(name, progress=said.append)
        st.session_state[_DONE] = []
        st.session_state[_AMISS] = "\n".join(words for words in said if words.startswith("LEFT OUT"))
        st.rerun()
