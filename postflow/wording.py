"""Filters as words: the sentence over each page, in each caption, on each slide. One wording for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from postflow import vocabulary
from postflow.scope import FISCAL_START_MONTH, UNKNOWN, Scope

SHORT = {"US": "US", "AU": "AU", "NZ": "NZ"}
"""Destinations whose codes stand for them in the sentence."""

WITH_ARTICLE = frozenset(
    [
        "AE",
        "AX",
        "BQ",
        "BS",
        "CC",
        "CD",
        "CF",
        "CK",
        "DO",
        "FK",
        "FO",
        "GB",
        "GM",
        "HM",
        "IM",
        "IO",
        "KM",
        "KY",
        "MH",
        "MP",
        "MV",
        "NL",
        "PH",
        "SB",
        "SC",
        "TC",
        "TF",
        "UM",
        "US",
        "VA",
        "VG",
        "VI",
    ]
)
"""Countries that a sentence names with an article: the Netherlands, the Cook Islands."""

BASES = {
    "year": "calendar years",
    "us_fy": "US fiscal years, from October",
    "au_fy": "Australian and New Zealand fiscal years, from July",
    "uk_fy": "UK fiscal years, from April",
}
BASIS_MARK = {"year": "", "us_fy": "US", "au_fy": "AU/NZ", "uk_fy": "UK"}

CHANNELS = {
    "post": "post",
    "courier": "courier",
    "air_freight": "air freight",
    "air_passenger": "air passengers",
    "sea": "sea",
    "land": "land",
    "other": "other channels",
    "unknown": "channel not stated",
}
SIDES = {
    "export": "sending side",
    "transit": "in transit",
    "import": "receiving side",
    "domestic": "domestic",
    "unknown": "side not known",
}
MEASURES = {"count": "count", "kg": "kilograms"}


@dataclass(frozen=True)
class Parts:
    """The sentence, part by part: each part is the label of the filter that it words."""

    drugs: str
    route: str
    way: str
    """Channel and side of interception."""
    period: str
    measure: str
    records: str
    """Which records count: sources, possible duplicates, inferred destinations, outliers, the heaviest."""

    @property
    def filters(self) -> str:
        """What is filtered, without the measure, as captions say it."""
        return " · ".join((self.drugs, self.route, self.way, self.period, self.records))

    @property
    def sentence(self) -> str:
        """All parts: the line over each page and on each slide."""
        return " · ".join((self.drugs, self.route, self.way, self.period, self.measure, self.records))


def country(code: str) -> str:
    """The short English name of an ISO 3166-1 alpha-2 code; the code itself where it is not listed."""
    return vocabulary.country_names().get(code, code)


def spoken(code: str) -> str:
    """A country as a sentence names it: ``the Netherlands``, ``France``, ``an unstated country``."""
    if code == UNKNOWN:
        return "an unstated country"
    return f"the {country(code)}" if code in WITH_ARTICLE else country(code)


def service(name: str, named: Callable[[str], str] = country) -> str:
    """A service as the queries name it, its country in words: ``NL (Police)`` → ``Netherlands (Police)``."""
    code, space, rest = name.partition(" ")
    return name if len(code) != 2 else named(code) + space + rest


def slug(name: str) -> str:
    """A group's name as links write it: ``Western Europe`` → ``western-europe``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def groups() -> dict[str, str]:
    """Slug → name of each named group of countries, smallest group first."""
    listed = vocabulary.country_groups()
    return {slug(name): name for name in sorted(listed, key=lambda name: (len(listed[name]), name))}


def members(group: str) -> tuple[str, ...]:
    """The country codes of a group, by slug."""
    return vocabulary.country_groups()[groups()[group]]


def tokens(codes: Iterable[str]) -> list[str]:
    """Country codes with each whole group folded into its slug, largest group first."""
    left = list(dict.fromkeys(codes))
    found = []
    for group in reversed(groups()):
        if (inside := set(members(group))) and inside <= set(left):
            found.append(group)
            left = [code for code in left if code not in inside]
    return [*found, *left]


def joined(words: Sequence[str], last: str = " and ") -> str:
    """``a, b and c``."""
    return ", ".join(words[:-1]) + last + words[-1] if len(words) > 1 else "".join(words)


def place(codes: tuple[str, ...] | None, anywhere: str, most: int = 3, is_sentence: bool = False) -> str:
    """Countries as words, groups by their names.

    Args:
        codes: ISO alpha-2 codes; None = not filtered, empty = nothing passes.
        anywhere: the words for None.
        most: how many names are spelled out; more are counted.
        is_sentence: with articles and no codes, as within a sentence.
    """
    if codes is None:
        return anywhere
    if is_sentence:
        names = [groups().get(token) or spoken(token) for token in tokens(codes)]
    else:
        names = [groups().get(token) or SHORT.get(token) or country(token) for token in tokens(codes)]
    if not names:
        return "nowhere"
    if len(names) > most:
        return f"{len(codes)} countries"
    short = not is_sentence and all(token in SHORT for token in tokens(codes))
    names = [name.lower() if token == UNKNOWN else name for name, token in zip(names, tokens(codes), strict=True)]
    return ", ".join(names) if short else joined(names)


def month(value: date) -> str:
    """``January 2012``."""
    return f"{value:%B %Y}"


def span(month_from: date | None, month_to: date | None) -> str:
    """First and last month as captions print them: ``January 2012 – December 2016``."""
    if month_from is None or month_to is None:
        return "no month"
    first, last = month(month_from), month(month_to)
    return first if first == last else f"{first} – {last}"


def year_of(value: date, basis: str) -> int:
    """The year, in the basis, that a month falls in."""
    return value.year + (FISCAL_START_MONTH[basis] > 1 and value.month >= FISCAL_START_MONTH[basis])


def year_label(year: int, basis: str) -> str:
    """``2016``, or ``FY2016`` in a fiscal basis."""
    return str(year) if basis == "year" else f"FY{year}"


def _edge(value: date, basis: str, first: bool) -> str:
    """A filter's edge: a year where it falls on one, else a month."""
    opens = FISCAL_START_MONTH[basis]
    on_edge = value.month == (opens if first else (opens - 2) % 12 + 1)
    return year_label(year_of(value, basis), basis) if on_edge else month(value)


def period(month_from: date | None, month_to: date | None, basis: str = "year") -> str:
    """The period filter: ``2012–2016``, ``since FY2019 (US)``, ``March 2015 – June 2016``."""
    mark = f" ({BASIS_MARK[basis]})" if BASIS_MARK[basis] else ""
    first = _edge(month_from, basis, first=True) if month_from else ""
    last = _edge(month_to, basis, first=False) if month_to else ""
    if not first and not last:
        return "all years" + (f", fiscal{mark}" if mark else "")
    if not first or not last:
        return (f"since {first}" if first else f"until {last}") + mark
    if first == last:
        return first + mark
    return f"{first}{' – ' if ' ' in first + last else '–'}{last}{mark}"


def _drugs(drugs: tuple[str, ...] | None) -> str:
    if drugs is None:
        return "any drug"
    return (joined(drugs) if len(drugs) <= 3 else f"{len(drugs)} drugs") or "no drug"


def _way(scope: Scope) -> str:
    channels = [CHANNELS.get(name, name) for name in scope.channels or ()]
    sides = [SIDES.get(name, name) for name in scope.sides or ()]
    channel = "any channel" if scope.channels is None else joined(channels, " & ") or "no channel"
    if scope.sides is None:
        return channel
    return f"{channel}, {joined(sides, ' or ') or 'no side'}"


def _records(scope: Scope, largest_left_out: int) -> str:
    said = []
    if scope.sources is not None:
        said.append(f"{len(scope.sources)} source{'s' * (len(scope.sources) != 1)}")
    if not scope.possible_duplicates:
        said.append("no possible duplicates")
    if not scope.inferred_destinations:
        said.append("destinations as reported")
    if not scope.outliers:
        said.append("no outliers")
    if not scope.same_seizure_once:
        said.append("every report counted")
    if largest_left_out:
        said.append("kg without the heaviest" + (f" {largest_left_out}" if largest_left_out > 1 else ""))
    return ", ".join(said) or "all records"


def parts(scope: Scope, basis: str = "year", measure: str = "count", largest_left_out: int = 0, most: int = 3) -> Parts:
    """A scope as the parts of one sentence; ``most`` is how many countries are spelled out before they are counted."""
    departure = place(scope.departures, "anywhere", most)
    destination = place(scope.destinations, "anywhere", most)
    return Parts(
        drugs=_drugs(scope.drugs),
        route=f"{departure} → {destination}",
        way=_way(scope),
        period=period(scope.month_from, scope.month_to, basis),
        measure=MEASURES.get(measure, measure),
        records=_records(scope, largest_left_out),
    )


def sentence(scope: Scope, basis: str = "year", measure: str = "count", largest_left_out: int = 0) -> str:
    """The scope as one line: ``MDMA and ketamine · Western Europe → US, AU, NZ · any channel · …``."""
    return parts(scope, basis, measure, largest_left_out).sentence
