"""What is lost when things break: processes killed at random points, a full disk, a clock set back, several at once.

Each trial forks a process that does one thing, kills it, and holds what is found, and what the next run makes of it, to
what was there before and what was confirmed. Needs a system that forks.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bench import ROOT
from postflow import decisions, deck, home, pool, shelf, sources
from postflow.errors import PostflowError
from postflow.exercise import pooling
from postflow.mapping import Delivery

TARGET = ROOT / "docs" / "reliability.md"
DEMO = ROOT / "tests" / "data" / "sources" / "demo_customs"
HEAD = "ZAAKNR;DATUM;LAND;VAN;NAAR;STOF;HOEVEELHEID;EENHEID;VERVOER;VERBORGEN;PLAATS;SOORT;OPMERKING\n"
STEPS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree")
"""What a process does to its files; half of the kills come just before one of these."""
KILLS = {"of_add": 40, "of_build": 40, "of_exercise": 6, "of_review": 80, "of_deck": 80}
"""How the kills are shared out."""
SCALE, SEEDS = 0.002, (7, 11)
AT_ONCE = 60
"""Decisions or slides of one process: more than it comes to before it is killed."""


@dataclass
class Row:
    """What came of one kind of fault."""

    name: str
    tried: int = 0
    hit: int = 0
    """How often the process was killed before it was done."""
    lost: int = 0
    wrong: int = 0
    stuck: int = 0
    """How often the next run did not recover."""


PATIENCE_S = 600
"""So long a process tries again while it is told that another has the pool."""
COUNTED = ("tried", "hit", "lost", "wrong", "stuck")


class World:
    """A home of its own, one source that ships nothing, and what must be in the pool."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, 0
        declared = folder / "declared" / "demo_customs"
        declared.mkdir(parents=True)
        text = (DEMO / "source.toml").read_text(encoding="utf-8")
        text = text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", "")
        (declared / "source.toml").write_text(text, encoding="utf-8")
        sources.FOLDER = declared.parent
        os.environ["POSTFLOW_HOME"] = str(folder / "home")

    def delivery(self) -> Delivery:
        """A new file of two rows; what is kept is two rows a file."""
        self.files += 1
        path = self.folder / f"file{self.files}.csv"
        row = "{0}-{1};2020-0{1}-15;Netherlands;Netherlands;New Zealand;Ecstasy;{0};Gram;Mail;;;;x\n"
        path.write_text(HEAD + "".join(row.format(self.files, month) for month in (1, 2)), encoding="utf-8")
        return Delivery(
            sources.load(sources.FOLDER / "demo_customs" / "source.toml"), path, path.name, date(2026, 1, 1)
        )


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _read_only() -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def forked(
    work: Callable[[], object], stop: float | int | None, quota: int = 0, broken: Callable[[], None] = _killed
) -> bool:
    """Do it in a process of its own; whether it was killed.

    Args:
        work: what is done.
        stop: kill after so many seconds (a float), before so many steps on files (an int), or not at all.
        quota: bytes that a file may grow to.
        broken: what happens before that step on files, and before all later ones.
    """
    child = os.fork()
    if child == 0:
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
        if quota:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (quota, quota))
        if isinstance(stop, int):
            _count_down(stop, broken)
        code = 1
        try:
            work()
            code = 0
        except PostflowError:
            code = 3
        finally:
            os._exit(code)
    if isinstance(stop, float):
        time.sleep(stop)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1:
        raise AssertionError("The process ended with an error that is none of Postflow's.")
    return os.WIFSIGNALED(status)


def _count_down(steps: int, broken: Callable[[], None]) -> None:
    left = [steps]

    def watch(event: str, args: tuple[object, ...]) -> None:
        written = event != "open" or (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR))
        if event in STEPS and written:
            left[0] -= 1
            if left[0] < 0:
                broken()

    sys.addaudithook(watch)


def rows(name: str = "real") -> tuple[int, int]:
    """Records and deliveries of the build in use; nothing where there is none."""
    found = pool.current(name)
    if found is None:
        return 0, 0
    with pool.connect(found.path) as con:
        told = con.execute("select (select count(*) from seizure), (select count(*) from delivery)").fetchall()[0]
        return int(told[0]), int(told[1])


def _stop(rng: random.Random, seconds: float, steps: int) -> float | int:
    return rng.uniform(0, seconds) if rng.random() < 0.5 else rng.randrange(steps)


def of_add(tries: int, rng: random.Random) -> Row:
    """Killed while it adds: the rows before are there, the new ones whole or not at all, and all after the next add."""
    row = Row("add")
    with _world() as world:
        pool.add("real", [world.delivery()])
        for _ in range(tries):
            before, new = rows(), world.delivery()
            row.tried += 1
            row.hit += forked(lambda new=new: pool.add("real", [new]), _stop(rng, 0.6, 40))
            row.wrong += rows() not in (before, (before[0] + 2, before[1] + 1))
            pool.build()
            row.lost += rows()[0] < before[0]
            row.wrong += rows() not in (before, (before[0] + 2, before[1] + 1))
            pool.add("real", [new])
            row.stuck += rows() != (before[0] + 2, before[1] + 1) or bool(_left_behind(world))
    return row


def of_build(tries: int, rng: random.Random) -> Row:
    """Killed while it builds what was kept: the build in use stays, the next one holds every file."""
    row = Row("build")
    with _world() as world:
        pool.add("real", [world.delivery()])
        for _ in range(tries):
            before, new = rows(), world.delivery()
            home.keep(
                "real", [(home.Receipt("demo_customs", home.sha256(new.path), new.file_name, "2026-01-01"), new.path)]
            )
            row.tried += 1
            row.hit += forked(pool.build, _stop(rng, 0.5, 25))
            row.wrong += rows() not in (before, (before[0] + 2, before[1] + 1))
            row.lost += rows()[0] < before[0]
            pool.build()
            row.stuck += rows() != (before[0] + 2, before[1] + 1) or bool(_left_behind(world))
    return row


def of_exercise(tries: int, rng: random.Random) -> Row:
    """Killed while one exercise takes the place of another: the pool is one of them, and the new one after the next run."""
    row = Row("exercise")
    with _world() as world:
        whole = {}
        for seed in SEEDS:
            pooling.make(seed, SCALE, None, lambda _: None)
            whole[seed] = rows("exercise")
        for number in range(tries):
            seed = SEEDS[number % 2]
            row.tried += 1
            row.hit += forked(lambda seed=seed: pooling.make(seed, SCALE, None), _stop(rng, 2.5, 160))
            row.wrong += rows("exercise") not in whole.values()
            pool.build("exercise")
            row.wrong += rows("exercise") not in whole.values()
            if not pooling.is_made(seed, SCALE):
                pooling.make(seed, SCALE, None, lambda _: None)
            row.stuck += rows("exercise") != whole[seed] or bool(_left_behind(world))
    return row


def of_review(tries: int, rng: random.Random) -> Row:
    """Killed while it decides: what was confirmed is kept, and the next decision is."""
    return _of_lines(
        "review", tries, rng, _decide, lambda: len(decisions.history("real")), lambda: decisions.spoilt("real")
    )


def of_deck(tries: int, rng: random.Random) -> Row:
    """Killed while it adds slides: what was confirmed is kept, and the next slide is."""
    return _of_lines(
        "deck",
        tries,
        rng,
        _put,
        lambda: len(shelf.opened("real", "R", "T")[0].slides),
        lambda: list(shelf.path("real", "R").parent.glob("*unreadable*")),
    )


def _decide(number: int) -> None:
    decisions.add("real", f"a{number}", f"b{number}", "accept", "R\u2028")


def _put(number: int) -> None:
    item = deck.Slide(f"k{number}", "explore/flows", "")
    shelf.change("real", "R", "T", lambda old: replace(old, slides=(*old.slides[-100:], item)), None)


def _of_lines(
    name: str,
    tries: int,
    rng: random.Random,
    do: Callable[[int], None],
    held: Callable[[], int],
    amiss: Callable[[], object],
) -> Row:
    row = Row(name)
    with _world() as world:
        for number in range(tries):
            before = held()
            told = world.folder / "confirmed"
            told.write_bytes(b"")

            def work(number: int = number, told: Path = told) -> None:
                with told.open("ab", buffering=0) as confirmed:
                    for at in range(AT_ONCE):
                        do(number * 100 + at)
                        confirmed.write(b"x")

            row.tried += 1
            row.hit += forked(work, _stop(rng, 0.04, 60))
            confirmed = told.stat().st_size
            limit = 101 if name == "deck" else 10**9
            row.lost += held() < min(before + confirmed, limit)
            row.wrong += held() > before + confirmed + 1
            between = held()
            do(number * 100 + AT_ONCE)
            row.stuck += held() != min(between + 1, limit) or bool(amiss())
    return row


def of_full_disk(tries: int, rng: random.Random) -> Row:
    """A file may not grow beyond so many bytes: refused in words, nothing lost, done once there is room."""
    row = Row("disk full (add)")
    with _world() as world:
        pool.add("real", [world.delivery()])
        for _ in range(tries):
            before, new = rows(), world.delivery()
            row.tried += 1
            forked(lambda new=new: pool.add("real", [new]), None, quota=int(10 ** rng.uniform(1, 6.6)))
            row.lost += rows()[0] < before[0]
            pool.build()
            row.wrong += rows() not in (before, (before[0] + 2, before[1] + 1))
            pool.add("real", [new])
            row.stuck += rows() != (before[0] + 2, before[1] + 1) or bool(_left_behind(world))
    return row


def of_read_only(tries: int, rng: random.Random) -> Row:
    """From a random step on nothing can be written: refused in words, nothing lost, done once it can."""
    row = Row("read-only from some step on (add)")
    with _world() as world:
        pool.add("real", [world.delivery()])
        for _ in range(tries):
            before, new = rows(), world.delivery()
            row.tried += 1
            forked(lambda new=new: pool.add("real", [new]), rng.randrange(45), broken=_read_only)
            row.lost += rows()[0] < before[0]
            pool.build()
            row.wrong += rows() not in (before, (before[0] + 2, before[1] + 1))
            pool.add("real", [new])
            row.stuck += rows() != (before[0] + 2, before[1] + 1) or bool(_left_behind(world))
    return row


def of_clock(tries: int) -> Row:
    """Each file is received on an earlier day than the one before: no total depends on it."""
    row = Row("clock set back (add)")
    with _world() as world:
        for number in range(tries):
            new = replace(world.delivery(), received_on=date(2026 - 4 * number, 1, 1))
            row.tried += 1
            pool.add("real", [new])
            row.wrong += rows() != (2 * (number + 1), number + 1)
    return row


def of_several(tries: int, processes: int) -> Row:
    """So many processes add at once, each again while it is told to wait: every file is in the pool."""
    row, done = Row(f"{processes} processes at once (add)"), 0
    with _world() as world:
        for _ in range(tries):
            row.tried += 1
            children = [_start(world.delivery()) for _ in range(processes)]
            ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
            row.stuck += sum(code != 0 for code in ended)
            done += ended.count(0)
            row.lost += rows()[0] < 2 * done
            row.wrong += rows() != (2 * done, done)
    return row


def _start(new: Delivery) -> int:
    child = os.fork()
    if child:
        return child
    code, began = 1, time.monotonic()
    try:
        while code and time.monotonic() - began < PATIENCE_S:
            with contextlib.suppress(PostflowError):
                pool.add("real", [new])
                code = 0
            time.sleep(0.05)
    finally:
        os._exit(code)


def _left_behind(world: World) -> list[Path]:
    kept = world.folder / "home"
    return [*kept.glob("*/work-*"), *kept.glob("**/.*.part"), *kept.glob("**/*.wal")]


@contextlib.contextmanager
def _world() -> Generator[World]:
    before = sources.FOLDER, os.environ.get("POSTFLOW_HOME")
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        yield World(folder)
    finally:
        sources.FOLDER = before[0]
        os.environ.pop("POSTFLOW_HOME")
        if before[1] is not None:
            os.environ["POSTFLOW_HOME"] = before[1]
        shutil.rmtree(folder, ignore_errors=True)


def run(kills: int = sum(KILLS.values()), seed: int = 1) -> dict[str, list[dict[str, object]]]:
    """Every fault, so many kills in all."""
    share = kills / sum(KILLS.values())
    told = [
        in_worlds(of, max(1, round(KILLS[of.__name__] * share)), seed)
        for of in (of_add, of_build, of_exercise, of_review, of_deck)
    ]
    others = [in_worlds(of_full_disk, 10, seed), in_worlds(of_read_only, 20, seed)]
    others += [of_clock(4), of_several(2, 2), of_several(2, 3)]
    return {"kills": [vars(row) for row in told], "others": [vars(row) for row in others]}


def in_worlds(of: Callable[[int, random.Random], Row], tries: int, seed: int) -> Row:
    """So many trials of one fault, ten in a world: a build is quick while its pool holds few files."""
    rng = random.Random(f"{of.__name__} {seed}")
    rows = [of(min(10, tries - start), rng) for start in range(0, tries, 10)]
    return Row(rows[0].name, *(sum(getattr(row, part) for row in rows) for part in COUNTED))


def write(found: dict[str, list[dict[str, object]]]) -> Path:
    """docs/reliability.md anew from what was measured: ``kills``, ``others`` and ``inputs``."""
    text = Path(__file__).with_name("reliability.md").read_text(encoding="utf-8")
    heads = {
        "name": "while",
        "tried": "tried",
        "hit": "killed before it was done",
        "lost": "lost",
        "wrong": "wrong totals",
        "stuck": "not recovered",
    }
    for part in ("kills", "others", "inputs"):
        lines = found.get(part, [])
        names = [name for name in (lines[0] if lines else {}) if not (part == "others" and name == "hit")]
        table = [[heads.get(name, name.replace("_", " ")) for name in names], ["---", *["---:"] * (len(names) - 1)]]
        table += [[str(line[name]) for name in names] for line in lines]
        told = "\n".join("| " + " | ".join(cells) + " |" for cells in table) if lines else "Not measured yet."
        text = text.replace(f"{{{part}}}", told)
    TARGET.write_text(text, encoding="utf-8")
    return TARGET
