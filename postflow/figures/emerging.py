"""Emerging: what is new or unusual in the newest months, against chance, ranked, ten at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from postflow import captions, disclosure, wording
from postflow.analysis import emerging as method
from postflow.analysis.breaks import segments
from postflow.analysis.result import Table
from postflow.figure import Figure
from postflow.figures import tables, told
from postflow.figures.told import Basis
from postflow.numbers import count
from postflow.scope import UNKNOWN
from postflow.view import Fetch, View

SPANS = {"3": "three months", "6": "six months", "12": "twelve months"}
KINDS = {
    "corridor": "corridor",
    "channel": "channel",
    "concealment": "hidden in",
    "form": "form of the drug",
    "declared_contents": "declared as",
    "parcel_weight": "parcel weight",
}
"""Detection methods are left out: they say what services do, not what is sent."""
SENSITIVE = ("concealment", "declared_contents")
"""Kinds whose counts are protected (docs/method.md): listed from ``disclosure.LEAST_LISTED`` seizures on."""
MARK = "|"


def span(basis: Basis, months: int) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The newest finished months; None where nobody reported any."""
    told_months = basis.finished.dropna().index
    return (told_months[-1] - pd.DateOffset(months=months - 1), told_months[-1]) if len(told_months) else None


def found(fetch: Fetch, view: View, basis: Basis, months: int) -> Table:
    """Every kind of category tested as one list, so that false discovery is held over all of them.

    Args:
        fetch: runs ``charts/seizures_by_month_and_detail`` and ``charts/seizures_by_period_and_reporter``.
        view: what the reader looks at.
        basis: months by any dimension, for the finished months and the reporters.
        months: how many of the newest months are looked at.
    """
    view, basis = view.from_the_start, told.compared(fetch, basis)
    period = span(basis, months)
    if period is None:
        return Table.cannot(method.METHOD, "Nobody reported a month of this scope, so nothing can stand out.")
    coded, note = _detailed(fetch, view, period)
    for kind in ("corridor", "channel"):
        rows = fetch("charts/seizures_by_period_and_reporter", scope=view.scope, period="month", dimension=kind)
        coded.append(rows.assign(category=kind + MARK + rows["category"]))
    rows = pd.concat([part[["period_start", "category", "seizures"]] for part in coded], ignore_index=True)
    rows = rows[~rows["category"].str.contains(rf"unknown|{UNKNOWN}|\|other$", regex=True)].dropna(
        subset=["period_start"]
    )
    rows = rows[pd.to_datetime(rows["period_start"]) <= period[1]]
    since = segments(basis.finished, basis.events, basis.reporters)[-1].index[0]
    newest = pd.to_datetime(rows["period_start"]) >= since
    told_since = pd.to_datetime(basis.reporting["period_start"]) >= since
    answer = method.emerging(rows[newest], *period, basis.reporting[told_since])
    return _told(_seen(answer, rows, period[0]), note)


def _detailed(fetch: Fetch, view: View, period: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[list[pd.DataFrame], str]:
    """Details by month, and what is to be said of those that are left out.

    What is sensitive stands in the period as one count, in its last month: that is the number that the other pages show
    for it, and is moved by chance once. Where a month holds too few seizures to be split, it is not tested at all.
    """
    rows = fetch("charts/seizures_by_month_and_detail", scope=view.scope)
    rows = rows[rows["dimension"].isin(list(KINDS))]
    of_month = pd.to_datetime(rows["period_start"])
    sensitive = rows["dimension"].isin(SENSITIVE)
    plain = rows[~sensitive & rows["category"].notna()]
    since = period[0] - pd.DateOffset(months=method.BASELINE_MONTHS)
    untold = of_month[sensitive & rows["seizures"].isna() & (of_month >= since) & (of_month <= period[1])].nunique()
    if untold:
        note = (
            f"Hiding places and contents are not tested: {count(untold)} of the months hold fewer than "
            f"{disclosure.LEAST} seizures and may not be split."
        )
        return [_coded(plain)], note
    past = rows[sensitive & rows["category"].notna() & (of_month < period[0])]
    first = max(filter(None, (view.scope.month_from, period[0].date())))
    now = fetch("charts/seizures_by_detail", scope=replace(view.scope, month_from=first, month_to=period[1].date()))
    now = now[now["dimension"].isin(SENSITIVE) & now["category"].notna()].assign(period_start=period[1])
    return [_coded(part) for part in (plain, past, now)], ""


def _coded(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(category=rows["dimension"] + MARK + rows["category"])


def _told(answer: Table, note: str) -> Table:
    """The answer without what noise alone can make: protected counts that are small."""
    if not answer.can_say:
        return answer
    notes = [note] if note else []
    table = answer.rows.copy()
    if not table.empty:
        sensitive = table["category"].str.split(MARK, regex=False).str[0].isin(SENSITIVE)
        # A zero of the months before may be one or two.
        table.loc[sensitive & (table["kind"] == "new"), "kind"] = "new or nearly"
        if sensitive.any():
            notes.append(disclosure.MOVED)
        table = table[~sensitive | (table["seizures"] >= disclosure.LEAST_LISTED)].reset_index(drop=True)
    if lost := len(answer.rows) - len(table):
        least = disclosure.LEAST_LISTED
        notes.append(f"{lost} of concealment or contents with fewer than {least} seizures may not be listed.")
    return replace(answer, rows=table, warnings=(*answer.warnings, *notes))


def _seen(answer: Table, rows: pd.DataFrame, start: pd.Timestamp) -> Table:
    """First and last seen over all months: the forecast stops at a gap or a break, what was ever seen does not."""
    if not answer.can_say or answer.rows.empty:
        return answer
    seen = rows[rows["seizures"] > 0].assign(month=pd.to_datetime(rows["period_start"]))
    table = answer.rows.copy()
    table["first_seen"] = table["category"].map(seen.groupby("category")["month"].min())
    table["last_seen"] = table["category"].map(seen[seen["month"] < start].groupby("category")["month"].max())
    table["kind"] = ["new" if pd.isna(last) else "unusual" for last in table["last_seen"]]
    return replace(answer, rows=table)


def name(category: str) -> str:
    """``corridor: Belgium → US``."""
    kind, value = category.split(MARK, 1)
    if kind == "corridor":
        start, end = value.split("-", 1)
        value = f"{wording.country(start)} → {wording.SHORT.get(end) or wording.country(end)}"
    if kind == "channel":
        value = wording.CHANNELS.get(value, value)
    return f"{KINDS[kind]}: {value}"


def listed(fetch: Fetch, view: View, answer: Table, basis: Basis, months: int) -> Figure:
    """The ranked list: seizures, what chance would bring, first and last seen."""
    period = span(basis, months)
    when = wording.span(*period) if period else "no month"
    measure = f"{when}, against a forecast from up to 36 months before: corridors, channels, concealments, contents, forms, parcel weights"
    if not answer.can_say:
        return told.cannot(fetch, view, "emerging", "What is new or unusual cannot be told here", measure, answer)
    rows = answer.rows.head(method.TOP).copy()
    silent = (
        f"Ranked by how unlikely chance is; false discovery held at 5 % over the whole list. {told.warnings(answer)}"
    )
    if rows.empty:
        head, body = f"Nothing stands out in {when}", told.why(answer.sentence)
    else:
        lines = [
            (
                n,
                name(r.category),
                count(r.seizures),
                f"{r.expected:.1f}",
                f"×{r.times:.1f}" if pd.notna(r.times) and r.times < 1e6 else "–",
                r.kind,
                _month(r.first_seen),
                _month(r.last_seen),
            )
            for n, r in enumerate(rows.itertuples(), 1)
        ]
        first = rows.iloc[0]
        head = f"{told.first_up(name(first.category))} stands out most: {count(first.seizures)} seizures where {first.expected:.0f} were to be expected"
        body = tables.plain(
            ("", "what", "seizures", "expected", "times", "kind", "first seen", "seen before"), lines, numeric=(2, 3, 4)
        )
    rows.insert(0, "what", [name(category) for category in rows["category"]])
    return Figure(
        "emerging",
        head,
        measure,
        captions.caption(fetch, view, silent=f"{silent} {told.beyond(view)}".strip()),
        rows,
        body=body,
        alt="; ".join(f"{row.what}: {count(row.seizures)}, expected {row.expected:.1f}" for row in rows.itertuples())
        or head,
        columns={
            "what": "What stands out",
            "seizures": "Seizures in the period",
            "expected": "Forecast from the months before",
            "upper": "Upper end of the forecast",
            "times": "Seizures over forecast",
            "p": "Chance of as many or more",
            "q": "The same, corrected for the length of the list",
            "kind": "new: never seen before; new or nearly: a protected count of none; unusual: seen before, now more",
            "first_seen": "First month seen",
            "last_seen": "Last month seen before this period",
        },
    )


def _month(value: object) -> str:
    return f"{value:%b %Y}" if pd.notna(value) else "never"  # type: ignore[call-overload]


def narrowings(answer: Table, basis: Basis, months: int) -> dict[str, Mapping[str, object]]:
    """Each line's words → the filters that lead to its rows; kinds that no filter knows lead to the period's rows.

    Returns:
        words → fields of the choice: since, until, and departure and destination, or channel.
    """
    period = span(basis, months)
    if not answer.can_say or period is None:
        return {}
    when: dict[str, object] = {"since": f"{period[0]:%Y-%m}", "until": f"{period[1]:%Y-%m}"}
    ways: dict[str, Mapping[str, object]] = {}
    for n, category in enumerate(answer.rows["category"].head(method.TOP), 1):
        kind, value = str(category).split(MARK, 1)
        fields: dict[str, object] = {}
        if kind == "corridor":
            start, end = value.split("-", 1)
            fields = {"departure": (start,), "destination": (end,)}
        elif kind == "channel":
            fields = {"channel": (value,)}
        note = "" if fields else " (all rows of the months)"
        ways[f"{n} {name(str(category))}{note}"] = when | fields
    return ways
