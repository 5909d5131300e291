"""Mirror: per corridor, what the sending side stopped beside what the receiving side stopped."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from postflow import captions, wording
from postflow.analysis import mirror as method
from postflow.analysis.result import Table
from postflow.analysis.series import dispersion
from postflow.charts import compare
from postflow.charts import lines as line_drawing
from postflow.charts import spans as span_drawing
from postflow.charts.lines import Line, Look
from postflow.figure import Figure
from postflow.figures import tables, told
from postflow.figures.told import Basis
from postflow.numbers import MINUS, count, share
from postflow.view import Fetch, View

BASES = {"recorded": "destination as recorded", "read": "recorded or inferred"}
SHOWN = 10
OVER_TIME = 4
LEAST_PAIR = 5
"""Seizures of both sides together below which an asymmetry is not drawn."""
MARKS = [-1, -0.5, 0, 0.5, 1]
TOLD = "−1: all stopped by the sending side. +1: all by the receiving side."
MEANINGS = {
    "departure_country_code": "Stated start of the journey",
    "destination_country_code": "End of the journey on this basis",
    "sender": "Stopped by the sending side",
    "receiver": "Stopped by the receiving side",
    "asymmetry": "(receiving − sending) / (receiving + sending)",
    "share_destination_unknown": "Of all seizures with this departure: no destination on this basis",
    "basis": "How the destination is read",
}


def found(fetch: Fetch, view: View, basis: Basis) -> Table:
    """The mirror of a view, both bases; intervals widened by the dispersion of its months."""
    rows = fetch("charts/interceptions", scope=view.scope.without("destinations"))
    return _wanted(method.mirror(rows, phi=dispersion(basis.finished)), view)


def _wanted(table: Table, view: View) -> Table:
    """The corridors to the destinations in view. They are chosen last: a seizure without one belongs to the unknown share."""
    if not table.can_say or view.scope.destinations is None:
        return table
    rows = table.rows[table.rows["destination_country_code"].isin(view.scope.destinations)]
    if rows.empty:
        return Table.cannot(
            method.METHOD,
            "No seizure here has a known departure, a known side and one of these destinations, so nothing mirrors.",
        )
    return replace(table, rows=rows)


def _name(row: object) -> str:
    return f"{wording.country(row.departure_country_code)} → {wording.SHORT.get(row.destination_country_code) or wording.country(row.destination_country_code)}"  # type: ignore[attr-defined]


def _largest(table: Table, basis: str) -> pd.DataFrame:
    rows = table.rows[(table.rows["basis"] == basis)].copy() if table.can_say else pd.DataFrame()
    if rows.empty:
        return rows
    rows["both"] = rows["sender"] + rows["receiver"]
    rows = rows[rows["both"] > 0].sort_values("both", ascending=False, kind="stable").head(SHOWN)
    rows["name"] = [_name(row) for row in rows.itertuples()]
    return rows.reset_index(drop=True)


def pairs(fetch: Fetch, view: View, table: Table, basis: str) -> Figure:
    """The dumbbell per corridor: hollow = sending side, solid = receiving side."""
    measure = f"Seizures by corridor, {BASES[basis]}: hollow stopped by the sending side, solid by the receiving side"
    rows = _largest(table, basis)
    if rows.empty:
        return told.cannot(
            fetch, view, "mirror_pairs", "Nothing can be mirrored here", measure, _why_none(table, basis)
        )
    drawn = rows.rename(columns={"sender": "before", "receiver": "after"})
    return Figure(
        "mirror_pairs",
        _headline(rows),
        measure,
        captions.caption(fetch, view, silent=told.warnings(table)),
        rows.drop(columns=["name", "sentence"]),
        compare.dumbbell(drawn, ("sending side", "receiving side"), "ink"),
        alt="; ".join(
            f"{row['name']}: sending {count(row['sender'])}, receiving {count(row['receiver'])}"
            for _, row in rows.iterrows()
        ),
        height=80 + 34 * len(rows),
        columns=MEANINGS,
    )


def _why_none(table: Table, basis: str) -> str:
    if not table.can_say:
        return table.sentence
    if basis == "recorded" and (table.rows["basis"] == "read").any():
        return "No seizure here records its destination together with a known side. Inferred destinations come from the place of seizure, so they can only add to the receiving side: such a corridor has one end."
    return "No corridor here was stopped by either end."


def _headline(rows: pd.DataFrame) -> str:
    sent, received = int(rows["sender"].sum()), int(rows["receiver"].sum())
    if not sent or not received:
        silent = "sending" if not sent else "receiving"
        number = count(sent + received)
        return f"Only one end reports: {number} stopped by the {'receiving' if not sent else 'sending'} side, none by the {silent} side"
    more = rows[rows["low"] > 0], rows[rows["high"] < 0]
    if len(rows) == 1:
        side = "receiving" if len(more[0]) else "sending" if len(more[1]) else ""
        return (
            f"{_name(rows.iloc[0])}: "
            + (f"the {side} side stops more" if side else "neither end clearly stops more")
            + f", {count(sent)} sending and {count(received)} receiving"
        )
    clear = [
        f"the receiving side stops more on {len(more[0])}" if len(more[0]) else "",
        f"the sending side on {len(more[1])}" if len(more[1]) else "",
    ]
    said = " and ".join(filter(None, clear))
    return (
        f"Of {len(rows)} corridors, {said}; on {len(rows) - len(more[0]) - len(more[1])} neither clearly"
        if said
        else f"On none of {len(rows)} corridors does one end clearly stop more"
    )


def asymmetry(fetch: Fetch, view: View, table: Table, basis: str) -> Figure:
    """The asymmetry per corridor with its interval, and the share of unknown destination beside it."""
    measure = "Asymmetry by corridor with 95 % interval; beside it the share of the departure’s seizures whose destination is unknown"
    rows = _largest(table, basis)
    rows = rows[rows["both"] >= LEAST_PAIR].reset_index(drop=True) if len(rows) else rows
    if rows.empty:
        why = (
            f"No corridor has {LEAST_PAIR} seizures stopped by either end on this basis."
            if table.can_say
            else table.sentence
        )
        return told.cannot(fetch, view, "mirror_asymmetry", "No asymmetry can be told", measure, why)
    if not rows["sender"].sum() or not rows["receiver"].sum():
        why = f"{_headline(rows)}. Whether the other end found nothing or told nothing is not known, so no asymmetry is drawn."
        return told.cannot(fetch, view, "mirror_asymmetry", "No asymmetry can be told from one end", measure, why)
    rows["value"] = rows["asymmetry"]
    rows["is_clear"] = (rows["low"] > 0) | (rows["high"] < 0)
    rows["words"] = [
        f"{_signed(row.asymmetry)} ({_signed(row.low)} to {_signed(row.high)}) · {share(row.share_destination_unknown, 1)} unknown"
        for row in rows.itertuples()
    ]
    worst = rows.loc[rows["share_destination_unknown"].idxmax()]
    axis = span_drawing.Axis(
        MARKS,
        ["−1", "−½", "0", "½", "1"],
        level=0,
        left_words="sending side stops more",
        right_words="receiving side stops more",
    )
    return Figure(
        "mirror_asymmetry",
        f"From {wording.spoken(worst.departure_country_code)}, {share(worst.share_destination_unknown, 1)} of seizures have no destination: the mirror is only as good as that"
        if worst.share_destination_unknown > 0
        else "Every seizure of these departures has a destination on this basis",
        measure,
        captions.caption(fetch, view, silent=f"{TOLD} {told.warnings(table)}"),
        rows.drop(columns=["words", "sentence", "value", "is_clear"]),
        span_drawing.spans(rows, axis),
        alt="; ".join(f"{row['name']}: {row['words']}" for _, row in rows.iterrows()),
        height=90 + 30 * len(rows),
        columns=MEANINGS,
    )


def _signed(value: float) -> str:
    return f"{'+' if value > 0.005 else MINUS if value < -0.005 else ''}{abs(value):.2f}"


def over_time(fetch: Fetch, view: View, basis: str, months: Basis) -> Figure:
    """The asymmetry of the largest corridors by year, with intervals.

    Args:
        fetch: runs ``charts/interceptions_by_period`` and ``charts/reporters_by_period``.
        view: what the reader looks at.
        basis: how destinations are read.
        months: tells which months are still being reported; a year that holds one leans to the quicker side.
    """
    measure = f"Asymmetry by year of seizure, the largest corridors, {BASES[basis]}, 95 % interval"
    rows = fetch("charts/interceptions_by_period", scope=view.scope.without("destinations"), period=view.basis).dropna(
        subset=["period_start"]
    )
    if months.open:
        rows = rows[pd.to_datetime(rows["period_start"]) + pd.DateOffset(months=12) <= months.open[0]]
    table = (
        method.mirror(rows, by=("period_start",))
        if len(rows)
        else Table.cannot(method.METHOD, "No dated seizure is in this scope.")
    )
    table = _wanted(table, view)
    if not table.can_say:
        return told.cannot(fetch, view, "mirror_over_time", "No asymmetry over time", measure, table)
    mine = table.rows[table.rows["basis"] == basis].assign(both=lambda part: part["sender"] + part["receiver"])
    whole = _whole(fetch("charts/reporters_by_period", scope=view.scope.without("destinations"), period=view.basis))
    mine = _alike(mine[mine["both"] >= LEAST_PAIR], whole)
    mine["name"] = [_name(row) for row in mine.itertuples()]
    two = mine.groupby("name").agg(
        both=("both", "sum"), years=("period_start", "nunique"), ends=("asymmetry", lambda a: a.abs().min() < 1)
    )
    shown = list(two[(two["years"] > 1) & two["ends"]].sort_values("both", ascending=False).head(OVER_TIME).index)
    if not shown:
        why = "No corridor has two years that both ends reported in full, five seizures and more a year; a year that one end did not report always leans to the other."
        return told.cannot(fetch, view, "mirror_over_time", "No asymmetry over time", measure, why)
    wanted = mine[mine["name"].isin(shown)]
    items = _lines(wanted, shown)
    ends = [(name, wanted[wanted["name"] == name].sort_values("period_start")) for name in shown]
    return Figure(
        "mirror_over_time",
        _moved(ends),
        measure,
        captions.caption(
            fetch,
            view,
            silent=f"{TOLD} Only years that both ends reported in full and whose reports are in. {told.warnings(table)}",
        ),
        wanted.drop(columns=["sentence"]),
        line_drawing.lines(
            items,
            Look("Asymmetry", level=0, bottom=-1.05, top=1.05, marks=MARKS, level_words="both ends stop as many"),
        ),
        alt="; ".join(
            f"{name}: " + ", ".join(f"{row.period_start:%Y} {_signed(row.asymmetry)}" for row in part.itertuples())
            for name, part in ends
        ),
        columns=MEANINGS | {"period_start": "First month of the year"},
        height=360,
    )


def _whole(reporting: pd.DataFrame) -> dict[tuple[str, pd.Timestamp], frozenset[str]]:
    """(country, period) → its services, of every period that each service heard there reported in full."""
    heard = reporting[reporting["months_reported"] > 0]
    return {
        (str(country), start): frozenset(mine["service_id"])
        for (country, start), mine in heard.groupby(["reporter_country_code", "period_start"])
        if (mine["months_reported"] >= mine["months_in_period"]).all()
    }


def _alike(rows: pd.DataFrame, whole: dict[tuple[str, pd.Timestamp], frozenset[str]]) -> pd.DataFrame:
    """The corridors' years that both ends reported in full, by the same services as in the newest such year."""
    ends = ("departure_country_code", "destination_country_code")
    told_by = [
        tuple(whole.get((str(getattr(row, end)), row.period_start), frozenset()) for end in ends)
        for row in rows.itertuples()
    ]
    whole_years = rows.assign(told_by=pd.Series(told_by, index=rows.index, dtype=object))
    whole_years = whole_years[pd.Series([all(both) for both in told_by], index=rows.index, dtype=bool)]
    if whole_years.empty:
        return rows.iloc[:0]
    whole_years = whole_years.sort_values("period_start", kind="stable")
    newest = whole_years.groupby(list(ends))["told_by"].transform("last")
    return whole_years[whole_years["told_by"] == newest].drop(columns="told_by")


def _lines(rows: pd.DataFrame, shown: list[str]) -> list[Line]:
    index = pd.DatetimeIndex(sorted(rows["period_start"].unique()))
    items = []
    for name, tint in zip(shown, ("ink", "transit", "ink3", "import"), strict=False):
        mine = rows[rows["name"] == name].set_index("period_start").reindex(index)
        low, high = (mine["low"], mine["high"]) if len(items) < 2 else (None, None)
        items.append(Line(name, mine["asymmetry"], tint, low, high))
    return items


def _moved(ends: list[tuple[str, pd.DataFrame]]) -> str:
    """The first corridor whose first and last intervals do not touch."""
    for name, part in ends:
        first, last = part.iloc[0], part.iloc[-1]
        if last.low > first.high or last.high < first.low:
            side = "receiving" if last.asymmetry > first.asymmetry else "sending"
            return f"{name} moved to the {side} side: {_signed(first.asymmetry)} in {first.period_start:%Y}, {_signed(last.asymmetry)} in {last.period_start:%Y}"
    return "No corridor clearly moved from one side to the other between its first and last year"


def both_bases(fetch: Fetch, view: View, table: Table) -> Figure:
    """The same corridors counted both ways, in a table."""
    measure = "The same corridors with destinations as recorded, and with inferred ones added"
    if not table.can_say:
        return told.cannot(fetch, view, "mirror_bases", "Nothing can be counted two ways", measure, table)
    keys = ["departure_country_code", "destination_country_code"]
    wide = table.rows.pivot_table(index=keys, columns="basis", values=["sender", "receiver", "transit"], aggfunc="sum")
    wide.columns = [f"{side}_{basis}" for side, basis in wide.columns]
    wide = wide.reset_index().fillna(0)
    for column in (f"{side}_{basis}" for side in ("sender", "transit", "receiver") for basis in BASES):
        wide[column] = wide[column].astype(int) if column in wide else 0
    wide = wide.sort_values(["receiver_read", "sender_read"], ascending=False, kind="stable").head(SHOWN)
    lines = [
        (
            _name(row),
            *(count(getattr(row, f"{side}_{basis}")) for basis in BASES for side in ("sender", "transit", "receiver")),
        )
        for row in wide.itertuples()
    ]
    recorded = int(table.rows.loc[table.rows["basis"] == "recorded", ["sender", "receiver"]].sum().sum())
    read = int(table.rows.loc[table.rows["basis"] == "read", ["sender", "receiver"]].sum().sum())
    return Figure(
        "mirror_bases",
        f"{count(recorded)} seizures stand on a recorded destination, {count(read)} once inferred ones are added",
        measure,
        captions.caption(
            fetch,
            view,
            silent="An inferred destination is read from the place of seizure, so it can only add to the receiving side.",
        ),
        wide,
        body=tables.plain(
            ("corridor", "sending, recorded", "transit", "receiving", "sending, with inferred", "transit", "receiving"),
            lines,
            numeric=range(1, 7),
        ),
        alt="; ".join(
            f"{line[0]}: recorded {line[1]} and {line[3]}, with inferred {line[4]} and {line[6]}" for line in lines
        ),
        columns=MEANINGS,
    )
