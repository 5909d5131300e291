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
COUNTED = {
    "from_information": ("detection_method", "information"),
    "controlled_deliveries": ("controlled_delivery", "yes"),
}
"""What a step counts → detail and category of it."""
COUNT_WORDS = {"from_information": "found on information", "controlled_deliveries": "controlled deliveries"}
NOT_MEASURED = "not measured"
MOST_NAMED = 3
"""Partners that a headline names."""
TINTS = {"export": "export", "transit": "transit", "import": "import", "domestic": "domestic", "unknown": "void"}


def counted(fetch: Fetch, view: View) -> pd.DataFrame:
    """One row per step of the model: what the rows put there; the numbers of a step are protected, those of a side plain.

    Returns:
        step, name, seizures (of the rows that name the step; NA where none does or where the scope may not be split),
        is_hidden, by_side (seizures of the step's side; NA where no side belongs to it), other (words), export,
        transit, import, domestic, unknown (the step's seizures by side; NA = may not be split), post, courier (by channel).
    """
    rows = fetch("charts/barrier_steps", scope=view.scope)
    found = barriers.steps()
    table = pd.DataFrame({"step": [step.id for step in found], "name": [step.name for step in found]})
    own = _steps_of(rows, "all", None)
    table["is_hidden"] = bool(_hidden_parts(rows).eq("all").any())
    table["seizures"] = own.reindex(table["step"]).to_numpy()
    sides = rows[(rows["part"] == "interception_side") & rows["barrier_step"].isna()].set_index("category")
    table["by_side"] = pd.array(
        [int(sides["seizures_of_part"].get(step.side, 0)) if step.side else pd.NA for step in found], "Int64"
    )
    table["other"] = [_other(step, fetch, view) for step in found]
    for part, names in (("interception_side", SIDE_ORDER), ("channel", WAYS)):
        for name in names:
            blank = name in set(rows.loc[_hidden_parts(rows).eq(part), "category"])
            cells = _steps_of(rows, part, name).reindex(table["step"]).fillna(0).astype("Int64")
            table[name] = pd.array([pd.NA] * len(table), "Int64") if blank else cells.array
    return table


def _steps_of(rows: pd.DataFrame, part: str, category: str | None) -> pd.Series:
    """Step → seizures of one part of the scope; a step that comes out as zero is not in it."""
    here = rows["category"].isna() if category is None else rows["category"] == category
    named = rows[(rows["part"] == part) & here & rows["barrier_step"].notna()]
    return named.set_index("barrier_step")["seizures"].astype("Int64")


def _hidden_parts(rows: pd.DataFrame) -> pd.Series:
    """The part of each row that holds too few seizures to be split by step; empty elsewhere."""
    return rows["part"].where(rows["seizures"].isna(), "")


def _other(step: Step, fetch: Fetch, view: View) -> str:
    if not step.counts:
        return ""
    if step.counts == "advance_data":
        found = details.by_detail(fetch, view, "advance_data")
        good = found.of("good")
        if not found.known or good is None:
            return ""
        return f"advance data good on {share(min(good, found.known), found.known)} of {count(found.known)}"
    dimension, category = COUNTED[step.counts]
    number = details.by_detail(fetch, view, dimension).of(category)
    return f"{count(number)} {COUNT_WORDS[step.counts]}" if number else ""


def ladder(fetch: Fetch, view: View) -> Figure:
    """The steps from supply to what comes after the hit, each with its counts or hatched."""
    rows = counted(fetch, view)
    steps = barriers.steps()
    raw = fetch("charts/barrier_steps", scope=view.scope)
    all_of_it = raw[(raw["part"] == "all") & raw["barrier_step"].isna()]
    total = int(all_of_it["seizures_of_part"].sum())
    named = int(all_of_it["seizures"].fillna(0).sum())
    silent = "Hatched: not measured, which is not zero. One seizure can carry several signals, so numbers of different kinds are never summed."
    if named:
        silent += f" {count(total - named)} of {count(total)} seizures name no step."
    silent += f" {disclosure.words(int(_hidden_parts(raw)[raw['barrier_step'].isna()].ne('').sum()))}"
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
            "seizures": "Seizures whose rows name the step, moved by chance; empty = not measured or hidden",
            "is_hidden": f"The scope holds fewer than {disclosure.LEAST} seizures and may not be split",
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
    if rows["is_hidden"].any():
        return f"{count(total)} in this scope: fewer than {disclosure.LEAST} seizures are not split by step"
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
    if pd.notna(row["seizures"]) and (rest := int(row["seizures"]) - sum(number for _, number in pieces)) > 0:
        pieces.append(("void", rest))  # sides that may not be split, and what the noise makes of the others
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
