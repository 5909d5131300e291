"""Data room: can I trust this number?"""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd

from postflow import captions, disclosure, handling, vocabulary, wording
from postflow.charts import cells, compare
from postflow.drawing import GRAINS
from postflow.figure import Caption, Figure
from postflow.figures import tables
from postflow.figures.told import first_up
from postflow.numbers import count, plural, share, spell, weight
from postflow.scope import Scope
from postflow.table import Body, Cell, Column, Table
from postflow.view import Fetch, View

RECEIVING = ("NZ", "US", "AU")
FLAG_WORDS = {
    "destination_not_stated": "Destination not stated in the row",
    "destination_inferred": "Destination inferred",
    "no_kilograms": "No weight in kilograms",
    "no_factor": "No defensible factor for the unit",
    "departure_not_stated": "Departure not stated",
    "possible_duplicate": "Possible duplicate, identical row",
    "only_first_of_month": "Every date is the first of a month",
    "no_day": "Only the month or year is known",
    "fraction_of_a_piece": "Fraction of a tablet or piece",
    "zero_quantity": "Quantity of zero",
    "no_quantity": "No quantity",
    "no_count": "Kilograms without a number of seizures",
    "count_is_interval": "Number of seizures told as an interval",
    "quantity_is_interval": "Quantity told as an interval",
    "amount_of_several_drugs": "Amount told of several drugs together",
    "further_exhibit": "Further exhibit of a seizure",
    "date_can_be_read_two_ways": "Date that can be read in two ways",
    "purity_may_be_a_share": "Purity of 1 and less: percent, or a share",
    "unread_item_weight": "Weight of the item that cannot be read",
    "unread_purity_pct": "Purity that cannot be read",
    "unread_reported_on": "Date of report that cannot be read",
    "unread_suspects": "Number of suspects that cannot be read",
    "unread_arrests": "Number of arrests that cannot be read",
    "unread_case_opened_on": "Date of the case that cannot be read",
    "unread_prosecuted_on": "Date of prosecution that cannot be read",
    "unread_verdict_on": "Date of the verdict that cannot be read",
    "outlier": "Weight beyond belief",
}
NOT_SHOWN = ("destination_inferred", "no_factor", "only_first_of_month")
"""Flags that another line already tells."""


def _note(view: View, counted: str, left_out: str, sources: str, silent: str = "") -> Caption:
    """A caption of the whole pool, which the filters do not touch."""
    return Caption(
        counted,
        left_out,
        "none, the whole pool",
        f"to {view.data.data_through}",
        sources,
        view.data.version,
        "SYNTHETIC" if view.data.is_synthetic else "TLP:CLEAR",
        silent,
    )


def _marked(fetch: Fetch, view: View, caption: Caption) -> Caption:
    """The caption with the strictest mark of any source of the pool."""
    return (
        caption if view.data.is_synthetic else replace(caption, mark=handling.strictest(fetch("data_room/sources").tlp))
    )


def coverage(fetch: Fetch, view: View) -> Figure:
    """Reporter × year: the best evidence that the pool holds."""
    rows = fetch("data_room/coverage")
    named = fetch("data_room/named_as_departure", scope=replace(view.scope, departures=None))
    names_by = {str(r.departure_country_code): int(r.seizures) for r in named.itertuples()}
    sending = list(view.scope.departures or vocabulary.country_groups()["Western Europe"])[:14]
    receiving = [code for code in (view.scope.destinations or RECEIVING) if code not in sending][:6] or list(RECEIVING)
    counted = rows[rows.grain.isin(("route", "seizure", "month"))]
    first = (
        int(counted.year.min()) if len(counted) else 0
    )  # older published figures stand in the table of figures, not here
    shown = rows[rows.reporter_country_code.isin([*sending, *receiving]) & (rows.year >= first)]
    sending.sort(key=lambda code: -names_by.get(code, 0))
    names = {code: wording.country(code) for code in [*sending, *receiving]}
    total = sum(names_by.values())
    top = sending[0]
    own = int(shown[(shown.reporter_country_code == top) & (shown.grain == "route")]["rows"].sum())
    headline = (
        f"{first_up(wording.spoken(top))} is named in {share(names_by.get(top, 0), total)} of the seizures and contributes {count(own) if own else 'no'} row{plural(own)} with a route"
        if total
        else "No seizure in this scope names a departure"
    )
    caption = _note(
        view,
        f"{len(sending) + len(receiving)} services.",
        "A cell shows the best grain only; coarser files for the same year are kept as reference and never added.",
        "every source of the pool",
    )
    return Figure(
        "coverage",
        headline,
        "Best evidence held for each service and year on MDMA and ketamine; numbers are rows. Right: how often it is named as departure",
        _marked(fetch, view, caption),
        shown,
        cells.coverage(
            shown,
            {"Sending services": sending, "Receiving services": receiving},
            names_by,
            names,
            "named as departure",
        )
        if len(shown)
        else None,
        body=_grains(),
        height=90 + 27 * (len(sending) + len(receiving)),
        stage_height=425,
        is_context=True,
        alt=f"Coverage of {len(sending) + len(receiving)} services, {shown.year.min()} to {shown.year.max()}",
        columns={
            "grain": "Best evidence: route, seizure, month, annual, published, other drugs",
            "rows": "Rows of that grain",
        },
    )


def _grains() -> Body:
    """The key of the coverage chart."""
    signs = {
        "route": "12",
        "seizure": "12",
        "month": "12 m",
        "annual": "kg",
        "published": "○",
        "other": "(12)",
        "none": "",
    }
    rows = tuple(
        (
            Cell(signs[grain], hidden="hatched" if grain == "none" else "", parts=((fill or "panel", 1), (ink, 1))),
            Cell(words),
        )
        for grain, (words, fill, ink) in GRAINS.items()
    )
    return (Table((Column("", "sign"), Column("")), rows, "key"),)


def source_cards(fetch: Fetch) -> str:
    """One card a source: what it is, its licence, edition and file; a dashed rule where it is reference only."""
    html = ""
    for row in fetch("data_room/sources").itertuples():
        span = f"{row.month_from:%b %Y} – {row.month_to:%b %Y}" if pd.notna(row.month_from) else "see the rows"
        state = f"{count(row.rows_accepted)} rows" if row.files else "not added yet"
        if row.rows_superseded:
            state = f"{count(row.rows_accepted - row.rows_superseded)} of {count(row.rows_accepted)} rows"
        facts = {
            "Grain": row.grain,
            "Period": span,
            "Files": f"{row.files}",
            "Licence": row.licence_id + ("" if row.may_redistribute else ", rows not passed on"),
            "Obtained": f"{row.obtained_on:%Y-%m-%d}, {row.obtained_from}",
            "Cite": row.citation,
        }
        if row.note:
            facts["Note"] = row.note
        lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items())
        level = row.tlp.split(":")[-1].split("+")[0].lower()
        use = (
            "reference only, never summed"
            if row.kind == "reference"
            else "counted"
            if row.files and row.rows_accepted > row.rows_superseded
            else "replaced by the delivered file"
            if row.rows_superseded
            else "add the official file to count it"
        )
        html += f"<div class='pf-card {'ref' if row.kind == 'reference' else ''}'><h4>{escape(row.title)}</h4><p class='rows'>{state} <small>{escape(use)}</small></p><dl>{lines}</dl><span class='pf-mark {level}'>{escape(row.tlp)}</span></div>"
    return f"<div class='pf-cards'>{html}</div>"


def ledger(fetch: Fetch, view: View) -> Figure:
    """Every row accounted for: in = accepted + quarantined, accepted = counted + replaced."""
    rows = fetch("data_room/deliveries")
    told = rows[["rows_in", "rows_accepted", "rows_quarantined", "rows_superseded", "rows_in_use"]].sum()
    drugs = fetch("data_room/drugs")
    other = int(drugs[~drugs.is_charted].seizures.sum())
    lines = [
        ("", count(told.rows_in), f"rows in {spell(len(rows))} files"),
        ("−", count(told.rows_quarantined), "held in quarantine, each with its reason"),
        ("=", count(told.rows_accepted), "accepted"),
    ]
    if told.rows_superseded:
        lines += [
            ("−", count(told.rows_superseded), "replaced by a newer edition, kept and listed"),
            ("=", count(told.rows_in_use), "in use: counted, or beside the pool as reference"),
        ]
    note = f"{count(other)} of the counted seizures are of other drugs: kept, so that any drug can be charted."
    caption = _marked(
        fetch, view, _note(view, f"{count(told.rows_in)} rows in.", "Nothing is left out.", "every file of the pool")
    )
    return Figure(
        "ledger",
        "Every row is accounted for",
        "All files of the pool, shipped and added",
        caption,
        rows,
        body=tables.ledger(lines, note if other else ""),
        is_context=True,
        span=0.4,
        alt=f"{count(told.rows_in)} rows in, {count(told.rows_accepted)} accepted, {count(told.rows_quarantined)} held",
        columns={
            "rows_in_use": "Accepted rows that no newer edition replaced",
            "sha256": "Checksum of the file as delivered",
        },
    )


def marks(fetch: Fetch, view: View) -> Figure:
    """How many records of the scope carry which mark."""
    rows = fetch("data_room/flags", scope=view.scope)
    total = captions.totals(fetch, view.scope)
    whole = int(total.seizures)
    shown = rows[~rows.flag.isin(NOT_SHOWN)].head(9)
    drawn = pd.DataFrame(
        {
            "mark": [FLAG_WORDS.get(flag, flag.replace("_", " ").capitalize()) for flag in shown.flag],
            "rows": shown.seizures.astype(int),
            "kind": ["held" if flag == "outlier" else "marked" for flag in shown.flag],
        }
    )
    headline = (
        f"{share(int(drawn['rows'].iloc[0]), whole)} of the seizures: {drawn['mark'].iloc[0].lower()}"
        if len(drawn)
        else "No record of this scope carries a mark"
    )
    return Figure(
        "marks",
        headline,
        "Marks on the seizures of this scope; one may carry several",
        captions.caption(fetch, view, silent=disclosure.MOVED if shown.is_moved.any() else ""),
        rows,
        compare.share_bars(drawn, whole) if len(drawn) else None,
        height=40 + 28 * max(1, len(drawn)),
        span=0.6,
        alt="; ".join(f"{r.mark}: {r.rows}" for r in drawn.rename(columns={"rows": "rows"}).itertuples()),
        columns={
            "flag": "The mark",
            "is_moved": "The number is moved by chance, as it tells of what is sensitive",
            "records": "Records that carry it",
            "seizures": "Seizures that carry it",
        },
    )


def _listing(
    fetch: Fetch,
    view: View,
    key: str,
    query: str,
    headline: str,
    measure: str,
    heads: list[str],
    lines: list[tuple[object, ...]],
    rows: pd.DataFrame,
    is_context: bool = True,
    numeric: tuple[int, ...] = (),
) -> Figure:
    del query
    shown = (
        f"The first {count(len(lines))} are shown; the CSV holds all {count(len(rows))}."
        if len(rows) > len(lines)
        else "All are shown."
    )
    caption = (
        _marked(fetch, view, _note(view, f"{count(len(rows))} rows.", shown, "every file of the pool"))
        if is_context
        else captions.caption(fetch, view)
    )
    body = tables.plain(heads, lines, numeric) if lines else (Table((Column(""),), (), note="None."),)
    return Figure(key, headline, measure, caption, rows, body=body, is_context=is_context, alt=headline)


def quarantine(fetch: Fetch, view: View) -> Figure:
    """The rows that are held back, each with its reason."""
    rows = fetch("data_room/quarantine")
    lines = [
        (r.file_name, count(r.row_number), r.field, r.value if pd.notna(r.value) else "blank", r.reason)
        for r in rows.head(12).itertuples()
    ]
    listed = _listing(
        fetch,
        view,
        "quarantine",
        "",
        f"{count(len(rows))} rows are held back" if len(rows) else "No row is held back",
        "Rows that cannot be counted: no usable date, no seizing country, an impossible quantity",
        ["File", "Row", "Field", "Value", "Reason"],
        lines,
        rows,
        numeric=(1,),
    )
    return replace(
        listed,
        caption=replace(
            listed.caption,
            left_out=f"{listed.caption.left_out} Raw rows are without tracking numbers, without columns that the source ignores "
            "and without what is sensitive.",
        ),
    )


def revisions(fetch: Fetch, view: View) -> Figure:
    """What later editions changed."""
    rows = fetch("data_room/revisions")
    lines = [
        (
            f"{r.seized_month:%b %Y}",
            str(r.seizure_place or "").title(),
            r.drug,
            _was(r.older_seizures, r.older_kg),
            _was(r.newer_seizures, r.newer_kg),
            r.newer_file,
        )
        for r in rows.head(10).itertuples()
    ]
    top = rows.iloc[0] if len(rows) else None
    headline = (
        f"Largest revision: {weight(abs(float(top.change_kg)))} {'withdrawn' if top.change_kg < 0 else 'added'}, {str(top.seizure_place).title()}, {top.seized_month:%B %Y}"
        if top is not None
        else "No edition contradicts another"
    )
    return _listing(
        fetch,
        view,
        "revisions",
        "",
        headline,
        "Months that two editions of one series state differently; the newest is counted, both are kept",
        ["Month", "Place", "Drug", "Was", "Is", "In"],
        lines,
        rows,
    )


def _was(seizures: object, kg: object) -> str:
    return "absent" if pd.isna(seizures) else f"{count(float(seizures))}, {weight(float(kg))}"  # type: ignore[arg-type]


def duplicates(fetch: Fetch, view: View) -> Figure:
    """Groups of records alike in every cell."""
    rows = fetch("data_room/possible_duplicates", scope=view.scope)
    lines = [
        (
            wording.country(r.seizure_country_code),
            f"{r.seized_on:%Y-%m-%d}",
            r.drug,
            f"{r.quantity_reported or '–'} {r.unit_reported or ''}",
            wording.country(r.departure_country_code),
            count(r.further_rows),
        )
        for r in rows.head(10).itertuples()
    ]
    n = int(rows.further_rows.sum())
    return _listing(
        fetch,
        view,
        "possible_duplicates",
        "",
        f"{count(n)} records are alike in every cell to another" if n else "No record repeats another in every cell",
        "Possible duplicates of this scope: kept, marked, counted; a switch in the filters leaves them out",
        ["Seized in", "Date", "Drug", "Quantity", "From", "Further rows"],
        lines,
        rows,
        is_context=False,
        numeric=(5,),
    )


def units(fetch: Fetch, view: View) -> Figure:
    """Unit by unit: how quantities became kilograms, and how many could not."""
    rows = fetch("data_room/units", scope=view.scope)
    lines = [
        (
            r.drug,
            r.unit_reported,
            count(r.seizures),
            _factor(r),
            weight(float(r.quantity_kg)) if pd.notna(r.quantity_kg) else "none",
            r.citation if pd.notna(r.citation) else "no defensible factor",
        )
        for r in rows.head(14).itertuples()
    ]
    bare = int(rows.seizures_without_kg.sum())
    return _listing(
        fetch,
        view,
        "units",
        "",
        f"{count(bare)} seizures have a unit that no defensible factor turns into kilograms"
        if bare
        else "Every quantity of this scope has a defensible factor",
        "Units as reported, with the factor used",
        ["Drug", "Unit", "Seizures", "kg a unit", "Kilograms", "Source of the factor"],
        lines,
        rows,
        is_context=False,
        numeric=(2, 3, 4),
    )


def _factor(row: object) -> str:
    mid, low, high = (getattr(row, f"kg_{name}") for name in ("mid", "low", "high"))
    return "–" if pd.isna(mid) else f"{mid:g}" + (f" ({low:g}–{high:g})" if low != high else "")


def left_out(fetch: Fetch) -> list[str]:
    """What was received and could not be read when the pool was made, a sentence a file; empty where all was read."""
    return [
        f"Left out, no row of it is counted: {r.file_name} of {r.source_id}. {r.reason} {r.next_step}"
        for r in fetch("data_room/left_out").itertuples()
    ]


def unlisted(fetch: Fetch, view: View) -> Figure:
    """Words that the vocabulary does not list."""
    rows = fetch("data_room/unlisted_words")
    lines = [
        (r.source_id, r.field, r.word, disclosure.WORD if pd.isna(r.rows) else count(r.rows))
        for r in rows.head(12).itertuples()
    ]
    return _listing(
        fetch,
        view,
        "unlisted_words",
        "",
        f"{count(len(rows))} words are not in the vocabulary" if len(rows) else "Every word is in the vocabulary",
        "Kept as reported, read as unknown or other; add them under [values] in source.toml",
        ["Source", "Field", "Word", "Rows"],
        lines,
        rows,
        numeric=(3,),
    )


def outliers(fetch: Fetch, view: View) -> Figure:
    """Records of a weight beyond belief, with and without."""
    rows = fetch("data_room/outliers", scope=Scope())
    lines = [
        (
            wording.country(r.seizure_country_code),
            f"{r.seized_on:%Y-%m-%d}",
            r.drug,
            f"{r.quantity_reported} {r.unit_reported}",
            weight(float(r.quantity_kg)),
            f"{r.file_name}, row {count(r.row_number)}",
        )
        for r in rows.head(10).itertuples()
    ]
    whole = weight(float(rows.quantity_kg.sum()))
    headline = (
        f"{count(len(rows))} records hold {whole} between them, almost certainly errors of unit"
        if len(rows) > 1
        else f"One record holds {whole}, almost certainly an error of unit"
        if len(rows)
        else "No single record is beyond belief in weight"
    )
    return _listing(
        fetch,
        view,
        "outliers",
        "",
        headline,
        "Single records above the largest credible weight of their drug: flagged, counted by default, left out by a switch",
        ["Seized in", "Date", "Drug", "As reported", "Kilograms", "Where"],
        lines,
        rows,
        numeric=(4,),
    )


def lookalikes(fetch: Fetch, view: View) -> Figure:
    """Names that resemble MDMA or ketamine and are counted as neither."""
    rows = fetch("data_room/lookalikes")
    lines = [(r.drug_reported, r.drug, count(r.seizures)) for r in rows.head(14).itertuples()]
    n = int(rows.seizures.sum())
    return _listing(
        fetch,
        view,
        "lookalikes",
        "",
        f"{count(n)} seizures of look-alikes are not counted as MDMA or ketamine"
        if n
        else "The files at hand name no look-alike",
        "Names that resemble the two drugs, and mixtures; each is its own drug in the pool",
        ["As reported", "Counted as", "Seizures"],
        lines,
        rows,
        numeric=(2,),
    )
