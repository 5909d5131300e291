"""The one-page briefing: what changed, in tiles, five sentences by rule, ranked changes, the map and what is missing.

Every sentence comes from a result with its interval and never says more than that allows. Page, file and command line
print this one value.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd

from postflow import captions, wording
from postflow.analysis import decomposition
from postflow.briefing import Briefing, Change, Missing, Sentence
from postflow.figure import Tile
from postflow.figures import emerging, flows, overview, periods, stretches, told
from postflow.figures.stretches import Two, compared
from postflow.figures.told import Basis
from postflow.numbers import change, count, plural, share, signed, spell, weight
from postflow.scope import UNKNOWN
from postflow.style import DRUG
from postflow.view import Fetch, View

RANKED = 10
NEWEST_MONTHS = 3
MOST_GAPS = 4
"""More gaps than these are counted, not listed."""
BEFORE_ARRIVAL = ("export", "transit")
NOTES = (
    "Sentences are worded by rule from the results; a direction is named only where its 95 % interval allows it.",
    "The interval of each ranked change is widened by the scatter of its own months.",
)
NEWS = {
    "corridor": "on the corridor",
    "channel": "by the channel",
    "concealment": "hidden in",
    "form": "in the form",
    "declared_contents": "declared as",
    "parcel_weight": "with a parcel weight of",
}
"""How a category of :data:`emerging.KINDS` stands after "seizures"."""


def make(fetch: Fetch, view: View, link: str = "") -> Briefing:
    """The briefing of a view.

    Args:
        fetch: runs the queries of the pages.
        view: what the reader looks at.
        link: the view as a query string, for the ways to the figures.
    """
    caption = captions.caption(fetch, view, silent="Intervals are counting noise only, not reporting bias.")
    scope = wording.parts(view.scope, view.basis, view.measure, view.largest_left_out, most=12).filters
    basis = told.basis(fetch, view)
    if not int(captions.totals(fetch, view.scope)["seizures"]):
        nothing = Sentence(empty(basis), "overview_by_year", _way("overview", link))
        return Briefing("No seizures in this scope", scope, (), (nothing,), (), "", ("", ""), (), (), caption, link)
    two, basis = compared(fetch, view, basis), told.compared(fetch, basis)
    name, changes = ranked(fetch, view, two)
    return Briefing(
        title(view, basis, two),
        scope,
        tuple(tiles(fetch, view, basis, two)),
        sentences(fetch, view, basis, two, link),
        changes,
        f"Seizures by {name}, largest difference first" if name else "",
        (two.old.label, two.new.label) if two.old and two.new else ("", ""),
        (flows.arcs(fetch, view), overview.yearly(fetch, view)),
        missing(fetch, view, basis),
        caption,
        link,
        NOTES,
    )


def empty(basis: Basis) -> str:
    """A scope without a seizure: a zero where somebody reported, a gap where a service did not, else not known."""
    if basis.reporters:
        return f"No seizure is in this scope; {periods.words(basis.heard)} reported and counted none."
    if len(basis.reporting):
        who = periods.words(frozenset(basis.reporting["reporter"]))
        return f"Nothing can be said of this scope: {who} did not report these months, which is a gap and not a zero."
    return "No seizure is in this scope, and no row says whether anybody would have reported one: it is no zero."


def missing(fetch: Fetch, view: View, basis: Basis) -> tuple[Missing, ...]:
    """What is not in the data; unfinished months first, because every comparison leaves them out."""
    late = (
        [
            Missing(
                "",
                f"{wording.span(basis.open[0], basis.open[-1])}. Reports are still coming in, so no comparison counts them.",
            )
        ]
        if basis.open
        else []
    )
    return (*late, *(Missing(number, words.replace("**", "")) for number, words in overview.missing(fetch, view)))


def _way(page: str, link: str, **choices: str) -> str:
    asked = "&".join(filter(None, [link, urlencode(choices)]))
    return f"/{'' if page == 'overview' else page}" + (f"?{asked}" if asked else "")


# ---------- title and tiles ----------


def title(view: View, basis: Basis, two: Two) -> str:
    """What was seized in the newest finished stretch, against the one before."""
    if two.new is None:
        return "Nobody reported a seizure in this scope"
    number, place = (
        stretches.seizures(basis.rows, two.new),
        wording.place(view.scope.departures, "anywhere", is_sentence=True),
    )
    made = f"{told.first_up(periods.words(two.who))} made {count(number)} seizure{plural(number)} from {place} in {two.new.within}"
    return f"{made}, against {count(stretches.seizures(basis.rows, two.old))} in {two.old.earlier}" if two.old else made


def tiles(fetch: Fetch, view: View, basis: Basis, two: Two) -> list[Tile]:
    """The count, the kilograms and each drug, with the stretch before as base."""
    if two.new is None:
        return []
    course = tuple(None if period.is_gap else float(period.seizures) for period in periods.of(fetch, view))
    what = f"{wording.place(view.scope.departures, 'Anywhere')} → {wording.place(view.scope.destinations, 'anywhere')}"
    when, kg = f"seizures, {two.new.label}", stretches.kilograms(basis.rows, two.new)
    total = two.answer.direction in ("rose", "fell", "higher", "lower")
    made = [
        Tile(
            what,
            when,
            count(stretches.seizures(basis.rows, two.new)),
            _than(basis.rows, two, total),
            course=course,
            tint="ink2",
        ),
        Tile(
            "Kilogram equivalent",
            f"where weighed, {two.new.label}",
            kg or "none weighed",
            _kilograms_than(basis.rows, two),
            tint="ink2",
            is_unknown=not kg,
        ),
    ]
    for drug in (view.scope.drugs or ())[:2]:
        mine = basis.rows[basis.rows["category"] == drug]
        than = _than(mine, two, stretches.is_clear(basis, mine, two))
        made.append(
            Tile(told.first_up(drug), when, count(stretches.seizures(mine, two.new)), than, tint=DRUG.get(drug, "ink2"))
        )
    return made


def _than(rows: pd.DataFrame, two: Two, is_clear: bool) -> str:
    """The older number, and the change where its interval leaves no doubt."""
    if two.old is None or two.new is None:
        return two.none_before
    new, old = stretches.seizures(rows, two.new), stretches.seizures(rows, two.old)
    base = f"{count(old)} in {two.old.earlier}"
    if not two.may_compare:
        return f"{base}; not compared"
    caveat = f", {two.caveat}" if two.caveat else ""
    if not is_clear:
        return f"{base}: no clear change"
    return f"{change(new, old)} on {base}{caveat}" if old else f"none in {two.old.earlier}{caveat}"


def _kilograms_than(rows: pd.DataFrame, two: Two) -> str:
    before = stretches.kilograms(rows, two.old)
    return f"{before} in {two.old.earlier}; a few records move it" if before and two.old else "no earlier weight"


# ---------- sentences ----------


def sentences(fetch: Fetch, view: View, basis: Basis, two: Two, link: str) -> tuple[Sentence, ...]:
    """Five findings by rule: level, driver, kilograms, side, what is new or not reported."""
    return (
        Sentence(level(two), "trend_tests", _way("trends", link)),
        driver(fetch, view, two, link),
        Sentence(kilograms(fetch, view), "trend_concentration", _way("trends", link)),
        Sentence(side(fetch, view), "flow_sides", _way("flows", link)),
        newest(fetch, view, basis, link),
    )


def level(two: Two) -> str:
    """The newest stretch against the one before, in the words of its own result."""
    words = told.first_up(told.polish(two.answer.sentence))
    if two.answer.can_say and two.new and two.old and not words.startswith(two.new.label):
        words = f"{told.first_up(two.new.within)} against {two.old.earlier}: {words[:1].lower()}{words[1:]}"
    differ = [told.polish(note) for note in two.answer.warnings if note.startswith("Reporters differ")]
    return " ".join([_ended(words), *differ])


def driver(fetch: Fetch, view: View, two: Two, link: str) -> Sentence:
    """Which category differs most between the two stretches."""
    name, rows = stretches.split(fetch, view, two, RANKED)
    if rows.empty or two.new is None:
        words = "What drove the change cannot be told: there are no two like stretches, or nothing to split them by."
        return Sentence(words, "trend_drivers", _way("trends", link))
    named = rows[~rows["code"].isin([decomposition.OTHER, UNKNOWN, "unknown"])]
    first = (named if len(named) else rows).iloc[0]
    what = told.polish(first.code) if name in ("departure", "destination") else first.category
    words = f"By {name}, {what} differs most: {count(first.new)} against {count(first.old)}, {_of(int(first.change), int(rows['change'].sum()))}"
    words += "." if first.low > 0 or first.high < 0 else ", a difference that noise alone could make."
    if two.new.is_year_to:
        return Sentence(words, "trend_drivers", _way("trends", link, by=name))
    return Sentence(words, f"trend_by_{name}", _way("trends", link, by=name, each="year"))


def _of(part: int, whole: int) -> str:
    """``+311 of +335 in all``; a part that others outweigh is not a part of the whole."""
    inside = 0 < part <= whole or whole <= part < 0
    return f"{signed(part)} of {signed(whole)} in all" if inside else f"{signed(part)}, and {signed(whole)} in all"


def kilograms(fetch: Fetch, view: View) -> str:
    """How much of the weight the heaviest records hold."""
    total = captions.totals(fetch, view.scope)
    heaviest = [float(kg) for kg in total.largest_kg]
    whole = float(total.quantity_kg) if pd.notna(total.quantity_kg) else 0.0
    if not heaviest or not whole:
        return "No seizure of this scope has a weight in kilograms, so only the count can be told."
    mute, odd = int(total.seizures_without_kg), int(total.seizures_outlier)
    rest = (
        f"; {count(odd)} seizure{plural(odd)} of a weight beyond belief {'is' if odd == 1 else 'are'} among them"
        if odd
        else ""
    )
    rest += f"; {count(mute)} seizure{plural(mute)} {'has' if mute == 1 else 'have'} no weight" if mute else ""
    if len(heaviest) == 1:
        return f"All of the {weight(whole)} in scope is one record{rest}."
    many = f" and the {spell(len(heaviest))} heaviest {share(sum(heaviest), whole)}" if len(heaviest) > 2 else ""
    return f"Of the {weight(whole)} in scope the heaviest record holds {share(heaviest[0], whole)}{many}{rest}."


def side(fetch: Fetch, view: View) -> str:
    """How many were stopped before the parcel arrived, and how many rows do not say."""
    rows = fetch("charts/interceptions", scope=view.scope).groupby("interception_side")["seizures"].sum()
    whole, early, mute = int(rows.sum()), int(rows.reindex(BEFORE_ARRIVAL).sum()), int(rows.get("unknown", 0))
    if mute == whole:
        return "No row says whether the parcel was stopped before it arrived, so the two ends cannot be told apart."
    unsaid = f"; {count(mute)} {'does' if mute == 1 else 'do'} not say where" if mute else ""
    if not early:
        whose = "The one seizure was not" if whole == 1 else f"None of the {count(whole)} seizures was"
        return f"{whose} made before the parcel arrived{unsaid}: the sending end of the corridor is silent here."
    was = "was" if early == 1 else "were"
    return f"{count(early)} of {count(whole)} seizure{plural(whole)} ({share(early, whole)}) {was} made before the parcel arrived{unsaid}; what a side stops depends on how hard it looks."


def newest(fetch: Fetch, view: View, basis: Basis, link: str) -> Sentence:
    """What stands out of the newest months; where that cannot be told, what was not reported."""
    answer = emerging.found(fetch, view, basis, NEWEST_MONTHS)
    if answer.can_say and len(answer.rows):
        return Sentence(_news(answer.rows.iloc[0]), "emerging", _way("emerging", link))
    reported = periods.of(fetch, view)
    gaps = [period.label for period in reported if period.is_gap]
    if gaps:
        were = "was" if len(gaps) == 1 else "were"
        which = (
            wording.joined(gaps)
            if len(gaps) <= MOST_GAPS
            else f"{spell(len(gaps))} of the {count(len(reported))} periods from {reported[0].label} to {reported[-1].label}"
        )
        return Sentence(
            f"{told.first_up(which)} {were} not reported: a gap, not a fall to zero.",
            "overview_by_year",
            _way("overview", link),
        )
    words = f"What is new cannot be told: {_lower(told.polish(answer.sentence))}"
    if answer.can_say:
        hidden = any("may not be listed" in note for note in answer.warnings)
        words = f"Nothing {'that may be listed ' if hidden else ''}stands out of the newest {spell(NEWEST_MONTHS)} finished months."
    return Sentence(_ended(words), "emerging", _way("emerging", link))


def _news(row: pd.Series) -> str:
    what = emerging.name(row.category).partition(": ")[2]
    unseen = ", never seen before," if row.kind == "new" else ""
    expected = (
        "less than one was"
        if round(row.expected) < 1
        else f"{count(round(row.expected))} {'was' if round(row.expected) == 1 else 'were'}"
    )
    kind = NEWS[str(row.category).split(emerging.MARK, 1)[0]]
    stand = "stands" if row.seizures == 1 else "stand"
    return f"In the newest {spell(NEWEST_MONTHS)} finished months {count(row.seizures)} seizure{plural(row.seizures)} {kind} {what}{unseen} {stand} out most, where {expected} to be expected."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


# ---------- ranked changes ----------


def ranked(fetch: Fetch, view: View, two: Two) -> tuple[str, tuple[Change, ...]]:
    """Up to ten categories by the size of their difference; those that noise could make say so."""
    name, rows = stretches.split(fetch, view, two, RANKED)
    return name, tuple(_ranked(row) for row in rows.itertuples())


def _ranked(row: object) -> Change:
    new, old = float(row.new), float(row.old)  # type: ignore[attr-defined]
    low, high = float(row.low), float(row.high)  # type: ignore[attr-defined]
    clear = low > 0 or high < 0
    words = (change(new, old) if old else "none before") if clear else "within the interval"
    return Change(str(row.category), old, new, words, clear, low, high)  # type: ignore[attr-defined]
