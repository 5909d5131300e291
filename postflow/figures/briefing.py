"""The one-page briefing: what changed, in tiles, five sentences by rule, ranked changes, the map and what is missing.

Every sentence comes from a result with its interval and never says more than that allows. Page, file and command line
print this one value.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from postflow import captions, wording
from postflow.analysis import decomposition, intervals, trend
from postflow.analysis.result import Change as Compared
from postflow.briefing import Briefing, Change, Missing, Sentence
from postflow.figure import Tile
from postflow.figures import emerging, flows, honest, overview, periods, told, trends
from postflow.figures.told import Basis
from postflow.numbers import change, count, plural, share, spell, weight
from postflow.scope import UNKNOWN
from postflow.style import DRUG
from postflow.view import Fetch, View

RANKED = 10
NEWEST_MONTHS = 3
BY = ("departure", "destination", "channel", "drug", "side")
"""What the ranked changes are split by: the first of these that has more than one value."""
BEFORE_ARRIVAL = ("export", "transit")


@dataclass(frozen=True)
class Span:
    """A stretch of months that is compared."""

    label: str
    first: pd.Timestamp
    last: pd.Timestamp

    @property
    def months(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last month."""
        return self.first, self.last


@dataclass(frozen=True)
class Two:
    """The newest stretch that is finished, the one before it, and what may be said of the two."""

    new: Span | None
    old: Span | None
    answer: Compared
    phi: float = 1.0
    """Dispersion of the counts: how much wider than Poisson's their intervals are."""

    @property
    def may_compare(self) -> bool:
        """Both are reported in full and no break lies between."""
        return self.old is not None and self.answer.can_say


def make(fetch: Fetch, view: View, link: str = "") -> Briefing:
    """The briefing of a view.

    Args:
        fetch: runs the queries of the pages.
        view: what the reader looks at.
        link: the view as a query string, for the ways to the figures.
    """
    caption = captions.caption(fetch, view, silent="Intervals are counting noise only, not reporting bias.")
    scope = wording.parts(view.scope, view.basis, view.measure, view.largest_left_out, most=12).filters
    if not int(captions.totals(fetch, view.scope)["seizures"]):
        empty = Sentence("No seizure is in this scope, so nothing can be said of it.", "overview_by_year", _way("explore/overview", link))
        return Briefing("No seizures in this scope", scope, (), (empty,), (), "", ("", ""), (), (), caption, link)
    basis = told.basis(fetch, view)
    two = compared(fetch, view, basis)
    name, changes = ranked(fetch, view, two)
    labels = (two.old.label, two.new.label) if two.old and two.new else ("", "")
    missing = tuple(Missing(number, words.replace("**", "")) for number, words in overview.missing(fetch, view))
    return Briefing(
        title(view, basis, two), scope, tuple(tiles(fetch, view, basis, two)), sentences(fetch, view, basis, two, link),
        changes, f"Seizures by {name}, largest difference first" if changes else "", labels,
        (flows.arcs(fetch, view), overview.yearly(fetch, view)), missing, caption, link,
        ("Sentences are worded by rule from the results; a direction is named only where its 95 % interval allows it.",),
    )  # fmt: skip


def _way(page: str, link: str) -> str:
    name = page.split("/")[1]
    return f"/{'' if name == 'overview' else name}" + (f"?{link}" if link else "")


# ---------- what is compared ----------


def compared(fetch: Fetch, view: View, basis: Basis) -> Two:
    """The last twelve finished months and the twelve before where all are reported, else the two newest reported periods."""
    whole = basis.finished
    if whole.notna().any():
        end = whole.dropna().index[-1]
        new = Span(f"12 months to {end:%b %Y}", end - pd.DateOffset(months=11), end)
        old = Span(f"12 months to {end - pd.DateOffset(months=12):%b %Y}", end - pd.DateOffset(months=23), end - pd.DateOffset(months=12))  # fmt: skip
        both = [whole.reindex(pd.date_range(*span.months, freq="MS")) for span in (new, old)]
        if all(part.notna().all() for part in both):
            return Two(new, old, trend.year_ago(whole, *new.months, **basis.known), intervals.pooled_dispersion(both))
    pair = periods.newest_pair(periods.of(fetch, view))
    answer = honest.newest_years(fetch, view, basis)
    if pair is None:
        return Two(None, None, answer)
    return Two(_span(pair.last), _span(pair.before) if pair.before else None, answer)


def _span(period: periods.Period) -> Span:
    return Span(period.label, period.start, period.start + pd.DateOffset(months=period.months - 1))


def _inside(rows: pd.DataFrame, span: Span) -> pd.DataFrame:
    start = pd.to_datetime(rows["period_start"])
    return rows[(start >= span.first) & (start <= span.last)]


def _seizures(rows: pd.DataFrame, span: Span | None) -> int:
    return int(_inside(rows, span)["seizures"].sum()) if span else 0


# ---------- title and tiles ----------


def title(view: View, basis: Basis, two: Two) -> str:
    """What was seized in the newest finished stretch, against the one before."""
    if two.new is None:
        return "Nobody reported a seizure in this scope"
    who = periods.words(frozenset(basis.reporters))
    number = _seizures(basis.rows, two.new)
    made = f"{who[:1].upper()}{who[1:]} made {count(number)} seizure{plural(number)} from {wording.place(view.scope.departures, 'anywhere')} in {_in(two.new)}"  # fmt: skip
    return f"{made}, against {count(_seizures(basis.rows, two.old))} in {_before(two.old)}" if two.old else made


def _in(span: Span) -> str:
    return f"the {span.label}" if span.label.startswith("12 months") else span.label


def _before(span: Span) -> str:
    return "the twelve before" if span.label.startswith("12 months") else span.label


def tiles(fetch: Fetch, view: View, basis: Basis, two: Two) -> list[Tile]:
    """The count, the kilograms and each drug, with the stretch before as base."""
    if two.new is None:
        return []
    course = tuple(None if period.is_gap else float(period.seizures) for period in periods.of(fetch, view))
    what = f"{wording.place(view.scope.departures, 'Anywhere')} → {wording.place(view.scope.destinations, 'anywhere')}"
    made = [
        Tile(what, f"seizures, {two.new.label}", count(_seizures(basis.rows, two.new)), _than(basis.rows, two), course=course, tint="ink2"),
        Tile("Kilogram equivalent", f"where weighed, {two.new.label}", _kilograms(basis.rows, two.new), _kilograms_than(basis.rows, two), tint="ink2"),
    ]  # fmt: skip
    for drug in (view.scope.drugs or ())[:2]:
        mine = basis.rows[basis.rows["category"] == drug]
        made.append(Tile(drug[:1].upper() + drug[1:], f"seizures, {two.new.label}", count(_seizures(mine, two.new)), _than(mine, two), tint=DRUG.get(drug, "ink2")))  # fmt: skip
    return made


def _than(rows: pd.DataFrame, two: Two) -> str:
    """The older number, and the change where its interval leaves no doubt."""
    if two.old is None or two.new is None:
        return "no earlier period was reported"
    new, old = _seizures(rows, two.new), _seizures(rows, two.old)
    base = f"{count(old)} in {_before(two.old)}"
    if not two.may_compare or two.answer.direction in ("not comparable", "not known"):
        return f"{base}; not compared"
    if not old:
        return base
    found = intervals.change(new, old, phi=two.phi)
    gap = ", across a gap" if two.answer.direction in ("higher", "lower") else ""
    return f"{change(new, old)} on {base}{gap}" if found.can_say and not found.low <= 1 <= found.high else f"{base}: no clear change"  # fmt: skip


def _kilograms(rows: pd.DataFrame, span: Span | None) -> str:
    kg = pd.to_numeric(_inside(rows, span)["quantity_kg"]).sum(min_count=1) if span else None
    return "" if kg is None or pd.isna(kg) else weight(float(kg))


def _kilograms_than(rows: pd.DataFrame, two: Two) -> str:
    before = _kilograms(rows, two.old)
    return f"{before} in {_before(two.old)}; a few records move it" if before and two.old else "no earlier weight"


# ---------- sentences ----------


def sentences(fetch: Fetch, view: View, basis: Basis, two: Two, link: str) -> tuple[Sentence, ...]:
    """Five findings by rule: level, driver, kilograms, side, what is new or not reported."""
    return (
        Sentence(level(two), "trend_tests", _way("explore/trends", link)),
        Sentence(driver(fetch, view, two), "trend_drivers", _way("explore/trends", link)),
        Sentence(kilograms(fetch, view), "trend_concentration", _way("explore/trends", link)),
        Sentence(side(fetch, view), "flow_sides", _way("explore/flows", link)),
        newest(fetch, view, basis, link),
    )


def level(two: Two) -> str:
    """The newest stretch against the one before, in the words of its own result."""
    words = told.first_up(told.polish(two.answer.sentence))
    if two.answer.can_say and two.new and two.old and not words.startswith((two.new.label, "Twelve months")):
        words = f"{told.first_up(_in(two.new))} against {_before(two.old)}: {words[:1].lower()}{words[1:]}"
    return _ended(words)


def split(fetch: Fetch, view: View, two: Two) -> tuple[str, pd.DataFrame]:
    """The dimension that tells most apart, and per category: category, old, new, change, low, high; largest first."""
    if not two.may_compare or two.old is None or two.new is None:
        return "", pd.DataFrame()
    for name in BY:
        basis = told.basis(fetch, view, name)
        found = decomposition.contributions(basis.rows, two.new.months, two.old.months, top=RANKED - 1, phi=two.phi)
        if found.can_say and len(found.rows) > 1:
            named = [trends.label(str(code), name) if code != decomposition.OTHER else str(code) for code in found.rows["category"]]
            return name, found.rows.assign(code=found.rows["category"], category=named)
    return "", pd.DataFrame()


def driver(fetch: Fetch, view: View, two: Two) -> str:
    """Which category differs most between the two stretches."""
    name, rows = split(fetch, view, two)
    if rows.empty:
        return "What drove the change cannot be told: there are no two like stretches, or nothing to split them by."
    named = rows[~rows["code"].isin([decomposition.OTHER, UNKNOWN, "unknown"])]
    first = (named if len(named) else rows).iloc[0]
    whole = int(rows["change"].sum())
    noise = "" if first.low > 0 or first.high < 0 else ", a difference that noise alone could make"
    what = told.polish(first.code) if name in ("departure", "destination") else first.category
    return f"By {name}, {what} differs most: {count(first.new)} against {count(first.old)}, {_signed(first.change)} of {_signed(whole)} in all{noise}."  # fmt: skip


def _signed(value: float) -> str:
    return f"+{count(value)}" if value > 0 else "±0" if value == 0 else count(value)


def kilograms(fetch: Fetch, view: View) -> str:
    """How much of the weight the heaviest records hold."""
    total = captions.totals(fetch, view.scope)
    heaviest = [float(kg) for kg in total.largest_kg]
    whole = float(total.quantity_kg) if pd.notna(total.quantity_kg) else 0.0
    if not heaviest or not whole:
        return "No seizure of this scope has a weight in kilograms, so only the count can be told."
    unweighed = int(total.seizures_without_kg)
    rest = f"; {count(unweighed)} seizures have no weight" if unweighed else ""
    if len(heaviest) == 1:
        return f"All of the {weight(whole)} in scope is one record{rest}."
    return f"Of the {weight(whole)} in scope the heaviest record holds {share(heaviest[0], whole)} and the {len(heaviest)} heaviest {share(sum(heaviest), whole)}{rest}."  # fmt: skip


def side(fetch: Fetch, view: View) -> str:
    """How many were stopped before the parcel arrived, and how many rows do not say."""
    rows = fetch("charts/interceptions", scope=view.scope).groupby("interception_side")["seizures"].sum()
    whole, early, mute = int(rows.sum()), int(rows.reindex(BEFORE_ARRIVAL).sum()), int(rows.get("unknown", 0))
    unsaid = f"; {count(mute)} do not say where" if mute else ""
    if not early:
        return f"None of the {count(whole)} seizures was made before the parcel arrived{unsaid}: the sending end of the corridor is silent here."  # fmt: skip
    return f"{count(early)} of {count(whole)} seizures ({share(early, whole)}) were made before the parcel arrived{unsaid}; what a side stops depends on how hard it looks."  # fmt: skip


def newest(fetch: Fetch, view: View, basis: Basis, link: str) -> Sentence:
    """What stands out of the newest months; where that cannot be told, what was not reported."""
    answer = emerging.found(fetch, view, basis, NEWEST_MONTHS)
    if answer.can_say and len(answer.rows):
        head = emerging.listed(fetch, view, answer, basis, NEWEST_MONTHS).headline
        kind, _, words = head.partition(": ")
        return Sentence(_ended(f"In the newest {spell(NEWEST_MONTHS)} finished months the {kind.lower()} {words}"), "emerging", _way("explore/emerging", link))
    gaps = [period.label for period in periods.of(fetch, view) if period.is_gap]
    if gaps:
        words = f"{told.first_up(wording.joined(gaps))} {'was' if len(gaps) == 1 else 'were'} not reported: a gap, not a fall to zero."
        return Sentence(words, "overview_by_year", _way("explore/overview", link))
    words = "Nothing stands out of the newest months." if answer.can_say else f"What is new cannot be told: {_lower(told.polish(answer.sentence))}"
    return Sentence(_ended(words), "emerging", _way("explore/emerging", link))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


# ---------- ranked changes ----------


def ranked(fetch: Fetch, view: View, two: Two) -> tuple[str, tuple[Change, ...]]:
    """Up to ten categories by the size of their difference; those that noise could make say so."""
    name, rows = split(fetch, view, two)
    return name, tuple(_ranked(row) for row in rows.itertuples())


def _ranked(row: object) -> Change:
    new, old = float(row.new), float(row.old)  # type: ignore[attr-defined]
    clear = row.low > 0 or row.high < 0  # type: ignore[attr-defined]
    words = (change(new, old) if old else "none before") if clear else "within the interval"
    return Change(str(row.category), old, new, words, bool(clear))  # type: ignore[attr-defined]
