"""The pages against made-up worlds: does what a figure says hold the truth that was planted?

``python -m postflow.worlds`` prints the answers as JSON, one check a line; ``postflow.analysis.calibration`` puts them
into docs/calibration.md. The worlds are those of the exercise, read and linked without error, so that only what the
figures do is measured; how well files are read and records linked stands in docs/linkage.md.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import duckdb
import pandas as pd

from postflow import ingest, queries, vocabulary
from postflow.analysis import displacement as moves
from postflow.exercise import world, writing
from postflow.figures import displacement, honest, told
from postflow.scope import Scope
from postflow.view import Data, Fetch, View

SEEDS = 24
FIRST_SEED = 401
NEAR = 3
"""Months within which a step counts as found."""
GROWTH = (
    ("BE", "US", "ex_be_customs"),
    ("BE", "NZ", "ex_be_customs"),
    ("DE", "NZ", "ex_nz_customs"),
    ("GB", "AU", "ex_au_border"),
)
"""Corridors of ketamine with planted growth, and the service in whose rows it is looked for."""
SHIFTS = (("DE", "AU", "ex_au_border", "2022-09-01"), ("GB", "NZ", "ex_nz_customs", "2023-03-01"))
"""Corridors of MDMA with a planted level shift."""
REGISTRATION, TEAM, END = "2020-01-01", "2024-02-01", "2025-12-01"
RATIO = re.compile(r"([\d.,]+) times \(([\d.,]+) to ([\d.,]+)\)")
SPAN = re.compile(r"about (\w+ \d{4}) \((\w+ \d{4}) to (\w+ \d{4})\)")


Score = defaultdict[str, float]
"""What was counted → how often."""


@dataclass(frozen=True)
class World:
    """One made-up world as a pool in memory, and what was expected of it."""

    con: duckdb.DuckDBPyConnection
    fetch: Fetch
    expected: pd.DataFrame
    """source_id, departure, destination, drug, month, told: the number of rows that was to be expected."""

    def view(self, scope: Scope | None = None, pool: str = "exercise") -> View:
        """A view of it; ``real`` reads the table of real events."""
        return View(Data(pool, "world", "2025-12"), scope or Scope())


def made(seed: int, scale: float = 1.0) -> World:
    """A world with its rows in the tables that the queries of the pages read."""
    con = duckdb.connect(config=writing.SETTINGS | {"threads": 1})
    con.execute("set enable_progress_bar = false")  # its bar would stand in the JSON
    services = world.templates()
    world.create(con, seed, scale, services)
    for name in ("schema", "macros"):
        con.execute((queries.FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    vocabulary.load_reference(con)
    queries.lay_aside(con, "exercise/told_seizure", "told_seizure")
    con.execute("insert into seizure by name select * from told_seizure")
    for source in services.values():
        ingest.list_source(con, source)
    ingest.lay_services(con)
    con.execute("drop table if exists cube")
    con.execute("create table cube as " + queries.text("build/cube").rstrip().rstrip(";"))
    known: dict[str, pd.DataFrame] = {}

    def fetch(name: str, **params: queries.Value) -> pd.DataFrame:
        said = f"{name} {params}"
        if said not in known:
            known[said] = queries.run(con, name, **params)
        return known[said].copy()

    return World(con, fetch, queries.run(con, "exercise/expected_rows"))


def _ratio(found: World, rows: pd.Series, new: tuple[str, str], old: tuple[str, str]) -> float:
    month, told_rows = found.expected["month"], found.expected["told"]
    both = [told_rows[rows & month.between(*map(pd.Timestamp, span))].sum() for span in (new, old)]
    return float(both[0] / both[1])


def _answers(found: World, view: View, basis: told.Basis) -> dict[str, str]:
    """Question → the answer that the page Trends prints; only where it has one."""
    rows = honest.tests(found.fetch, view, basis).rows
    able = rows[rows["can_say"]]
    return {
        question: str(answer).replace("\u202f", "")
        for question, answer in zip(able["question"], able["answer"], strict=True)
    }


def growth(found: World, score: Score) -> None:
    """Twelve months against the twelve before, and the steady trend, where ketamine was made to grow."""
    for start, end, source in GROWTH:
        view = found.view(Scope(drugs=("ketamine",), departures=(start,), destinations=(end,), sources=(source,)))
        basis = told.basis(found.fetch, view)
        last = basis.finished.dropna().index[-1]
        answers = _answers(found, view, basis)
        if match := RATIO.search(answers.get(honest.AGO, "")):
            rows = found.expected
            mine = (
                (rows["source_id"] == source)
                & (rows["departure"] == start)
                & (rows["destination"] == end)
                & (rows["drug"] == "ketamine")
            )
            spans = [
                (str(last - pd.DateOffset(months=back + 11)), str(last - pd.DateOffset(months=back)))
                for back in (0, 12)
            ]
            truth = _ratio(found, mine, *spans)
            score["growth: told"] += 1
            # The ends are printed with two digits.
            score["growth: held"] += float(match[2]) - 0.005 <= truth <= float(match[3]) + 0.005
        trend = answers.get("Steady trend", "")
        score["growth: trend told"] += bool(trend)
        score["growth: trend rose"] += ": rose," in trend
        score["growth: trend fell"] += ": fell," in trend


def shifts(found: World, score: Score) -> None:
    """The step of the level, where MDMA was made to shift."""
    for start, end, source, month in SHIFTS:
        view = found.view(Scope(drugs=("MDMA",), departures=(start,), destinations=(end,), sources=(source,)))
        _steps(found, view, told.basis(found.fetch, view), month, "shift", score)


def _steps(found: World, view: View, basis: told.Basis, month: str, name: str, score: Score) -> None:
    words = _answers(found, view, basis).get("Steps in the level", "")
    steps = [[pd.to_datetime(text, format="mixed") for text in match] for match in SPAN.findall(words)]
    when = pd.Timestamp(month)
    near = [step for step in steps if abs((step[0].year - when.year) * 12 + step[0].month - when.month) <= NEAR]
    score[f"{name}: series"] += 1
    score[f"{name}: found"] += bool(near)
    score[f"{name}: held"] += sum(step[1] <= when <= step[2] for step in near[:1])
    score[f"{name}: others"] += len(steps) - len(near[:1])


def together(found: World, score: Score) -> None:
    """All services at once: the start of the team, and the months that are unfinished."""
    view = found.view()
    basis = told.basis(found.fetch, view, "departure")
    team(found, view, basis, score)
    late(found, view, basis, score)


def team(found: World, view: View, basis: told.Basis, score: Score) -> None:
    """The start of the team: departures after over before, and the quotient of displacement."""
    event = next(iter(displacement.choices(view, basis)))
    answer = displacement.found(view, basis, event)
    rows = displacement.ratios(found.fetch, view, answer).rows
    wide = found.expected.pivot_table(index="month", columns="departure", values="told", aggfunc="sum")
    truth = moves.displacement(wide, TEAM, "NL", list(displacement.NEIGHBOURS["NL"]))
    true = truth.rows.set_index("country")["ratio"]
    for country, low, high in zip(rows["country"], rows["low"], rows["high"], strict=True):
        score["team: ratios"] += 1
        score["team: ratios held"] += low <= true[country] <= high
    by = rows.set_index("country")["direction"]
    score["team: NL fell"] += by["NL"] in ("fell", "lower")
    score["team: worlds"] += 1
    score["team: quotient told"] += answer.can_say
    score["team: quotient held"] += answer.can_say and answer.low <= truth.estimate <= answer.high


def late(found: World, view: View, basis: told.Basis, score: Score) -> None:
    """The unfinished months: the interval of the nowcast that the level draws, and what became of them."""
    rows = honest.level(found.fetch, view, basis).rows.dropna(subset=["nowcast"]).set_index("month")
    # A sender may date a parcel days after it was taken; the world itself ends here, and nothing more was to come.
    rows = rows[rows.index <= pd.Timestamp(END)]
    coming = queries.run(found.con, "exercise/still_to_come").set_index("seized_month")["seizures"]
    final = rows["seizures"] + coming.reindex(rows.index).fillna(0.0)
    score["late: months"] += len(rows)
    score["late: held"] += int(((rows["nowcast_low"] <= final) & (final <= rows["nowcast_high"])).sum())
    score["late: error"] += float((rows["nowcast"] - final).abs().sum())
    score["late: bare error"] += float((rows["seizures"] - final).abs().sum())


def broken(found: World, score: Score) -> None:
    """The change of registration, read with the table of real events that lists it: nothing may cross it."""
    listed = found.view(Scope(departures=("NL",), sources=("ex_nl_customs",)), pool="real")
    basis = told.basis(found.fetch, listed)
    _steps(found, listed, basis, REGISTRATION, "registration, listed", score)
    level = honest.level(found.fetch, listed, basis)
    at = sum(month < pd.Timestamp(REGISTRATION) for month in basis.monthly.index)
    panels = level.drawing.panels if level.drawing else ()
    joined = [
        at not in panel.cuts and None not in one.values[max(0, at - 1) : at + 1]
        for panel in panels
        for one in panel.series
        if one.key == "seizures"
    ]
    score["registration, listed: pictures"] += 1
    score["registration, listed: crossed"] += any(joined)


def one(seed: int) -> Score:
    """All checks on the world of one seed."""
    found: Score = defaultdict(float)
    world_of_seed = made(seed)
    for check in (growth, shifts, together, broken):
        check(world_of_seed, found)
    world_of_seed.con.close()
    return defaultdict(float, {name: float(value) for name, value in found.items()})


def score(seeds: int, first: int = FIRST_SEED, processes: int = 2) -> Score:
    """All checks over the worlds of these seeds."""
    context = multiprocessing.get_context("spawn")  # a fork would share the threads of DuckDB
    with ProcessPoolExecutor(processes, mp_context=context) as workers:
        parts = list(workers.map(one, range(first, first + seeds)))
    found: Score = defaultdict(float)
    for part in parts:
        for name, value in part.items():
            found[name] += value
    return found


def lines(found: Score) -> list[dict[str, object]]:
    """The score as lines of the report: what, case, hits, n, bound (null = told and not promised), told_as."""

    def line(what: str, case: str, hits: str, n: str, bound: tuple[float, float] | None = None) -> dict[str, object]:
        return {"what": what, "case": case, "hits": found[hits], "n": int(found[n]), "bound": bound, "told_as": ""}

    cover, power = (0.93, 1.0), None
    error = found["late: error"] / found["late: bare error"] if found["late: bare error"] else float("nan")
    return [
        line(
            "year against year inside its interval",
            "ketamine, four corridors that grow by 1.35 to 1.5 a year",
            "growth: held",
            "growth: told",
            cover,
        ),
        line("steady trend told as a rise", "the same", "growth: trend rose", "growth: trend told", power),
        line("steady trend told as a fall", "the same", "growth: trend fell", "growth: trend told", (0.0, 0.025)),
        line(f"step found within {NEAR} months", "MDMA, × 2.2 and × 0.5", "shift: found", "shift: series", power),
        line("month inside its span", "the same", "shift: held", "shift: found", cover),
        line(
            "after over before inside its interval",
            "departures at the start of the team",
            "team: ratios held",
            "team: ratios",
            cover,
        ),
        line("told as a fall", "Netherlands, planted × 0.815", "team: NL fell", "team: worlds", power),
        line("a quotient is given", "team and displacement", "team: quotient told", "team: worlds", power),
        line("quotient inside its interval", "the same", "team: quotient held", "team: quotient told", cover),
        line(
            "final count inside the nowcast's interval",
            "unfinished months, eight services",
            "late: held",
            "late: months",
            cover,
        ),
        {
            "what": "error beside the bare counts",
            "case": "the same",
            "hits": found["late: error"],
            "n": 1,
            "bound": None,
            "told_as": f"{error:.0%} of it",
        },
        line(
            "a step told at the break",
            "registration of 2020, listed as a break",
            "registration, listed: found",
            "registration, listed: series",
            (0.0, 0.025),
        ),
        line(
            "a line drawn across the break",
            "the same",
            "registration, listed: crossed",
            "registration, listed: pictures",
            (0.0, 0.0),
        ),
    ]


def main(arguments: list[str] | None = None) -> None:
    """Print the lines as JSON."""
    parser = argparse.ArgumentParser(prog="python -m postflow.worlds", description="Hold the pages to made-up worlds.")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    chosen = parser.parse_args(arguments)
    sys.stdout.write(json.dumps(lines(score(chosen.seeds)), default=float) + "\n")


if __name__ == "__main__":
    main()
