"""Barriers: where in the chain is it stopped, and where is nothing measured? The barrier model with the pool's counts."""

from __future__ import annotations

import pandas as pd

from postflow import barriers, captions, disclosure, wording
from postflow.barriers import Step
from postflow.figure import Figure
from postflow.figures import details, tables
from postflow.numbers import count, plural, share
from postflow.table import Body, Cell, Column, Table
from postflow.view import Fetch, View

SIDE_ORDER = ("export", "transit", "import", "domestic", "unknown")
WAYS = ("post", "courier")
COUNT_WORDS = {"from_information": "found on information", "controlled_deliveries": "controlled deliveries"}
NOT_MEASURED = "not measured"
MOST_NAMED = 3
"""Partners that a headline names."""
TINTS = {"export": "export", "transit": "transit", "import": "import", "domestic": "domestic", "unknown": "void"}


def counted(fetch: Fetch, view: View) -> pd.DataFrame:
    """One row per step of the model: what the rows put there, less what may not be shown.

    Small numbers of a step are hidden; the numbers by side alone are plain counts and stay (docs/method.md).

    Returns:
        step, name, seizures (of the rows that name the step; NA where none does or where the number is hidden),
        is_hidden, by_side (seizures of the step's side; NA where no side belongs to it), other (words), export,
        transit, import, domestic, unknown (the step's seizures by side; NA = hidden), post, courier (by channel).
    """
    rows = fetch("charts/barrier_steps", scope=view.scope)
    found, shown = barriers.steps(), _shown(rows)
    table = pd.DataFrame({"step": [step.id for step in found], "name": [step.name for step in found]})
    table["seizures"] = shown["seizures"].reindex(table["step"]).replace(0, pd.NA).to_numpy()
    table["is_hidden"] = table["step"].isin(shown.index[shown["seizures"].isna()])
    table["by_side"] = pd.array(
        [
            int(rows.loc[rows["interception_side"] == step.side, "seizures"].sum()) if step.side else pd.NA
            for step in found
        ],
        "Int64",
    )
    table["other"] = [_other(step, fetch, view, rows) for step in found]
    cells = shown[[*SIDE_ORDER, *WAYS]].reindex(table["step"])
    for name in cells:
        # A step that no row names has zeros; a hidden one has nothing.
        table[name] = cells[name].where(cells.index.isin(shown.index), 0).to_numpy()
    return table


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Step → seizures, by side, by post and courier; NA where hidden. A hidden step hides all of its line."""
    named = rows.dropna(subset=["barrier_step"])
    named = named.assign(way=named["channel"].where(named["channel"].isin(WAYS), "else"))
    whole = disclosure.suppress(named.groupby("barrier_step", as_index=False)["seizures"].sum(), ["barrier_step"])
    table = whole.rows.set_index("barrier_step")
    for column, values in (("interception_side", SIDE_ORDER), ("way", WAYS)):
        cells = disclosure.suppress(
            named.groupby(["barrier_step", column], as_index=False)["seizures"].sum(), ["barrier_step", column]
        ).rows
        at = pd.MultiIndex.from_frame(cells[["barrier_step", column]])
        for value in values:
            here = pd.MultiIndex.from_product([table.index, [value]])
            # Where no row has the cell it is zero; the reindexed mask tells that from a hidden one.
            number = pd.Series(cells["seizures"].array, index=at).reindex(here)
            table[value] = number.where(here.isin(at), 0).array
    table.loc[table["seizures"].isna(), [*SIDE_ORDER, *WAYS]] = pd.NA
    return table


def _other(step: Step, fetch: Fetch, view: View, rows: pd.DataFrame) -> str:
    if step.counts == "advance_data":
        found = details.by_detail(fetch, view, "advance_data")
        good = found.of("good")
        if not found.known:
            return ""
        return (
            f"advance data told of {count(found.known)}"
            if good is None
            else f"advance data good on {share(good, found.known)} of {count(found.known)}"
        )
    if step.counts == "from_information":
        number = details.by_detail(fetch, view, "detection_method").of("information")
    elif step.counts:
        number = int(rows[step.counts].sum())
        number = None if disclosure.is_small(number) else number
    else:
        return ""
    what = COUNT_WORDS[step.counts]
    return f"{what}: {disclosure.WORD}" if number is None else f"{count(number)} {what}" if number else ""


def ladder(fetch: Fetch, view: View) -> Figure:
    """The steps from supply to what comes after the hit, each with its counts or hatched."""
    rows = counted(fetch, view)
    steps = barriers.steps()
    raw = fetch("charts/barrier_steps", scope=view.scope)
    total = int(raw["seizures"].sum())
    named = int(raw["seizures"][raw["barrier_step"].notna()].sum())
    silent = "Hatched: not measured, which is not zero. One seizure can carry several signals, so numbers of different kinds are never summed."
    if named:
        silent += f" {count(total - named)} of {count(total)} seizures name no step."
    if hidden := int(
        rows["is_hidden"].sum() + rows.loc[~rows["is_hidden"], [*SIDE_ORDER, *WAYS]].isna().to_numpy().sum()
    ):
        silent += f" {disclosure.words(hidden)}"
    key = [(TINTS[side], wording.SIDES[side]) for side in SIDE_ORDER if rows[side].sum()] if named else []
    return Figure(
        "barrier_ladder",
        _headline(rows, total, named),
        "Seizures by the step of the chain at which they were made, by side of interception; what each step offers, shows and meets",
        captions.caption(fetch, view, silent=silent),
        rows,
        body=_table(steps, rows, key),
        alt="; ".join(f"{row['step']} {row['name']}: {_words(row)}" for _, row in rows.iterrows()),
        columns={
            "step": "Step of the barrier model",
            "seizures": "Seizures whose rows name the step; empty = not measured or hidden",
            "is_hidden": "The number is too small to show, or would give another away",
            "by_side": "Seizures on the side that belongs to the step",
            "other": "Another number of the step",
        },
    )


def _measured(row: pd.Series) -> bool:
    return bool(
        pd.notna(row["seizures"]) or row["is_hidden"] or (pd.notna(row["by_side"]) and row["by_side"]) or row["other"]
    )


def _words(row: pd.Series) -> str:
    own = (
        f"seizures {disclosure.WORD}"
        if row["is_hidden"]
        else f"{count(row['seizures'])} seizures"
        if pd.notna(row["seizures"])
        else ""
    )
    said = [own, row["other"]]
    if pd.notna(row["by_side"]) and row["by_side"]:
        said.append(f"{count(row['by_side'])} on this side")
    return ", ".join(filter(None, said)) or NOT_MEASURED


def _headline(rows: pd.DataFrame, total: int, named: int) -> str:
    blank = sum(not _measured(row) for _, row in rows.iterrows())
    tail = f"{blank} of {len(rows)} steps are not measured"
    if not total:
        return f"No seizure in this scope: {len(rows)} steps, none measured"
    if rows["seizures"].notna().any():
        top = rows.loc[rows["seizures"].fillna(0).astype(int).idxmax()]
        return f"{top['name']} stops most: {count(top['seizures'])} of {count(named)} seizures that name a step; {tail}"
    if named:
        return f"{count(named)} of {count(total)} seizures name a step, too few at each to show; {tail}"
    sides = rows[rows["by_side"].fillna(0) > 0]
    if sides.empty:
        return f"No row names a step or a side; {tail}"
    top = sides.loc[sides["by_side"].astype(int).idxmax()]
    return f"No row names a step; {count(top['by_side'])} of {count(total)} were stopped on the side of “{top['name'].lower()}”; {tail}"


def _busiest(names: list[str], steps: tuple[Step, ...]) -> str:
    """Who stands at most steps, those who tie named together; ``names``: most steps first."""
    if not names:
        return "No partner is listed"
    most, *rest = (sum(name in step.partners for step in steps) for name in names)
    first = [names[0], *(name for name, at in zip(names[1:], rest, strict=True) if at == most)]
    if len(first) > MOST_NAMED:
        return (
            f"{count(len(first))} partners stand at {most} of {len(steps)} step{plural(len(steps))} each, none at more"
        )
    who = wording.joined(first)
    each = " each" if len(first) > 1 else ""
    return f"{who[:1].upper()}{who[1:]} stand at {most} of {len(steps)} step{plural(len(steps))}{each}, more than any other partner"


HEADS = ("", "step", "what the pool holds", "opportunity", "signal", "barrier", "partners")


def _table(steps: tuple[Step, ...], rows: pd.DataFrame, key: list[tuple[str, str]]) -> Body:
    most = int(rows[["seizures", "by_side"]].fillna(0).to_numpy(dtype=int).max()) or 1
    lines = tuple(_line(step, row, most) for step, (_, row) in zip(steps, rows.iterrows(), strict=True))
    columns = tuple(Column(head, "text" if head else "number") for head in HEADS)
    return (Table(columns, lines, "ladder", tuple(key)),)


def _line(step: Step, row: pd.Series, most: int) -> tuple[Cell, ...]:
    held = Cell(hidden=NOT_MEASURED)
    if _measured(row):
        told = [way for way in WAYS if pd.notna(row[way])]
        ways = ", ".join(f"{way} {count(row[way])}" for way in told) if any(row[way] for way in told) else ""
        held = Cell(_words(row), ways, parts=_bar(row, most), is_bold=True)
    texts = (step.opportunity, step.signal, step.barrier, ", ".join(step.partners))
    return Cell(step.id), Cell(step.name, step.action, is_bold=True), held, *(Cell(text) for text in texts)


def _bar(row: pd.Series, most: int) -> tuple[tuple[str, float], ...]:
    pieces = [(TINTS[side], int(row[side])) for side in SIDE_ORDER if pd.notna(row[side]) and row[side]]
    if pd.notna(row["seizures"]) and (rest := int(row["seizures"]) - sum(number for _, number in pieces)):
        pieces.append(("void", rest))  # sides that are hidden, together
    if not pieces and pd.notna(row["by_side"]) and row["by_side"]:
        pieces = [("ink3", int(row["by_side"]))]
    return tuple((tint, n / most) for tint, n in pieces)


def partners(fetch: Fetch, view: View) -> Figure:
    """Step × partner: who stands at which step."""
    steps = barriers.steps()
    names = sorted(
        {name for step in steps for name in step.partners},
        key=lambda name: (-sum(name in step.partners for step in steps), name),
    )
    often = [name for name in names if sum(name in step.partners for step in steps) > 1]
    lines = [(name, *("●" if name in step.partners else "" for step in steps)) for name in often]
    alone = [set(step.partners) - set(often) for step in steps]
    lines.append(("others, at one step only", *(count(len(part)) if part else "" for part in alone)))
    rows = pd.DataFrame(lines, columns=["partner", *(f"step {step.id}" for step in steps)])
    return Figure(
        "barrier_partners",
        _busiest(names, steps),
        "Partners by step of the chain, as data/barriers.toml lists them",
        captions.caption(fetch, view, silent="A list to edit, not a count; nothing here comes from the rows."),
        rows,
        body=tables.plain(("partner", *(step.id for step in steps)), lines),
        alt="; ".join(f"{step.name}: {', '.join(step.partners)}" for step in steps),
        is_context=True,
        columns={"partner": "Who can act"},
    )
