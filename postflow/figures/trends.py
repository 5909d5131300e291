"""Trends: counts above, kilograms below; gaps, unfinished periods, reference figures, the largest few."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from postflow import captions, wording
from postflow.analysis import like_for_like
from postflow.charts import trend as charts
from postflow.drawing import Drawing
from postflow.figure import Figure
from postflow.figures import events, periods, pure
from postflow.figures.concentration import concentration
from postflow.figures.told import cannot, polish
from postflow.numbers import against, count, plural, weight
from postflow.view import Fetch, View

__all__ = [
    "DIMENSIONS",
    "FACTORS",
    "LIKE",
    "Choice",
    "border",
    "concentration",
    "label",
    "like_for_like_rows",
    "over_time",
    "with_factor",
    "without_largest",
]
DIMENSIONS = {
    "drug": "drug",
    "departure": "departure",
    "destination": "destination",
    "channel": "channel",
    "side": "who stopped it",
    "reporter": "seizing service",
}
LIKE = {"all": "all", "throughout": "only those present throughout"}
FACTORS = {"mid": "middle", "low": "low", "high": "high", "pure": "pure substance, where measured"}
WEIGHED, PURE = "Kilogram equivalent, bulk weight", "Kilograms of pure MDMA in tablets"
LEAST_LED = 10
"""Seizures of a month from which on one drug is told to lead."""
REFERENCE_MEASURES = ("n_seizures", "n_detections", "n_mail_items")

NOISE_ONLY = "Bands show counting noise only, not changes in effort or reporting."


@dataclass(frozen=True)
class Choice:
    """What the page adds to the shared view."""

    dimension: str = "drug"
    period: str = "month"
    """month, quarter, or the view's yearly basis."""
    like: str = "all"
    """``all`` reporters, or only those present ``throughout``."""
    factor: str = "mid"
    """low, mid or high: which factors turn pieces and litres into kilograms; pure: MDMA in tablets, as measured."""


def label(category: str, dimension: str) -> str:
    """A category as a reader writes it."""
    if dimension in ("departure", "destination", "reporter"):
        return wording.country(category)
    if dimension == "channel":
        return wording.CHANNELS.get(category, category)
    if dimension == "side":
        return wording.SIDES.get(category, category)
    return category if category == "MDMA" else category.capitalize()


def over_time(fetch: Fetch, view: View, choice: Choice) -> Figure:
    """Counts and kilograms by category of one dimension, with what the largest few do."""
    period = choice.period if choice.period != "year" else view.basis
    rows, told, panel = like_for_like_rows(fetch, view, choice, period)
    found = [one for one in periods.of(fetch, view, period) if panel is None] or periods.from_rows(rows, told)
    weighed = _kilograms(fetch, view, choice, period, rows, panel)
    if weighed is None:
        what = "Pure MDMA in tablets a period, where the content was measured"
        return cannot(
            fetch,
            replace(view, largest_left_out=0),
            f"trend_by_{choice.dimension}",
            "How much pure substance was seized is not known here",
            what,
            pure.NOTHING,
        )
    rows, words, weight_label = weighed
    view = replace(view, largest_left_out=0) if choice.factor == "pure" else view
    names = {str(code): label(str(code), choice.dimension) for code in rows.category.unique()}
    total = int(rows.seizures.sum())
    gaps = _spans([p for p in found if p.is_gap], found)
    silent = NOISE_ONLY
    if gaps:
        silent += f" Hatched: {wording.joined(gaps)} not reported; the line stops there, it does not fall to zero."
    silent += f" {like_words(panel, told)} {words}"
    unit = {"month": "month", "quarter": "quarter"}.get(period, "year")
    flags = _flags(view, told)
    lead = (
        ""
        if panel is None or not total
        else "Like for like: "
        if panel.can_say
        else "No reporter was present throughout: "
    )
    return Figure(
        f"trend_by_{choice.dimension}",
        lead + _headline(fetch, found, gaps, unit, view),
        f"Seizures and kilograms a {unit}, by {DIMENSIONS[choice.dimension]}, {wording.place(view.scope.departures, 'anywhere')} → {wording.place(view.scope.destinations, 'anywhere')}",
        captions.caption(fetch, view, silent=silent),
        rows,
        _drawing(rows, told, choice, unit, names, references(fetch, view, unit), flags, weight_label),
        events=events.notes(flags),
        height=460,
        stage_height=456,
        alt=_alt(rows, names, gaps, total),
        columns={
            "period": "Period in the chosen calendar",
            "category": DIMENSIONS[choice.dimension],
            "seizures": "Number of seizures",
            "quantity_kg": weight_label,
            "largest_kg": "The heaviest records, kg",
        },
    )


def _kilograms(
    fetch: Fetch, view: View, choice: Choice, period: str, rows: pd.DataFrame, panel: like_for_like.Panel | None
) -> tuple[pd.DataFrame, str, str] | None:
    """The rows with the kilograms asked for, what the caption says of them, and what they are; None where pure was asked for and nothing is measured."""
    if choice.factor == "pure":
        found = pure.trend(fetch, view, rows, choice.dimension, period, panel)
        return (found.rows, found.words, PURE) if found.shown else None
    rows, cut = without_largest(with_factor(rows, choice.factor), view.largest_left_out)
    words = (
        f"Kilograms by the {FACTORS[choice.factor]} factors."
        if choice.factor != "mid"
        else "Upright lines on kilograms: low to high factors."
    )
    if cut:
        words = f"The kilograms leave out the {'heaviest record' if len(cut) == 1 else f'{len(cut)} heaviest records'} ({weight(sum(cut))}). {words}"
    return rows, words, WEIGHED


def _drawing(
    rows: pd.DataFrame,
    told: pd.DataFrame,
    choice: Choice,
    unit: str,
    names: dict[str, str],
    lines: list[charts.Reference],
    found: pd.DataFrame | None = None,
    weight_label: str = WEIGHED,
) -> Drawing:
    numbered = () if found is None else tuple(charts.Flag(row.date_from, int(row.number)) for row in found.itertuples())
    cuts = (
        () if found is None else tuple(pd.Timestamp(when) for when in found.loc[found["kind"] == "break", "date_from"])
    )
    spec = charts.TrendSpec(
        flags=numbered,
        dimension=choice.dimension,
        count_label=f"Seizures a {unit}",
        weight_label=f"{weight_label} a {unit}" if weight_label == PURE else f"Kilograms a {unit}, where weighed",
        names=names,
        references=tuple(lines),
        cuts=cuts,
    )
    return charts.trend(rows, told, spec)


def like_for_like_rows(
    fetch: Fetch, view: View, choice: Choice, period: str
) -> tuple[pd.DataFrame, pd.DataFrame, like_for_like.Panel | None]:
    """Rows and reporters of a trend, of all reporters or of those present throughout, and the panel where one was asked for.

    Where nobody was present throughout, all rows are kept and the panel says so.
    """
    told = fetch("charts/reporters_by_period", scope=view.scope, period=period)
    whole = fetch("charts/seizures_by_period_and_category", scope=view.scope, period=period, dimension=choice.dimension)
    if choice.like != "throughout":
        return whole, told, None
    panel = like_for_like.throughout(told)
    if not panel.can_say:
        return whole, told, panel
    rows = fetch("charts/seizures_by_period_and_reporter", scope=view.scope, period=period, dimension=choice.dimension)
    rows = like_for_like.keep(rows, panel, "service_id")
    kg = ["quantity_kg", "quantity_kg_low", "quantity_kg_high"]
    summed = rows.groupby(["period", "period_start", "category"], as_index=False).agg(
        {
            "seizures": "sum",
            **dict.fromkeys(kg, lambda part: part.sum(min_count=1)),
            "seizures_without_kg": "sum",
            "largest_kg": lambda part: sorted((v for listed in part for v in listed), reverse=True)[:5],
        }
    )
    return summed, like_for_like.keep(told, panel, "service_id"), panel


def like_words(panel: like_for_like.Panel | None, told: pd.DataFrame) -> str:
    """Which reporters stand behind the picture."""
    number = told.loc[told["months_reported"] > 0, "service_id"].nunique()
    return f"All reporters ({count(number)})." if panel is None else polish(panel.sentence)


def with_factor(rows: pd.DataFrame, factor: str) -> pd.DataFrame:
    """The rows with the kilograms of the low or the high factors as the ones to draw."""
    return rows if factor == "mid" else rows.assign(quantity_kg=rows[f"quantity_kg_{factor}"])


def _flags(view: View, told: pd.DataFrame) -> pd.DataFrame:
    codes = set(told["reporter_country_code"]) | set(view.scope.departures or ()) | set(view.scope.destinations or ())
    starts = pd.to_datetime(told["period_start"]) if len(told) else pd.Series([pd.Timestamp(0)])
    return events.touching(view, codes, starts.min(), starts.max())


def without_largest(rows: pd.DataFrame, number: int) -> tuple[pd.DataFrame, list[float]]:
    """The rows with the heaviest records of the whole scope taken out of their kilograms, and those records' kilograms.

    Args:
        rows: quantity_kg, quantity_kg_low, quantity_kg_high and largest_kg, the five heaviest records of each row.
        number: how many to take out, at most five.
    """
    if not number or rows.empty:
        return rows, []
    heavy = sorted(
        ((float(kg), place) for place, listed in zip(rows.index, rows.largest_kg, strict=True) for kg in listed),
        reverse=True,
    )[:number]
    rows = rows.copy()
    for kg, place in heavy:
        for column in ("quantity_kg", "quantity_kg_low", "quantity_kg_high"):
            rows.loc[place, column] = max(0.0, float(rows.loc[place, column]) - kg)
        rows.at[place, "largest_kg"] = [value for value in rows.at[place, "largest_kg"] if value != kg]
    return rows, [kg for kg, _ in heavy]


def _spans(gaps: list[periods.Period], every: list[periods.Period]) -> list[str]:
    """Neighbouring gaps as spans: ``2014–2015``."""
    runs: list[list[periods.Period]] = []
    order = {period.start: place for place, period in enumerate(every)}
    for gap in gaps:
        if runs and order[gap.start] == order[runs[-1][-1].start] + 1:
            runs[-1].append(gap)
        else:
            runs.append([gap])
    return [
        periods.pretty(run[0]) if len(run) == 1 else f"{periods.pretty(run[0])} – {periods.pretty(run[-1])}"
        for run in runs
    ]


def _headline(fetch: Fetch, found: list[periods.Period], gaps: list[str], unit: str, view: View) -> str:
    told = [period for period in found if not period.is_gap]
    if not told:
        return "Nobody reported a seizure in this scope"
    pair = periods.newest_pair(found, view)
    total = sum(period.seizures for period in found)
    where = _where(fetch, view)
    to = f" to {where}" if where else ""
    if unit != "year" or pair is None or pair.before is None or pair.why_not:
        peak = max(told, key=lambda period: period.seizures)
        tail = f"; {wording.joined(gaps[:2])} not reported" if gaps else ""
        return f"{count(total)} seizure{plural(total)}{where and f' to {where}'}, most in {periods.pretty(peak)} ({count(peak.seizures)}){tail}"
    change = periods.verdict(pair, periods.noise(fetch, view, pair))
    if change and change.direction == "no clear change":
        return f"{where and f'To {where}: '}{count(pair.last.seizures)} in {pair.last.label}, no clear change on {pair.before.label}"
    words = against(pair.last.seizures, pair.before.seizures, pair.before.label)
    after = f", after a silence of {len(pair.silent)} year{plural(len(pair.silent))}" if pair.silent else ""
    return f"{pair.last.label}{to and ','}{to}: {words[:1].lower()}{words[1:]}{after}"


def _where(fetch: Fetch, view: View) -> str:
    """The destinations asked for that rows lead to; all of them where none does, empty where none is asked for."""
    asked = view.scope.destinations
    if asked is None:
        return ""
    reached = set(fetch("charts/corridors", scope=view.scope).destination_country_code)
    return wording.place(tuple(code for code in asked if code in reached) or asked, "", is_sentence=True)


def _alt(rows: pd.DataFrame, names: dict[str, str], gaps: list[str], total: int) -> str:
    by = rows.groupby("category").seizures.sum().sort_values(ascending=False).head(6)
    words = "; ".join(f"{names[str(code)]} {count(n)}" for code, n in by.items())
    return f"{count(total)} seizures over time: {words}." + (f" Not reported: {wording.joined(gaps)}." if gaps else "")


def references(fetch: Fetch, view: View, unit: str) -> list[charts.Reference]:
    """Published counts of the same destination, drug and year, as faint lines beside the pool; only where one destination is shown."""
    wanted = view.scope.destinations or ()
    if len(wanted) != 1 or not view.scope.drugs:
        return []
    rows = fetch("charts/reference_figures", drugs=list(view.scope.drugs), reporters=list(wanted))
    rows = rows[rows.measure.isin(REFERENCE_MEASURES) & rows.period_from.notna() & rows.period_to.notna()]
    months = {"month": 12, "quarter": 4, "year": 1}[unit]
    lines = []
    for row in rows.itertuples():
        if 350 <= (row.period_to - row.period_from).days <= 380:
            words = f"{count(row.value)} a year, {row.publisher} {row.period_from:%Y}"
            lines.append(
                charts.Reference(
                    category=row.drug, value=row.value / months, words=words, start=row.period_from, end=row.period_to
                )
            )
    return lines[:3]


def _border_headline(newest: pd.DataFrame, when: str) -> str:
    """The newest month of a border; a drug leads only where there are several, and enough of them.

    Args:
        newest: category (the drug) and seizures, most first.
        when: the month in words.
    """
    counted = newest[newest.seizures > 0]
    total, first = int(counted.seizures.sum()), counted.iloc[0] if len(counted) else None
    if first is None:
        return f"No seizure at the US border in {when}"
    if len(counted) == 1:
        return f"At the US border in {when}: {count(total)} seizure{plural(total)} of {first.category}"
    if total < LEAST_LED or first.seizures == counted.seizures.iloc[1]:
        each = wording.joined([f"{count(row.seizures)} of {row.category}" for row in counted.itertuples()])
        return f"At the US border in {when}: {count(total)} seizures, {each}"
    return f"At the US border, {first.category} leads in {when}: {count(first.seizures)} of {count(total)} seizures"


def border(fetch: Fetch, view: View) -> Figure | None:
    """Monthly totals of a border with no departure on them: context beside the corridor; None where there are none."""
    context = replace(
        view,
        scope=replace(view.scope, departures=("ZZ",), destinations=None, channels=None, sides=None),
        largest_left_out=0,
    )
    by = fetch("charts/no_departure_by_reporter", scope=context.scope, reporters=["US"])
    if by.empty:
        return None
    scope = replace(context.scope, sources=tuple(sorted(set(by.series_id))))
    context = replace(context, scope=scope)
    rows = fetch("charts/seizures_by_period_and_category", scope=scope, period="month", dimension="drug")
    told = fetch("charts/reporters_by_period", scope=scope, period="month")
    names = {str(code): label(str(code), "drug") for code in rows.category.unique()}
    last = rows.period_start.max()
    newest = rows[rows.period_start == last].sort_values("seizures", ascending=False)
    headline = _border_headline(newest, f"{last:%B %Y}")
    return Figure(
        "trend_us_border",
        headline,
        "Seizures and kilograms a month at the US border, all origins and channels",
        captions.caption(
            fetch,
            context,
            silent=f"The whole border: these totals name no departure and no channel. {NOISE_ONLY}",
        ),
        rows,
        _drawing(rows, told, Choice(), "month", names, []),
        height=440,
        stage_height=456,
        is_context=True,
        alt=_alt(rows, names, [], int(rows.seizures.sum())),
        columns={
            "period": "Month",
            "category": "Drug",
            "seizures": "Number of seizures",
            "quantity_kg": "Kilogram equivalent",
        },
    )
