"""Barriers: where in the chain is it stopped, and where is nothing measured? The barrier model with the pool's counts."""

from __future__ import annotations

from html import escape

import pandas as pd

from postflow import barriers, captions, wording
from postflow.barriers import Step
from postflow.figure import Figure
from postflow.figures import tables
from postflow.numbers import count, share
from postflow.view import Fetch, View

SIDE_ORDER = ("export", "transit", "import", "domestic", "unknown")
COUNT_WORDS = {"from_information": "found on information", "controlled_deliveries": "controlled deliveries"}
NOT_MEASURED = "not measured"
TINTS = {"export": "export", "transit": "transit", "import": "import", "domestic": "domestic", "unknown": "void"}


def counted(fetch: Fetch, view: View) -> pd.DataFrame:
    """One row per step of the model: what the rows put there.

    Returns:
        step, name, seizures (of the rows that name the step; NA where no row of the scope names any step), by_side
        (seizures of the step's side; NA where no side belongs to it), other (words), export, transit, import,
        domestic, unknown (the step's seizures by side), post, courier (by channel).
    """
    rows = fetch("charts/barrier_steps", scope=view.scope)
    told = rows["barrier_step"].notna().any()
    lines = []
    for step in barriers.steps():
        mine = rows[rows["barrier_step"] == step.id]
        number = int(mine["seizures"].sum())
        lines.append(
            {
                "step": step.id,
                "name": step.name,
                "seizures": number if told and number else pd.NA,
                "by_side": int(rows.loc[rows["interception_side"] == step.side, "seizures"].sum()) if step.side else pd.NA,
                "other": _other(step, rows),
                **{side: int(mine.loc[mine["interception_side"] == side, "seizures"].sum()) for side in SIDE_ORDER},
                **{way: int(mine.loc[mine["channel"] == way, "seizures"].sum()) for way in ("post", "courier")},
            }
        )
    return pd.DataFrame(lines)


def _other(step: Step, rows: pd.DataFrame) -> str:
    if step.counts == "advance_data":
        told = int(rows["advance_data_told"].sum())
        return f"advance data good on {share(int(rows['advance_data_good'].sum()), told)} of {count(told)}" if told else ""
    if step.counts:
        number = int(rows[step.counts].sum())
        return f"{count(number)} {COUNT_WORDS[step.counts]}" if number else ""
    return ""


def ladder(fetch: Fetch, view: View) -> Figure:
    """The steps from supply to what comes after the hit, each with its counts or hatched."""
    rows = counted(fetch, view)
    steps = barriers.steps()
    total = int(fetch("charts/barrier_steps", scope=view.scope)["seizures"].sum())
    named = int(rows["seizures"].fillna(0).sum())
    silent = "Hatched: not measured, which is not zero. One seizure can carry several signals, so numbers of different kinds are never summed."
    if named:
        silent += f" {count(total - named)} of {count(total)} seizures name no step."
    key = tables.key([(TINTS[side], wording.SIDES[side]) for side in SIDE_ORDER if rows[side].sum()]) if named else ""
    return Figure(
        "barrier_ladder", _headline(rows, total), "Seizures by the step of the chain at which they were made, by side of interception; what each step offers, shows and meets",
        captions.caption(fetch, view, silent=silent), rows, body=key + _table(steps, rows),
        alt="; ".join(f"{row['step']} {row['name']}: {_words(row)}" for _, row in rows.iterrows()),
        columns={"step": "Step of the barrier model", "seizures": "Seizures whose rows name the step; empty = not measured", "by_side": "Seizures on the side that belongs to the step", "other": "Another number of the step"},
    )  # fmt: skip


def _measured(row: pd.Series) -> bool:
    return bool(pd.notna(row["seizures"]) or (pd.notna(row["by_side"]) and row["by_side"]) or row["other"])


def _words(row: pd.Series) -> str:
    said = [f"{count(row['seizures'])} seizures" if pd.notna(row["seizures"]) else "", row["other"]]
    if pd.notna(row["by_side"]) and row["by_side"]:
        said.append(f"{count(row['by_side'])} on this side")
    return ", ".join(filter(None, said)) or NOT_MEASURED


def _headline(rows: pd.DataFrame, total: int) -> str:
    blank = sum(not _measured(row) for _, row in rows.iterrows())
    tail = f"{blank} of {len(rows)} steps are not measured"
    if not total:
        return f"No seizure in this scope: {len(rows)} steps, none measured"
    if rows["seizures"].notna().any():
        top = rows.loc[rows["seizures"].fillna(0).astype(int).idxmax()]
        return f"{top['name']} stops most: {count(top['seizures'])} of {count(rows['seizures'].fillna(0).sum())} seizures that name a step; {tail}"
    sides = rows[rows["by_side"].fillna(0) > 0]
    if sides.empty:
        return f"No row names a step or a side; {tail}"
    top = sides.loc[sides["by_side"].astype(int).idxmax()]
    return f"No row names a step; {count(top['by_side'])} of {count(total)} were stopped on the side of “{top['name'].lower()}”; {tail}"


def _table(steps: tuple[Step, ...], rows: pd.DataFrame) -> str:
    most = int(rows[["seizures", "by_side"]].fillna(0).to_numpy().max()) or 1
    lines = "".join(_line(step, row, most) for step, (_, row) in zip(steps, rows.iterrows(), strict=True))
    head = "".join(f"<th scope='col'>{word}</th>" for word in ("", "step", "what the pool holds", "opportunity", "signal", "barrier", "partners"))
    return f"<table class='pf-rank pf-ladder'><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _line(step: Step, row: pd.Series, most: int) -> str:
    if not _measured(row):
        cell = f"{tables.HATCH}<span style='color:var(--ink2)'>{NOT_MEASURED}</span>"
    else:
        cell = _bar(row, most) + f"<b>{escape(_words(row))}</b>"
        if row["post"] or row["courier"]:
            cell += f"<br><span style='color:var(--ink2)'>post {count(row['post'])}, courier {count(row['courier'])}</span>"
    texts = "".join(f"<td>{escape(text)}</td>" for text in (step.opportunity, step.signal, step.barrier, ", ".join(step.partners)))
    return f"<tr><td class='n'>{escape(step.id)}</td><td><b>{escape(step.name)}</b><br><span style='color:var(--ink2)'>{escape(step.action)}</span></td><td style='min-width:11rem'>{cell}</td>{texts}</tr>"


def _bar(row: pd.Series, most: int) -> str:
    pieces = [(TINTS[side], int(row[side])) for side in SIDE_ORDER if row[side]]
    if not pieces and pd.notna(row["by_side"]) and row["by_side"]:
        pieces = [("ink3", int(row["by_side"]))]
    spans = "".join(f"<span style='width:{100 * n / most:.2f}%;background:var(--{tint})'></span>" for tint, n in pieces)
    return f"<div class='pf-bar'>{spans}</div>" if spans else ""


def partners(fetch: Fetch, view: View) -> Figure:
    """Step × partner: who stands at which step."""
    steps = barriers.steps()
    names = sorted({name for step in steps for name in step.partners}, key=lambda name: (-sum(name in step.partners for step in steps), name))
    often = [name for name in names if sum(name in step.partners for step in steps) > 1]
    lines = [(name, *("●" if name in step.partners else "" for step in steps)) for name in often]
    alone = [set(step.partners) - set(often) for step in steps]
    lines.append(("others, at one step only", *(count(len(part)) if part else "" for part in alone)))
    rows = pd.DataFrame(lines, columns=["partner", *(f"step {step.id}" for step in steps)])
    busiest = names[0]
    at = sum(busiest in step.partners for step in steps)
    return Figure(
        "barrier_partners", f"{busiest.capitalize()} stand at {at} of {len(steps)} steps, more than any other partner" if names else "No partner is listed",
        "Partners by step of the chain, as data/barriers.toml lists them", captions.caption(fetch, view, silent="A list to edit, not a count; nothing here comes from the rows."), rows,
        body=tables.plain(("partner", *(step.id for step in steps)), lines), alt="; ".join(f"{step.name}: {', '.join(step.partners)}" for step in steps), is_context=True,
        columns={"partner": "Who can act"},
    )  # fmt: skip
