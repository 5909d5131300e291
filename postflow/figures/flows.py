"""Flows: from where to where, and who stopped it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from postflow import captions, wording
from postflow.charts import cells, flowmap, sankey
from postflow.figure import Figure
from postflow.figures import tables
from postflow.numbers import count, plural, share, spell
from postflow.scope import UNKNOWN
from postflow.view import Fetch, View
from postflow.vocabulary import rows as reference_rows

DESTINATIONS = ("US", "AU", "NZ")
POSTAL = ("post", "courier")
MATRIX_ROWS = 14
LANES_SHOWN = 10
LEADING = 3
"""Senders that the headline of the matrix takes together."""
ELSEWHERE = "elsewhere"


def anchors() -> dict[str, tuple[float, float]]:
    """Country code → latitude and longitude of the place where arcs begin and end."""
    return {
        row["country_code"]: (float(row["latitude"]), float(row["longitude"]))
        for row in reference_rows("countries")
        if row["latitude"]
    }


def published_lanes(fetch: Fetch, view: View) -> pd.DataFrame:
    """Published figures that name both ends of a lane by post or courier: lanes and cases, never sums.

    Returns:
        departure_country_code, destination_country_code and the columns of ``charts/reference_figures``.
    """
    drugs = [*(view.scope.drugs or ())] or None
    rows = fetch("charts/reference_figures", drugs=drugs, reporters=None)
    rows = rows[rows.channel.isin(POSTAL)]
    rows = rows[rows.departure_country_codes.map(len).eq(1) & rows.destination_country_codes.map(len).eq(1)]
    rows = rows.assign(
        departure_country_code=rows.departure_country_codes.map(lambda codes: codes[0]),
        destination_country_code=rows.destination_country_codes.map(lambda codes: codes[0]),
    )
    keep = pd.Series(True, index=rows.index)
    for column, wanted in (
        ("departure_country_code", view.scope.departures),
        ("destination_country_code", view.scope.destinations),
    ):
        if wanted is not None:
            keep &= rows[column].isin(wanted)
    return rows[keep & (rows.departure_country_code != rows.destination_country_code)]


def arcs(fetch: Fetch, view: View) -> Figure:
    """The map: counted lanes solid, published lanes dotted, destinations that no counted row reaches hollow."""
    rows = fetch("charts/corridors", scope=view.scope)
    lanes = published_lanes(fetch, view)
    drawn = rows[(rows.departure_country_code != UNKNOWN) & (rows.destination_country_code != UNKNOWN)]
    by = drawn.groupby("destination_country_code").seizures.sum().sort_values(ascending=False)
    unreached = [code for code in view.scope.destinations or DESTINATIONS if code not in by.index]
    total, hidden = int(drawn.seizures.sum()), int(rows.seizures.sum() - drawn.seizures.sum())
    headline = _map_headline(by, unreached, total)
    lead = "quantity_kg" if view.measure == "kg" else "seizures"
    silent = "Curves join main cities; they are not flight paths." + (
        f" {count(hidden)} seizures lack an end of the lane and are not drawn." if hidden else ""
    )
    silent += (
        " An empty destination means that nobody reported routes, not that nothing went there." if unreached else ""
    )
    return Figure(
        "flow_map",
        headline,
        f"Seizures by stated departure. Line width: {'kilograms' if lead == 'quantity_kg' else 'number of seizures'}. Dotted: published cases of any year, not counted",
        captions.caption(fetch, view, silent=silent),
        drawn,
        flowmap.arcs(
            drawn,
            lanes,
            anchors(),
            wording.SHORT | {code: wording.country(code) for code in anchors()},
            lead,
            view.scope.destinations or DESTINATIONS,
        ),
        height=520,
        stage_height=455,
        keeps_shape=True,
        alt="; ".join(f"{wording.country(str(code))}: {count(n)} seizures" for code, n in by.items())
        or "No counted lane",
        columns={
            "departure_country_code": "Stated start of the journey",
            "destination_country_code": "End of the journey, reported or inferred",
        },
    )


def _map_headline(by: pd.Series, unreached: list[str], total: int) -> str:
    if by.empty:
        return "No counted seizure names both ends of a lane"
    tail = (
        f"; lanes to {wording.joined([wording.spoken(code) for code in unreached])} are known only from published cases"
        if unreached
        else ""
    )
    if total == 1:
        return f"The one counted seizure leads to {wording.spoken(str(by.index[0]))}{tail}"
    if len(by) == 1:
        return f"All {count(total)} counted seizures lead to {wording.spoken(str(by.index[0]))}{tail}"
    return f"{share(float(by.iloc[0]), total)} of {count(total)} counted seizures lead to {wording.spoken(str(by.index[0]))}{tail}"


def who_stopped(fetch: Fetch, view: View) -> Figure:
    """Departure, who stopped it, destination as recorded and as read; what a row does not say is drawn."""
    rows = fetch("charts/interceptions", scope=view.scope)
    total = int(rows.seizures.sum())
    early = int(rows[rows.interception_side.isin(("export", "transit"))].seizures.sum())
    unstated = int(rows[rows.destination_recorded_code == UNKNOWN].seizures.sum())
    verb = "was" if 1 in (early, total) else "were"
    lead = "quantity_kg" if view.measure == "kg" else "seizures"
    names = {
        code: wording.country(code)
        for code in {
            *rows.departure_country_code,
            *rows.destination_country_code,
            *rows.destination_recorded_code,
            *DESTINATIONS,
        }
    }
    ghosts = [
        code for code in view.scope.destinations or DESTINATIONS if code not in set(rows.destination_country_code)
    ]
    return Figure(
        "flow_sides",
        f"{count(early)} of {count(total)} seizure{plural(total)} {verb} made before the parcel arrived",
        "By departure, side of interception, and destination as the row records it and as it is read",
        captions.caption(
            fetch,
            view,
            silent=f"Hatched: not stated in the row ({count(unstated)} destinations). Where sending services report little, the number stopped before arrival is a floor.",
        ),
        rows,
        sankey.interceptions(rows, names, lead, ghosts),
        height=430,
        stage_height=440,
        alt="; ".join(
            f"{wording.SIDES[str(side)]}: {count(n)}"
            for side, n in rows.groupby("interception_side").seizures.sum().items()
        ),
        columns={
            "interception_side": "Who stopped it",
            "destination_basis": "Who says where it was going",
            "destination_recorded_code": "Destination in the row",
            "destination_country_code": "Destination as read",
        },
    )


def matrix(fetch: Fetch, view: View) -> Figure:
    """Departure × destination, as filtered; a click keeps that departure and destination."""
    rows = fetch("charts/corridors", scope=view.scope)
    by = rows.groupby("departure_country_code").seizures.sum().sort_values(ascending=False)
    named = by.drop(UNKNOWN, errors="ignore")
    shown = [*named.index[:MATRIX_ROWS], *([UNKNOWN] if UNKNOWN in by.index else [])]
    wanted = list(view.scope.destinations or DESTINATIONS)
    columns = wanted if view.scope.destinations else [*wanted, ELSEWHERE, UNKNOWN]
    ends = rows.destination_country_code.where(rows.destination_country_code.isin([*wanted, UNKNOWN]), ELSEWHERE)
    cells_of = rows.groupby([rows.departure_country_code, ends]).seizures.sum()
    values = {(str(start), str(end)): int(number) for (start, end), number in cells_of.items() if start in shown}
    silent_columns = {code for code in wanted if code not in set(rows.destination_country_code)}
    names = {code: wording.country(code) for code in [*shown, *wanted, UNKNOWN]} | {ELSEWHERE: "Elsewhere"}
    more = len(named) - MATRIX_ROWS
    return Figure(
        "flow_matrix",
        _senders(named, int(by.sum())),
        "Seizures by departure and destination as read",
        captions.caption(
            fetch,
            view,
            silent="Hatched: no counted row leads there."
            + (
                f" {count(more)} further departure{plural(more)} {'is' if more == 1 else 'are'} in the table."
                if more > 0
                else ""
            ),
        ),
        rows,
        cells.matrix(shown, columns, values, silent_columns, names),
        height=max(200, 60 + 30 * len(shown)),
        span=0.55,
        alt="; ".join(f"{names[code]}: {count(n)}" for code, n in by.head(6).items()),
        hint="Click a cell, or use the filters above, to keep that corridor.",
        columns={
            "departure_country_code": "Stated start of the journey",
            "destination_country_code": "Destination as read",
        },
    )


def _senders(named: pd.Series, whole: int) -> str:
    """Who holds most of the seizures that name a departure; a departure that is not stated is no sender.

    Args:
        named: departure → seizures, most first, without those that are not stated.
        whole: seizures, those included.
    """
    if not whole:
        return "No departure in this scope"
    if named.empty:
        return (
            f"None of {count(whole)} seizures names its departure"
            if whole > 1
            else "The one seizure names no departure"
        )
    total = int(named.sum())
    of = f"{count(total)} seizure{plural(total)}"
    if total < whole:
        of += f" that name{'s' if total == 1 else ''} a departure"
    if len(named) <= LEADING:
        who = wording.joined([wording.spoken(str(code)) for code in named.index])
        return (
            f"The one seizure left from {who}"
            if whole == 1
            else f"{who[:1].upper()}{who[1:]} sent {'all ' if total > 1 else ''}{of}"
        )
    return f"{spell(LEADING).capitalize()} senders hold {share(float(named.head(LEADING).sum()), total)} of {of}"


def cases(fetch: Fetch, view: View) -> Figure:
    """Published single cases with both ends stated: what is known of lanes that no counted row shows."""
    rows = published_lanes(fetch, view)
    rows = rows[rows.measure.isin(("kg", "grams", "lbs", "tablets", "n_seizures", "n_mail_items"))]
    units = {
        "kg": "kg",
        "grams": "g",
        "lbs": "lb",
        "tablets": "tablets",
        "n_seizures": "seizures",
        "n_mail_items": "items",
    }
    listed = [
        (
            f"{wording.country(r.departure_country_code)} → {r.destination_words or wording.country(r.destination_country_code)}",
            f"{r.period_from:%b %Y}" if pd.notna(r.period_from) else "undated",
            r.drug_reported,
            f"{r.value:g} {units[r.measure].removesuffix('s') if r.value == 1 else units[r.measure]}",
            r.publisher,
        )
        for r in rows.head(LANES_SHOWN).itertuples()
    ]
    caption = replace(
        captions.caption(fetch, view, silent="Cases overlap, so they are never summed and never enter a count."),
        counted="Reference only.",
        left_out=f"{count(len(rows))} published figures name both ends; the {count(len(listed))} newest are shown.",
        sources="releases of the services named, as listed among the published figures",
    )
    return Figure(
        "flow_cases",
        "What published cases say of these lanes"
        if len(listed)
        else "No published case names both ends of these lanes",
        "Published figures of any year by post or courier, both ends stated, newest first",
        caption,
        rows,
        body=tables.plain(("Lane", "When", "Drug", "Amount", "Told by"), listed, numeric=[3]),
        is_context=True,
        why_not=""
        if listed
        else "No published figure of these lanes names both ends; releases of services would add it",
        span=0.45,
        alt=f"{len(rows)} published figures",
        columns={"value": "The figure as published", "measure": "What it counts"},
    )
