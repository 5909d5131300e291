"""The parcel: what does it look like now? Weights by year, channels, contents by form, how it was found."""

from __future__ import annotations

import pandas as pd

from postflow import captions, disclosure, wording
from postflow.charts import spans as span_drawing
from postflow.figure import Figure
from postflow.figures import details, tables, told
from postflow.numbers import count, share, weight
from postflow.table import Body, Cell, Column, Table
from postflow.view import Fetch, View

WEIGHTS = {"parcel": "the whole parcel", "drug": "the drug in it"}
ACROSS = {"declared_contents": "declared as", "concealment": "hidden in"}
LEAST_WEIGHED = 5
LEAST_MIXED = 5
"""A year of fewer seizures would show 100 % of next to nothing."""
LEAST_DRAWN, MOST_DRAWN = 0.0001, 1000.0
MOST_LINES = 10


def weights(fetch: Fetch, view: View, of: str) -> Figure:
    """Quantiles of the weight by year, on a log axis."""
    measure = (
        f"Weight of {WEIGHTS[of]} by year of seizure, single seizures: median, middle half (thick), 5 to 95 % (thin)"
    )
    rows = fetch("charts/parcels", scope=view.scope)
    rows = rows[rows["weight"] == of]
    enough = rows[rows["weighed"] >= LEAST_WEIGHED].reset_index(drop=True)
    if enough.empty:
        other = "the drug in it" if of == "parcel" else "the whole parcel"
        if not rows["records"].sum():
            why = (
                "The rows of this scope stand for several seizures at once, so the weight of a single one is not known."
            )
            return told.cannot(
                fetch, view, "parcel_weights", f"What {WEIGHTS[of]} weighs is not known here", measure, why
            )
        why = f"No year has {LEAST_WEIGHED} single seizures with the weight of {WEIGHTS[of]}: {count(rows['weighed'].sum())} of {count(rows['records'].sum())} have one. The weight of {other} is counted apart."
        return told.cannot(fetch, view, "parcel_weights", f"What {WEIGHTS[of]} weighs is not known here", measure, why)
    drawn = enough.rename(
        columns={"median": "value", "p5": "low", "p95": "high", "p25": "inner_low", "p75": "inner_high"}
    )
    drawn["name"] = drawn["seized_year"].astype(str)
    drawn["words"] = [f"{weight(r.value)}  of {count(r.weighed)}" for r in drawn.itertuples()]
    low, high = max(LEAST_DRAWN, float(drawn["low"].min())), min(MOST_DRAWN, float(drawn["high"].max()))
    powers = [10.0**n for n in range(-4, 4)]
    marks = [m for m in powers if low / 10 < m < high * 10]
    left_out = [str(year) for year in rows.loc[rows["weighed"] < LEAST_WEIGHED, "seized_year"]]
    silent = (
        f"Years with fewer than {LEAST_WEIGHED} weighed seizures are left out: {wording.joined(left_out)}."
        if left_out
        else ""
    )
    return Figure(
        "parcel_weights",
        _weights_headline(drawn, of),
        measure,
        captions.caption(
            fetch, view, silent=f"{silent} Sources that count several seizures in a row are left out.".strip()
        ),
        enough.drop(columns="weight"),
        span_drawing.spans(drawn, span_drawing.Axis(marks, [weight(m) for m in marks], is_log=True)),
        alt="; ".join(f"{r.name}: median {r.words}" for r in drawn.itertuples(index=False)),
        height=70 + 30 * len(drawn),
        columns={
            "seized_year": "Year of seizure",
            "records": "Single seizures",
            "weighed": "Of these with a weight",
            "p5": "5 % weigh less, kg",
            "p25": "A quarter weigh less, kg",
            "median": "Half weigh less, kg",
            "p75": "Three quarters weigh less, kg",
            "p95": "95 % weigh less, kg",
        },
    )


def _weights_headline(drawn: pd.DataFrame, of: str) -> str:
    last, first = drawn.iloc[-1], drawn.iloc[0]
    now = f"Half of {'parcels' if of == 'parcel' else 'seizures'} of {last['name']} weigh {weight(last.value)} or less"
    if len(drawn) == 1:
        return now
    # Middle halves that do not meet are a difference that no few parcels can make.
    apart = last.inner_low > first.inner_high or last.inner_high < first.inner_low
    return f"{now}; in {first['name']} {weight(first.value)}" + ("" if apart else ", and their middle halves overlap")


def channels(fetch: Fetch, view: View) -> Figure:
    """The channel mix by year, in per cent of the seizures whose channel is known."""
    measure = "Share of seizures by channel and year, of those whose channel is known"
    rows = fetch(
        "charts/seizures_by_period_and_category", scope=view.scope, period=view.basis, dimension="channel"
    ).dropna(subset=["period_start"])
    known = rows[rows["category"] != "unknown"]
    if known.empty:
        return told.cannot(
            fetch,
            view,
            "parcel_channels",
            "No row says how the drug travelled",
            measure,
            "The channel is unknown on every row of this scope.",
            0.5,
        )
    wide = known.pivot_table(index="category", columns="period", values="seizures", aggfunc="sum", fill_value=0)
    wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False).index]
    shown = [label for label in wide if wide[label].sum() >= LEAST_MIXED][-8:]
    if not shown:
        return told.cannot(
            fetch,
            view,
            "parcel_channels",
            "Too few seizures for a mix of channels",
            measure,
            f"No year has {LEAST_MIXED} seizures with a known channel.",
            0.5,
        )
    lines = [[(wide.at[code, label], wide[label].sum()) for label in shown] for code in wide.index]
    last = shown[-1]
    lead = wide[last].idxmax()
    lost = int(rows.loc[rows["category"] == "unknown", "seizures"].sum())
    silent = [f"{count(lost)} have no known channel and are in no share." if lost else ""]
    if thin := sum(wide[label].sum() < LEAST_MIXED for label in wide):
        silent.append(f"Years with fewer than {LEAST_MIXED} such seizures are not drawn ({count(thin)}).")
    return Figure(
        "parcel_channels",
        f"{share(wide.at[lead, last], wide[last].sum())} of seizures in {last} came by {wording.CHANNELS.get(lead, lead)}",
        measure,
        captions.caption(fetch, view, silent=" ".join(filter(None, silent))),
        known[["period", "category", "seizures"]],
        body=_grid([wording.CHANNELS.get(code, code) for code in wide.index], shown, lines, as_share=True),
        alt="; ".join(f"{wording.CHANNELS.get(c, c)} {share(wide.at[c, last], wide[last].sum())}" for c in wide.index),
        span=0.5,
        columns={"period": "Year", "category": "Channel", "seizures": "Number of seizures"},
    )


def contents(fetch: Fetch, view: View, across: str) -> Figure:
    """What the parcel was said to hold, or what hid the drug, by the drug's form."""
    measure = f"Seizures by form of the drug and what it was {ACROSS[across]}"
    rows = fetch("charts/contents_by_form", scope=view.scope)
    rows = rows[rows["dimension"] == across].drop(columns="dimension")
    key = f"parcel_{across}"
    what = "declared contents" if across == "declared_contents" else "concealment"
    told_of = rows[rows["category"].isna()]
    whole = told_of.loc[told_of["form"].isna(), "seizures"]
    if whole.empty or whole.iloc[0] == 0:
        why = f"No row of this scope, or next to none, gives both the {what} and the form of the drug."
        return told.cannot(fetch, view, key, f"What parcels were {ACROSS[across]} is not known here", measure, why, 0.5)
    hidden = list(told_of.loc[told_of["form"].notna() & told_of["seizures"].isna(), "form"])
    cells = rows[rows["category"].notna() & rows["form"].notna()]
    if cells.empty:
        why = f"No form of the drug has {disclosure.LEAST} seizures here; fewer are not split by {what}."
        return told.cannot(
            fetch, view, key, f"What parcels were {ACROSS[across]} may not be told apart here", measure, why, 0.5
        )
    wide = _wide(cells.rename(columns={"category": across}), across, hidden)
    top, form = wide.stack().dropna().astype(int).idxmax()
    most = int(wide.at[top, form])
    head = f"The fullest cell: {form}, {ACROSS[across]} {top}, {count(most)} of {count(whole.iloc[0])} seizures"
    return Figure(
        key,
        head,
        measure,
        captions.caption(
            fetch, view, silent=f"Rows that lack one of the two are left out. {disclosure.words(len(hidden))}"
        ),
        wide.reset_index(),
        body=_grid(list(wide.index), list(wide.columns), [[(v, most) for v in line] for line in wide.to_numpy()]),
        alt=head,
        span=0.5,
        columns={
            across: told.first_up(ACROSS[across]),
            **{str(c): f"Seizures as {c}{'; hidden' if c in hidden else ''}" for c in wide.columns},
        },
    )


def _wide(cells: pd.DataFrame, across: str, hidden: list[str]) -> pd.DataFrame:
    """The fullest lines by form, zero where no cell is; forms that may not be split are empty columns at the end."""
    wide = cells.pivot_table(index=across, columns="form", values="seizures", aggfunc="sum", fill_value=0).astype(
        "Int64"
    )
    wide = wide.sort_index().loc[
        lambda part: part.sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_LINES]
    ]
    wide = wide[wide.sum().sort_values(ascending=False, kind="stable").index]
    return wide.assign(**{form: pd.array([pd.NA] * len(wide), dtype="Int64") for form in hidden})


def _grid(names: list[str], heads: list[str], cells: list[list[tuple[float, float]]], as_share: bool = False) -> Body:
    """Rows of shaded cells, darker = more; a hidden one is hatched and empty."""

    def cell(value: float, whole: float) -> Cell:
        if pd.isna(value):
            return Cell(hidden=disclosure.WORD)
        depth = float(value) / float(whole) if whole else 0.0
        return Cell("0" if not value else share(value, whole) if as_share else count(value), depth=depth)

    columns = (Column(""), *(Column(str(head), "number") for head in heads))
    rows = tuple((Cell(str(name)), *(cell(v, w) for v, w in line)) for name, line in zip(names, cells, strict=True))
    return (Table(columns, rows, "grid"),)


def detection(fetch: Fetch, view: View) -> Figure:
    """How the parcel was found."""
    return _counted(
        fetch,
        view,
        "detection_method",
        "parcel_detection",
        "How parcels are found",
        "What is found by a method says what services do: hit rates of picked parcels say nothing of the stream.",
    )


def advance(fetch: Fetch, view: View) -> Figure:
    """Was there advance data, and how good?"""
    return _counted(
        fetch,
        view,
        "advance_data",
        "parcel_advance",
        "What was known in advance",
        "Of seized parcels only: without the data of all parcels no rate can be told.",
    )


def _counted(fetch: Fetch, view: View, dimension: str, key: str, subject: str, silent: str) -> Figure:
    found = details.by_detail(fetch, view, dimension)
    words = dimension.replace("_", " ")
    measure = f"Seizures by {words}, of those where it is told"
    if found.known is None:
        why = f"The scope holds {count(found.whole)} seizures; fewer than {disclosure.LEAST} are not split by {words}."
        return told.cannot(fetch, view, key, f"{subject} may not be told apart here", measure, why, 0.5)
    if not found.known or found.rows.empty:
        why = f"No row of this scope, or next to none, gives the {words}."
        return told.cannot(fetch, view, key, f"{subject} is not known here", measure, why, 0.5)
    known = found.known  # moved by chance as its parts are: one of them can come out above it
    lines = [
        tables.Ranked(
            str(r.category),
            (("transit", float(r.seizures)),),
            count(r.seizures),
            tables.of_total(min(r.seizures, known), known),
        )
        for r in found.rows.itertuples()
    ]
    if found.whole > known:
        lines.append(tables.Ranked("not told", (), "", note=f"{count(found.whole - known)} of {count(found.whole)}"))
    top = found.rows.iloc[0]
    return Figure(
        key,
        f"{told.first_up(str(top.category))}: {share(min(top.seizures, known), known)} of {count(known)} seizures where it is told",
        measure,
        captions.caption(fetch, view, silent=f"{silent} {disclosure.words(0)}"),
        found.rows,
        body=tables.ranked(lines, (words, "seizures", "share")),
        alt="; ".join(f"{line.name}: {line.value or line.note}" for line in lines),
        span=0.5,
        columns={"category": told.first_up(words), "seizures": "Number of seizures, moved by chance"},
    )
