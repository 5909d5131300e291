"""What the reader chose, as links write it: short words and country codes. Pure; no Streamlit.

A link names every filter with the values below; what it asks for and the pool cannot give is said, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace

import pandas as pd

from postflow import wording
from postflow.errors import ScopeError, nearest
from postflow.scope import Scope, months_of

ANY = "any"
YES_NO: dict[str, object] = {"yes": True, "no": False}
LARGEST = (0, 1, 3, 5)


@dataclass(frozen=True)
class Choice:
    """Field for field the parameters of a link. An empty tuple means any."""

    pool: str = "real"
    drug: tuple[str, ...] = ("MDMA", "ketamine")
    departure: tuple[str, ...] = ("western-europe",)
    """Group slugs and country codes."""
    destination: tuple[str, ...] = ("US", "AU", "NZ")
    channel: tuple[str, ...] = ()
    side: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    """Series ids."""
    since: str = ""
    """2012, FY2012, 2012-03 or 2012-Q1; empty = from the first."""
    until: str = ""
    basis: str = "year"
    measure: str = "count"
    largest: int = 0
    duplicates: bool = True
    inferred: bool = True
    outliers: bool = True
    once: bool = True


DEFAULT = Choice()

PARAM = {"departure": "from", "destination": "to", "measure": "show"}
"""Field → the parameter's name in links, where they differ."""

WORDS = {
    "pool": "pool",
    "drug": "drug",
    "departure": "departure",
    "destination": "destination",
    "channel": "channel",
    "side": "side of interception",
    "source": "source",
    "since": "start of the period",
    "until": "end of the period",
    "basis": "period basis",
    "measure": "measure",
    "largest": "number of the heaviest left out",
    "duplicates": "possible duplicates",
    "inferred": "inferred destinations",
    "outliers": "outliers",
    "once": "counting a seizure once",
}
OF_PAGES = (
    *("build", "reader", "of", "slide", "page", "by", "each", "like", "factor", "destination_basis"),
    *("event", "newest", "weight"),
)
"""Parameters of a link that are no filter: which build, who reads, and the choices of single pages."""
MOST_SAID, LONGEST_SAID = 8, 60
"""Sentences on one link, and signs of what it asked for that are repeated in one."""
LISTS = ("drug", "departure", "destination", "channel", "side", "source")


@dataclass(frozen=True)
class Options:
    """What the pool has to offer, most seizures first: dimension → value → label."""

    listed: Mapping[str, Mapping[str, str]]
    month_from: str = ""
    """First month with a row: ``2011-01``."""
    month_to: str = ""

    def values(self, dimension: str) -> list[str]:
        """What one filter offers."""
        return list(self.listed.get(dimension, {}))

    def label(self, dimension: str, value: str) -> str:
        """A value as the reader sees it."""
        if dimension in ("departure", "destination"):
            if value in wording.groups():
                return wording.groups()[value]
            return wording.country(value) + ("" if value in self.listed.get(dimension, {}) else " (no rows)")
        words = {"channel": wording.CHANNELS, "side": wording.SIDES}.get(dimension, {})
        name = words.get(value) or self.listed.get(dimension, {}).get(value, value)
        return name[:1].upper() + name[1:] if words else name

    def years(self, basis: str) -> list[str]:
        """The years with rows, in the basis."""
        if not self.month_from:
            return []
        first, last = (wording.year_of(months_of(month)[0], basis) for month in (self.month_from, self.month_to))
        return [wording.year_label(year, basis) for year in range(first, last + 1)]


def options(rows: pd.DataFrame) -> Options:
    """Options from ``ui/options``: dimension, value, label, seizures."""
    listed: dict[str, dict[str, str]] = {}
    for dimension, value, label in rows[["dimension", "value", "label"]].itertuples(index=False, name=None):
        listed.setdefault(dimension, {})[value] = label
    months = sorted(listed.pop("month", {}))
    first = [drug for drug in DEFAULT.drug if drug in listed.get("drug", {})]
    listed["drug"] = {drug: listed["drug"][drug] for drug in dict.fromkeys([*first, *listed.get("drug", {})])}
    return Options(listed, months[0] if months else "", months[-1] if months else "")


def codes(tokens: Sequence[str]) -> tuple[str, ...] | None:
    """Groups and codes as country codes; None for any."""
    found = [code for token in tokens for code in (wording.members(token) if token in wording.groups() else (token,))]
    return tuple(dict.fromkeys(found)) or None


def scope(choice: Choice) -> Scope:
    """The filters as every query takes them."""
    return Scope(
        drugs=choice.drug or None,
        departures=codes(choice.departure),
        destinations=codes(choice.destination),
        channels=choice.channel or None,
        sides=choice.side or None,
        sources=choice.source or None,
        month_from=months_of(choice.since, choice.basis)[0] if choice.since else None,
        month_to=months_of(choice.until, choice.basis)[1] if choice.until else None,
        possible_duplicates=choice.duplicates,
        inferred_destinations=choice.inferred,
        outliers=choice.outliers,
        same_seizure_once=choice.once,
    )


def params(choice: Choice, in_full: bool = False) -> dict[str, list[str]]:
    """The choice as the parameters of a link.

    Args:
        choice: the filters.
        in_full: every filter, groups as their countries; else only what differs from the default.
    """
    written = {}
    for name, value in asdict(choice).items():
        if not in_full and value == getattr(DEFAULT, name):
            continue
        if in_full and name in ("departure", "destination"):
            value = codes(value) or ()
        written[PARAM.get(name, name)] = _written(value)
    return {name: values for name, values in written.items() if values != [""]}


def _written(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return (list(value) or [ANY]) if isinstance(value, tuple) else [str(value)]


def read(
    asked: Mapping[str, list[str]], offered: Options, pools: Sequence[str] = ("real", "exercise")
) -> tuple[Choice, list[str]]:
    """A link's parameters as a choice, and a sentence for everything it asks for that cannot be given.

    Args:
        asked: parameter → its values.
        offered: what the pool has.
        pools: names of the pools.
    """
    choice, said = DEFAULT, []
    for item in fields(Choice):
        values = [value for value in asked.get(PARAM.get(item.name, item.name), []) if value]
        if not values:
            continue
        if item.name in LISTS:
            value, complaints = _list(item.name, values, offered)
        else:
            value, complaints = _single(item.name, values[-1], pools)
        said += complaints
        if value is not None:
            choice = replace(choice, **{item.name: value})
    choice, said = _period(choice, offered, [*said, *_strangers(asked)])
    more = len(said) - MOST_SAID
    return choice, [
        *said[:MOST_SAID],
        *([f"It asked for {more} more things that cannot be given."] if more > 0 else []),
    ]


def _strangers(asked: Mapping[str, list[str]]) -> list[str]:
    """A sentence for each parameter that no filter and no page has."""
    known = [*(PARAM.get(name, name) for name in WORDS), *OF_PAGES]
    return [
        f"The link has a parameter ‘{_cut(name)}’ that means nothing here. {nearest(name, known)}".strip()
        for name in asked
        if name not in known
    ]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"


def _list(name: str, values: list[str], offered: Options) -> tuple[tuple[str, ...] | None, list[str]]:
    if values == [ANY]:
        return (), []
    known = {value.lower(): value for value in offered.values(name)}
    if name in ("departure", "destination"):
        known |= {code.lower(): code for code in wording.vocabulary.country_names()} | {
            slug: slug for slug in wording.groups()
        }
    found = tuple(dict.fromkeys(known[value.lower()] for value in values if value.lower() in known))
    said = [_no_such(name, value) for value in dict.fromkeys(values) if value.lower() not in known]
    if name in ("departure", "destination"):
        found = tuple(wording.tokens(codes(found) or ()))
    return found or None, said


def _single(name: str, value: str, pools: Sequence[str]) -> tuple[object, list[str]]:
    if name in ("since", "until"):
        return value.upper(), []
    known: dict[str, dict[str, object]] = {
        "pool": dict(zip(pools, pools, strict=True)),
        "basis": {basis: basis for basis in wording.BASES},
        "measure": {measure: measure for measure in wording.MEASURES},
        "largest": {str(number): number for number in LARGEST},
    }
    allowed = known.get(name, YES_NO)
    if value.lower() in allowed:
        return allowed[value.lower()], []
    return None, [_no_such(name, value) + f" It can be {wording.joined(list(allowed), ' or ')}."]


def _no_such(name: str, value: str) -> str:
    kind = " or group in the list" if name in ("departure", "destination") else " in this pool" if name in LISTS else ""
    what = "country" if name in ("departure", "destination") else "choice" if not kind else WORDS[name]
    return f"The link asked for ‘{_cut(value)}’ as {WORDS[name]}: there is no such {what}{kind}."


def period_fault(token: str, basis: str, offered: Options) -> str:
    """Why a period cannot be read or holds nothing, or an empty string."""
    try:
        first, last = months_of(token, basis)
    except ScopeError:
        return "write 2016, 2016-03, 2016-Q1, or FY2016 in a fiscal basis"
    outside = offered.month_from and (f"{last:%Y-%m}" < offered.month_from or f"{first:%Y-%m}" > offered.month_to)
    return f"the pool runs from {offered.month_from} to {offered.month_to}" if outside else ""


def _period(choice: Choice, offered: Options, said: list[str]) -> tuple[Choice, list[str]]:
    for name in ("since", "until"):
        token = getattr(choice, name)
        if token and (fault := period_fault(token, choice.basis, offered)):
            said.append(
                f"The link asked for ‘{_cut(token)}’ as {WORDS[name]}: {fault}. That end of the period is left open."
            )
            choice = replace(choice, **{name: ""})
    if (
        choice.since
        and choice.until
        and months_of(choice.since, choice.basis)[0] > months_of(choice.until, choice.basis)[1]
    ):
        said.append(
            f"The link asked for a period that ends ({choice.until}) before it starts ({choice.since}): "
            "it is left open."
        )
        choice = replace(choice, since="", until="")
    return choice, said
