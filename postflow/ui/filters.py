"""The shared filters, drawn as the sentence that they make: each part is a popover that holds its own widgets."""

from __future__ import annotations

from dataclasses import fields, replace

import streamlit as st

from postflow import choice as choices
from postflow import wording
from postflow.choice import ANY, DEFAULT, Choice, Options
from postflow.ui import address, session

PILLS_UP_TO = 4
PRESENT = "pages/share/present.py"
_TURN = "pf.turn"


def key(name: str) -> str:
    """The widget key of a field, in this turn."""
    return f"f_{name}_{st.session_state.get(_TURN, 0)}"


def fill(choice: Choice) -> None:
    """Set every widget to a choice; before the widgets are drawn, or in a callback.

    A closed popover's widgets keep their last value in the browser, which sends it back at the next click and would
    undo this. New keys make new widgets, and what the browser says about the old ones is not heard.
    """
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    _set(choice)


def hold(choice: Choice) -> None:
    """Set the widgets anew to what they hold, or to ``choice`` where they have lost it.

    Widgets of a closed popover are not in the page: opened later, they would start from nothing and say so to the
    server. A value that is set in the same run goes along with the widget.
    """
    if all(key(item.name) in st.session_state for item in fields(Choice)):
        _set(taken())
    else:
        fill(choice)


def _set(choice: Choice) -> None:
    for item in fields(Choice):
        value = getattr(choice, item.name)
        st.session_state[key(item.name)] = list(value) if isinstance(value, tuple) else value
    for name in ("since", "until"):
        st.session_state[key(name)] = getattr(choice, name) or None


def taken() -> Choice:
    """The choice that the widgets hold."""
    values = {}
    for item in fields(Choice):
        value = st.session_state.get(key(item.name), getattr(DEFAULT, item.name))
        values[item.name] = tuple(value) if isinstance(value, list) else value
    return Choice(**values | {"since": values["since"] or "", "until": values["until"] or ""})


def changed() -> None:
    """Callback of every widget: what an old link asked for is no longer news."""
    address.say([])


def narrow(**values: object) -> None:
    """Callback for buttons and clicks on pictures: set fields of the choice, such as ``departure=("NL",)``."""
    changed()
    fill(replace(taken(), **values))  # type: ignore[arg-type]


def reset() -> None:
    """Callback: every filter at its default, the pool as it is."""
    narrow(**{item.name: getattr(DEFAULT, item.name) for item in fields(Choice) if item.name != "pool"})


def is_default() -> bool:
    """Whether nothing but the pool was chosen."""
    return replace(taken(), pool=DEFAULT.pool) == DEFAULT


def words(choice: Choice) -> wording.Parts:
    """The sentence of a choice."""
    return wording.parts(choices.scope(choice), choice.basis, choice.measure, choice.largest)


def bar(offered: Options, link: str) -> None:
    """The sentence over the page."""
    choice = taken()
    said = words(choice)
    with st.container(horizontal=True, key="scope", vertical_alignment="center"):
        with st.popover(said.drugs, type="tertiary", key="p_drugs"):
            _many("Drug", "drug", offered, "Any drug")
        with st.popover(said.route, type="tertiary", key="p_route"):
            _route(offered)
        with st.popover(said.way, type="tertiary", key="p_way"):
            _many("Channel", "channel", offered, "Any channel")
            _many("Who stopped it", "side", offered, "Any side")
        with st.popover(said.period, type="tertiary", key="p_period"):
            _period(choice, offered)
        with st.popover(said.measure, type="tertiary", key="p_measure"):
            _one("Which leads; both are always shown", "measure", list(wording.MEASURES), wording.MEASURES)
        with st.popover(said.records, type="tertiary", key="p_records"):
            _records(offered)
        with st.container(horizontal=True, key="scope_actions", width="content", vertical_alignment="center"):
            if not is_default():
                st.button("Reset", type="tertiary", key="reset", on_click=reset)
            if page := session.page():
                own = {name: value for name, value in st.query_params.items() if name not in address.NAMES}
                st.page_link(PRESENT, label="Present", query_params=own | {"of": page})
            with st.popover("Copy link", type="tertiary", key="p_link"):
                st.markdown("This page with every filter and the build written out:")
                st.code(link, language=None, wrap_lines=True)


def _offer(name: str, offered: Options) -> list[str]:
    """What the pool has, then what is chosen without being there, so that nothing chosen can vanish."""
    return list(dict.fromkeys([*offered.values(name), *st.session_state[key(name)]]))


def _many(label: str, name: str, offered: Options, placeholder: str) -> None:
    offer = _offer(name, offered)

    def word(value: str) -> str:
        return offered.label(name, value)

    if len(offer) <= PILLS_UP_TO:
        st.pills(
            f"{label}; none chosen means any",
            offer,
            selection_mode="multi",
            key=key(name),
            on_change=changed,
            format_func=word,
        )
    else:
        st.multiselect(
            label, offer, placeholder=placeholder, wrap=True, key=key(name), on_change=changed, format_func=word
        )


def _one(label: str, name: str, offer: list, labels: dict) -> None:
    st.segmented_control(
        label, offer, format_func=lambda value: labels[value], required=True, key=key(name), on_change=changed
    )


def _route(offered: Options) -> None:
    with_data = set(offered.values("departure"))
    groups = [slug for slug in wording.groups() if with_data & set(wording.members(slug))]
    offer = [*groups, *_offer("departure", offered)]
    _places("Departure", "departure", list(dict.fromkeys(offer)), offered, "Any departure")
    _group_buttons("departure", groups)
    _places("Destination", "destination", _offer("destination", offered), offered, "Any destination")
    _group_buttons("destination", [])


def _places(label: str, name: str, offer: list[str], offered: Options, placeholder: str) -> None:
    st.multiselect(
        label,
        offer,
        key=key(name),
        on_change=changed,
        placeholder=placeholder,
        wrap=True,
        select_all=False,
        format_func=lambda value: offered.label(name, value),
    )


def _group_buttons(name: str, groups: list[str]) -> None:
    """One click for a named group, or for any; the one in force is marked."""
    now = taken()
    sets: dict[str, tuple[str, ...]] = {wording.groups()[slug]: (slug,) for slug in groups}
    if name == "destination":
        sets["US, AU, NZ"] = DEFAULT.destination
    sets["Any"] = ()
    with st.container(horizontal=True, key=f"groups-{name}", gap="small"):
        for label, values in sets.items():
            in_force = set(getattr(now, name)) == set(values)
            st.button(
                label,
                key=f"group-{name}-{wording.slug(label)}",
                type="primary" if in_force else "secondary",
                on_click=narrow,
                kwargs={name: values},
            )


def _period(choice: Choice, offered: Options) -> None:
    st.segmented_control(
        "Years",
        list(wording.BASES),
        format_func=lambda basis: {"year": "Calendar", "us_fy": "US", "au_fy": "AU and NZ", "uk_fy": "UK"}[basis],
        required=True,
        key=key("basis"),
        on_change=_rebase,
        help="Fiscal years are named for the year in which they end: "
        "US from October, AU and NZ from July, UK from April.",
    )
    years = offered.years(choice.basis)
    left, right = st.columns(2)
    for column, name, label, open_end in (
        (left, "since", "From", "the first"),
        (right, "until", "To, included", "the last"),
    ):
        now = st.session_state[key(name)]
        offer = years if now is None or now in years else [now, *years]
        column.selectbox(
            label,
            offer,
            index=None,
            placeholder=open_end,
            key=key(name),
            accept_new_options=True,
            on_change=_check_period,
            args=(name, offered),
        )
    st.caption("Months and quarters can be typed: 2016-03, 2016-Q1.")


def _check_period(name: str, offered: Options) -> None:
    changed()
    token = (st.session_state[key(name)] or "").strip().upper()
    basis = st.session_state[key("basis")]
    if token.isdigit() and basis != "year":
        token = f"FY{token}"
    fault = choices.period_fault(token, basis, offered) if token else ""
    if fault:
        address.say([f"‘{token}’ is not a period here: {fault}."])
    st.session_state[key(name)] = None if fault else token or None
    since, until = st.session_state[key("since")], st.session_state[key("until")]
    if since and until and choices.months_of(since, basis)[0] > choices.months_of(until, basis)[1]:
        address.say([f"The period would end ({until}) before it starts ({since}): its other end is left open."])
        st.session_state[key("until" if name == "since" else "since")] = None


def _rebase() -> None:
    """Another calendar: the same years in it; months and quarters stay what they are."""
    changed()
    fiscal = st.session_state[key("basis")] != "year"
    for name in ("since", "until"):
        token = st.session_state[key(name)]
        if token and token.removeprefix("FY").isdigit():
            st.session_state[key(name)] = ("FY" if fiscal else "") + token.removeprefix("FY")


def _records(offered: Options) -> None:
    for name, label, explained in (
        (
            "duplicates",
            "Count possible duplicates",
            "Rows that are identical to another row of the same file and have no record number.",
        ),
        (
            "inferred",
            "Read inferred destinations",
            "Off: a destination read from the place of seizure counts as not stated.",
        ),
        (
            "outliers",
            "Count records of a weight beyond belief",
            "Heavier than the largest credible record of the drug.",
        ),
        ("once", "Count a seizure once that two services report", "Off: both reports count."),
    ):
        st.checkbox(label, key=key(name), on_change=changed, help=explained)
    _one(
        "Heaviest records left out of the kilograms",
        "largest",
        list(choices.LARGEST),
        {0: "none", 1: "1", 3: "3", 5: "5"},
    )
    _many("Sources", "source", offered, "All sources")


__all__ = ["ANY", "bar", "fill", "hold", "is_default", "key", "narrow", "reset", "taken", "words"]
