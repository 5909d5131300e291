"""Overview: what changed, which corridors carry it, what nobody can see."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from postflow import captions, wording
from postflow.charts import columns
from postflow.errors import NothingToDraw
from postflow.figure import Figure, Tile
from postflow.figures import periods, tables, told
from postflow.numbers import against, change, count, plural, share, spell, weight
from postflow.scope import UNKNOWN, Scope
from postflow.style import DRUG
from postflow.view import Fetch, View

CORRIDORS_SHOWN = 6
TILES = 4
DESTINATIONS = ("US", "AU", "NZ")


def finding(fetch: Fetch, view: View) -> tuple[str, str]:
    """The page's headline and standfirst: the newest reported period against the one before, and no more than that."""
    pair = _pair(fetch, view, periods.of(fetch, view))
    origin = wording.place(view.scope.departures, "anywhere", is_sentence=True)
    if pair is None:
        return "Nobody reported a seizure in this scope", ""
    who, last = periods.words(pair.last.reporters), pair.last
    total = captions.totals(fetch, view.scope)
    made = (
        f"{told.first_up(who)} made {count(last.seizures)} seizure{plural(last.seizures)} from {origin} in {last.label}"
    )
    if pair.before is None:
        return f"{made}.", f"{told.first_up(pair.why_not)}, so there is nothing to compare it with."
    headline = f"{made}, against {count(pair.before.seizures)} in {pair.before.label}."
    if pair.silent:
        headline += f" Nobody reported the {'year' if view.basis == 'year' else 'fiscal year'}{plural(len(pair.silent))} between."
    unsaid = f"Read the two with care: {pair.why_not}." if pair.why_not else ""
    inferred = int(total.seizures_inferred_destination)
    stand = (
        f"{count(total.seizures)} seizures in all; {'every destination is' if inferred == total.seizures else f'{count(inferred)} destinations are'} inferred from the place of seizure."
        if inferred
        else ""
    )
    return headline, " ".join(filter(None, [unsaid, stand]))


def _pair(fetch: Fetch, view: View, found: list[periods.Period]) -> periods.Pair | None:
    """The newest period and the one before, not to be compared while reports of the newest still come in."""
    pair = periods.newest_pair(found, view)
    since = told.basis(fetch, view).open[:1]
    if pair and since and not pair.why_not and pair.last.start + pd.DateOffset(months=pair.last.months) > since[0]:
        return replace(pair, why_not=f"reports since {since[0]:%B %Y} are still coming in")
    return pair


def _than(new: float | None, old: float | None, pair: periods.Pair) -> str:
    if pair.before is None or new is None or old is None:
        return "no earlier figure to compare with"
    if pair.why_not:
        return f"{pair.before.label}: {count(old)}; not compared, {pair.why_not}"
    if not old:
        return f"**none** in {pair.before.label}"
    gap = ", the last year reported" if pair.silent else ""
    return f"**{change(new, old)}** on {pair.before.label}{gap}"


def tiles(fetch: Fetch, view: View) -> list[Tile]:
    """Count, kilograms, each drug and the destinations stated, against the period before."""
    found = periods.of(fetch, view)
    pair = _pair(fetch, view, found)
    if pair is None:
        return []
    last, before = pair.last, pair.before
    total = captions.totals(fetch, view.scope)
    heaviest = [float(kg) for kg in total.largest_kg][:1]
    share_words = (
        f" · the heaviest record is {share(heaviest[0], float(total.quantity_kg))} of all kilograms in scope"
        if heaviest and total.quantity_kg
        else ""
    )
    place = wording.place(view.scope.destinations, "anywhere")
    made = [
        Tile(
            f"{wording.place(view.scope.departures, 'Anywhere')} → {place}",
            f"seizures, {_when(last)}",
            count(last.seizures),
            _than(last.seizures, before.seizures if before else None, pair),
            course=_course(found, "seizures"),
            tint=_tint(view),
        ),
        Tile(
            "Kilogram equivalent",
            f"where weighed, {_when(last)}",
            weight(last.kg) if last.kg is not None else "none weighed",
            _kg_than(pair) + share_words,
            course=_course(found, "kg"),
            tint=_tint(view),
            is_unknown=last.kg is None,
        ),
    ]
    for drug in (view.scope.drugs or ())[:2]:
        alone = replace(view, scope=replace(view.scope, drugs=(drug,)))
        mine = {period.start: period for period in periods.of(fetch, alone)}
        series = tuple(
            None if period.is_gap else float(mine[period.start].seizures if period.start in mine else 0)
            for period in found
        )
        now = mine[last.start].seizures if last.start in mine else 0
        then = mine[before.start].seizures if before and before.start in mine else 0
        made.append(
            Tile(
                drug if drug == "MDMA" else drug.capitalize(),
                f"seizures, {_when(last)}",
                count(now),
                _than(now, then, pair),
                course=series,
                tint=DRUG.get(drug, "ink2"),
            )
        )
    stated = int(total.seizures - total.seizures_inferred_destination - total.seizures_unknown_destination)
    if len(made) == TILES:
        return made
    made.append(
        Tile(
            "Destination stated",
            "in the rows of this scope",
            count(stated),
            f"**{count(total.seizures_inferred_destination)} inferred** from the place of seizure",
            unit=f"of {count(total.seizures)}",
            is_unknown=True,
        )
    )
    return made


def _when(period: periods.Period) -> str:
    return (
        f"{period.label} so far, {period.months_reported} of {period.months} months"
        if period.is_unfinished
        else period.label
    )


def _kg_than(pair: periods.Pair) -> str:
    if pair.before is None or pair.last.kg is None or pair.before.kg is None:
        return "no earlier weight to compare with"
    return f"{pair.before.label}: {weight(pair.before.kg)}; a few records move it"


def _course(found: list[periods.Period], what: str) -> tuple[float | None, ...]:
    """None where nobody reported, and where nothing of what was seized was weighed."""
    return tuple(
        None
        if period.is_gap or (what == "kg" and period.kg is None and period.seizures)
        else float(getattr(period, what) or 0)
        for period in found
    )


def _tint(view: View) -> str:
    only = view.scope.destinations or ()
    return only[0].lower() if len(only) == 1 and only[0] in DESTINATIONS else "ink2"


def yearly(fetch: Fetch, view: View) -> Figure:
    """Seizures a period, by drug, with intervals and gaps."""
    rows = fetch("charts/seizures_by_period", scope=view.scope, period=view.basis)
    reporters = fetch("charts/reporters_by_period", scope=view.scope, period=view.basis)
    found = periods.of(fetch, view)
    pair = _pair(fetch, view, found)
    headline = f"{count(int(rows.seizures.sum()))} seizures"
    change_found = periods.verdict(pair, periods.noise(fetch, view, pair)) if pair else None
    if pair and pair.before and change_found and change_found.direction == "no clear change":
        headline = f"{count(pair.last.seizures)} in {pair.last.label}, no clear change on {pair.before.label}"
    elif pair and pair.before and change_found:
        after = ", across a gap" if pair.silent else ""
        headline = f"{against(pair.last.seizures, pair.before.seizures, pair.before.label)}{after}"
    elif pair:
        headline = f"{count(pair.last.seizures)} in {_when(pair.last)}"
    gaps = [period.label for period in found if period.is_gap]
    silent = "Upright lines: 95 % counting interval, counting noise only." + (
        f" Hatched: {wording.joined(gaps)} not reported, a gap and not a zero." if gaps else ""
    )
    return Figure(
        "overview_by_year",
        headline,
        f"Seizures a {'year' if view.basis == 'year' else 'fiscal year'}, by drug",
        captions.caption(fetch, view, silent=silent),
        rows,
        columns.by_period(rows, reporters),
        height=330,
        span=0.36,
        alt="; ".join(
            f"{period.label}: {'not reported' if period.is_gap else count(period.seizures)}" for period in found
        ),
        columns={
            "period": "Calendar or fiscal year",
            "seizures": "Number of seizures",
            "quantity_kg": "Kilogram equivalent",
        },
    )


def corridors(fetch: Fetch, view: View) -> Figure:
    """The corridors by number of seizures, and the destinations that no counted route reaches."""
    rows = fetch("charts/corridors", scope=view.scope)
    total = int(rows.seizures.sum())
    lead = "quantity_kg" if view.measure == "kg" else "seizures"
    pairs = rows.groupby(["departure_country_code", "destination_country_code"], as_index=False)[
        ["seizures", "quantity_kg"]
    ].sum()
    pairs = pairs.sort_values([lead, "seizures"], ascending=False, kind="stable")
    if pairs.empty:
        raise NothingToDraw("No counted seizure of this scope names a corridor.")
    lines = [_corridor_line(rows, pair, total, lead) for pair in pairs.head(CORRIDORS_SHOWN).itertuples()]
    rest = pairs.iloc[CORRIDORS_SHOWN:]
    if len(rest):
        lines.append(_rest_line(rows, rest, total, lead))
    wanted = view.scope.destinations or DESTINATIONS
    lines += [
        tables.Ranked(f"to {wording.country(code)}", (), "", note="no counted route")
        for code in wanted
        if code not in set(pairs.destination_country_code)
    ]
    drugs = [(DRUG.get(drug, "ink2"), drug) for drug in rows.drug.unique()]
    return Figure(
        "overview_corridors",
        _corridor_headline(pairs, lead),
        f"Corridors by {'kilograms' if lead == 'quantity_kg' else 'number of seizures'}, {wording.period(view.scope.month_from, view.scope.month_to, view.basis)}",
        captions.caption(
            fetch,
            view,
            silent="Departure as the seizing service states it; hatched destinations have no counted row with a route.",
        ),
        rows,
        body=tables.ranked(lines, ("from → to", "kg" if lead == "quantity_kg" else "seizures", "share"), drugs),
        alt="; ".join(f"{line.name}: {line.value or line.note}" for line in lines),
        columns={
            "departure_country_code": "From",
            "destination_country_code": "To, reported or inferred",
            "drug": "Drug",
            "seizures": "Seizures",
            "quantity_kg": "Kilogram equivalent",
            "seizures_inferred_destination": "Of these, destination inferred",
        },
    )


def _corridor_headline(pairs: pd.DataFrame, lead: str) -> str:
    """What part of those that name a departure the first corridor holds; ``pairs``: first corridor first."""
    named = pairs[pairs.departure_country_code != UNKNOWN]
    amount = float(named[lead].sum())
    if not amount:
        what = "Nothing weighed in this scope" if lead == "quantity_kg" else "No seizure of this scope"
        return f"{what} names its departure"
    top = named.iloc[0]
    whither = ""
    if pairs.destination_country_code.nunique() > 1 and top.destination_country_code != UNKNOWN:
        whither = f" for {wording.spoken(top.destination_country_code)}"
    among = ", of those that name a departure" if len(named) < len(pairs) else ""
    route = f"left from {wording.spoken(top.departure_country_code)}{whither}{among}"
    if float(top[lead]) < amount:
        return f"{share(float(top[lead]), amount)} {route}"
    if lead == "quantity_kg":
        return f"All {weight(amount)} {route}"
    return f"The one seizure {route}" if amount == 1 else f"All {count(amount)} seizures {route}"


def _printed(value: float, lead: str) -> str:
    return (weight(value) if pd.notna(value) and value else "–") if lead == "quantity_kg" else count(value)


def _parts(rows: pd.DataFrame, lead: str) -> tuple[tuple[str, float], ...]:
    return tuple(
        (DRUG.get(str(drug), "ink2"), float(value or 0)) for drug, value in rows.groupby("drug")[lead].sum().items()
    )


def _corridor_line(rows: pd.DataFrame, pair: object, total: int, lead: str) -> tables.Ranked:
    mine = rows[
        (rows.departure_country_code == pair.departure_country_code)
        & (rows.destination_country_code == pair.destination_country_code)
    ]  # type: ignore[attr-defined]
    name = f"{wording.country(pair.departure_country_code)} → {wording.SHORT.get(pair.destination_country_code) or wording.country(pair.destination_country_code)}"  # type: ignore[attr-defined]
    whole = float(rows[lead].sum())
    value = float(mine[lead].sum())
    return tables.Ranked(name, _parts(mine, lead), _printed(value, lead), tables.of_total(value, whole))


def _rest_line(rows: pd.DataFrame, rest: pd.DataFrame, total: int, lead: str) -> tables.Ranked:
    mine = rows.merge(rest[["departure_country_code", "destination_country_code"]])
    value = float(mine[lead].sum())
    return tables.Ranked(
        f"{spell(len(rest)).capitalize()} other{plural(len(rest))}",
        _parts(mine, lead),
        _printed(value, lead),
        tables.of_total(value, float(rows[lead].sum())),
    )


def no_departure(fetch: Fetch, view: View) -> Figure:
    """What each destination seized with no departure recorded: the other half of the picture, never a flow."""
    wanted = list(view.scope.destinations or DESTINATIONS)
    rows = fetch("charts/no_departure_by_reporter", scope=view.scope, reporters=wanted)
    stated = fetch(
        "charts/reference_figures", drugs=list(view.scope.drugs) if view.scope.drugs else None, reporters=wanted
    )
    lines = []
    for code in wanted:
        mine = rows[rows.seizure_country_code == code]
        if len(mine):
            lines.append(
                tables.Ranked(
                    f"{wording.country(code)}, {mine.month_from.min():%Y}–{mine.month_to.max():%Y}",
                    _parts(mine, "seizures"),
                    count(mine.seizures.sum()),
                    weight(float(mine.quantity_kg.sum())),
                )
            )
        else:
            figures = int((stated.reporter_country_code == code).sum())
            lines.append(
                tables.Ranked(
                    wording.country(code),
                    (),
                    "",
                    note=f"{count(figures)} published figures only" if figures else "nothing in the pool",
                )
            )
    number = int(rows.seizures.sum())
    return Figure(
        "overview_no_departure",
        f"{count(number)} seizures at the destinations name no departure"
        if number
        else "No seizure at the destinations lacks a departure",
        "Seized in each destination, all channels, with no departure recorded; counted, but never drawn as a flow",
        replace(
            captions.caption(
                fetch,
                view,
                scope=replace(view.scope, departures=(UNKNOWN,), destinations=None, channels=None, sides=None),
                silent="Totals of a border name no departure and no channel: they cannot be split by corridor.",
                counted=f"{count(number)} seizure{plural(number)} at these destinations.",
            ),
            left_out=f"{count(rows.seizures_without_kg.sum())} have no weight in kilograms. The filters for departure, destination, channel and side are not applied.",
            period=wording.span(rows.month_from.min(), rows.month_to.max()) if len(rows) else "no month",
        ),
        rows,
        body=tables.ranked(lines, ("seized in", "seizures", "kg")),
        alt="; ".join(f"{line.name}: {line.value or line.note}" for line in lines),
        is_context=True,
        columns={
            "series_id": "The series of files behind the row",
            "month_from": "First month",
            "month_to": "Last month",
        },
    )


def missing(fetch: Fetch, view: View) -> list[tuple[str, str]]:
    """What a reader must know before quoting a number: (number, or nothing for a hatched cell; words)."""
    total = captions.totals(fetch, view.scope)
    said = []
    gaps = [period.label for period in periods.of(fetch, view) if period.is_gap]
    reporters = fetch("charts/reporters_by_period", scope=view.scope, period=view.basis)
    if gaps:
        who = told.first_up(periods.words(frozenset(reporters.reporter)))
        said.append(("", f"**{who}, {wording.joined(gaps)}.** No row was reported: a gap, not a fall to zero."))
    reached = set(fetch("charts/corridors", scope=view.scope).destination_country_code)
    unreached = [wording.country(code) for code in view.scope.destinations or DESTINATIONS if code not in reached]
    if unreached:
        said.append(
            (
                "",
                f"**{wording.joined(unreached)}.** No counted row of this scope leads there; see what they seized with no departure recorded.",
            )
        )
    if total.seizures_inferred_destination:
        said.append(
            (
                count(total.seizures_inferred_destination),
                f"**destinations are inferred** from the place of seizure, of {count(total.seizures)}.",
            )
        )
    if total.seizures_without_kg:
        said.append(
            (
                count(total.seizures_without_kg),
                "**have no weight.** They are counted in a unit that no defensible factor turns into kilograms.",
            )
        )
    export = fetch("charts/totals", scope=replace(view.scope, sides=("export",))).iloc[0]
    said.append(
        (
            count(export.seizures),
            "**stopped on the sending side.** "
            + (
                "One end of the corridor is silent."
                if export.seizures == 0
                else "The rest were stopped later, or nobody says."
            ),
        )
    )
    if total.seizures_possible_duplicate:
        said.append(
            (
                count(total.seizures_possible_duplicate),
                "**possible duplicates:** rows alike in every cell, kept and counted; a switch leaves them out.",
            )
        )
    if total.seizures_outlier:
        said.append(
            (
                count(total.seizures_outlier),
                f"**beyond belief in weight** ({weight(float(total.quantity_kg_outlier))}), shown with and without.",
            )
        )
    return said


def new_in_data(fetch: Fetch, view: View) -> list[str]:
    """What a reader of the last briefing would miss: newest months, the largest revision, what is held."""
    del view
    said = []
    sources = fetch("data_room/sources")
    counted = sources[
        (sources.kind == "records") & (sources.rows_accepted > sources.rows_superseded) & sources.month_to.notna()
    ].sort_values("month_to", ascending=False)
    if len(counted):
        newest = counted.iloc[0]
        said.append(f"**Newest month: {wording.month(newest.month_to)}**, in {newest.title}.")
    revisions = fetch("data_room/revisions")
    if len(revisions):
        top = revisions.iloc[0]
        said.append(
            f"**{weight(abs(float(top.change_kg)))} {'withdrawn' if top.change_kg < 0 else 'added'}** by a later edition: {top.drug}, {str(top.seizure_place).capitalize()}, {wording.month(top.seized_month)}. {count(len(revisions))} cells are revised in all."
        )
    held, marked = int(sources.rows_quarantined.sum()), fetch("charts/totals", scope=Scope()).iloc[0]
    if held:
        said.append(f"**{count(held)} rows are held** in quarantine, each with its reason: see the Data room.")
    if marked.seizures_outlier:
        said.append(
            f"**{count(marked.seizures_outlier)} record{plural(marked.seizures_outlier)} beyond belief** in weight, {weight(float(marked.quantity_kg_outlier))} in all: almost certainly a unit error. Shown with and without."
        )
    return said
