"""Inputs that nobody meant: files, declarations, links, state files and command lines, made of seeds, each measured.

A case is made of a good input and a harm done to it, or has a name in ``bench/hostile.py``. It is run in a process of its
own, forked from one that has loaded Postflow; what counts is how long that takes, how much memory it and its children hold,
how it ends, and whether it ends in a traceback.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import psutil

from bench import hostile
from bench.hostile import DEMO
from postflow import cli, sources

MOST_S, MOST_MB = 10.0, 512.0
"""What a refused input may take. Seconds of the processor: by the clock, other work on the machine is measured too."""
PATIENCE_S = 600.0
"""After so long a process is ended; it is beyond the limits then."""
EVERY_S = 0.05
"""Between two looks at the memory of a process and its children; what each of them held at most is known at its end."""
FELL = 70
"""Exit code of a process that ended in an error that is none of Postflow's."""
FORMATS = {"csv": "csv", "csv.gz": "csv", "csv.zip": "csv", "xlsx": "xlsx", "ods": "ods", "parquet": "parquet"}
SEEDS = {"file": 2, "declaration": 3, "link": 2, "state": 1, "words": 4}
"""How many of each harm; so many inputs are made of seeds."""
KINDS = ("hostile", *SEEDS)

Bytes = Callable[[bytes, random.Random], bytes]
Laid = Callable[[Path], list[str]]
"""Lays an input into a world and returns the command line that meets it."""


@dataclass(frozen=True)
class Case:
    """One bad input."""

    kind: str
    name: str
    lay: Laid


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    case: Case
    clock_s: float
    processor_s: float
    """Of the process and of those that it started."""
    resident_mb: float
    exit_code: int
    said: str
    """The end of what was said on standard error."""

    @property
    def fell(self) -> bool:
        """Whether it ended in a traceback, or in no way that is known."""
        return self.exit_code not in (0, 1, 2) or "Traceback (most recent call last)" in self.said

    @property
    def is_beyond(self) -> bool:
        """Whether it took more than a refused input may take."""
        return self.processor_s > MOST_S or self.resident_mb > MOST_MB or self.clock_s > PATIENCE_S


# ---------- harms ----------


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(1 + len(data) // 50):
        changed[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(changed)


def _holed(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes(rng.randrange(1, 5_000)) + data[at:]


def _long(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.choice([b"x", b'"', b"[", b";", b"a.", b"9", b"\n", b"\xff", b"{"]) * 100_000 + data[at:]


HARMS: dict[str, Bytes] = {
    "cut": _cut,
    "flipped": _flipped,
    "with NULs": _holed,
    "with a run of one sign": _long,
    "empty": lambda data, rng: b"",
    "noise": lambda data, rng: rng.randbytes(rng.randrange(1, 20_000)),
    "doubled": lambda data, rng: data + data,
    "turned round": lambda data, rng: data[::-1],
    "as UTF-16": lambda data, rng: data.decode("latin-1").encode(rng.choice(["utf-16-le", "utf-16-be", "utf-16"])),
    "shuffled": lambda data, rng: b"\n".join(rng.sample(lines := data.split(b"\n"), len(lines))),
    "packed as what it is not": lambda data, rng: rng.choice([gzip.compress, _zipped])(data),
    "behind a mark": lambda data, rng: (
        rng.choice([b"PK\x03\x04", b"\x1f\x8b\x08", b"PAR1", b"%PDF", b"\xff\xfe"]) + data
    ),
}


def _zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("inside.csv", data)
    return held.getvalue()


# ---------- good inputs ----------


@cache
def _good(form: str) -> bytes:
    """The demo file in each format that is read."""
    text = (DEMO / "seizures.csv").read_bytes()
    if form == "csv":
        return text
    if form == "csv.gz":
        return gzip.compress(text)
    if form == "csv.zip":
        return _zipped(text)
    rows, held = pd.read_csv(io.BytesIO(text), sep=";", dtype=str, keep_default_na=False), io.BytesIO()
    if form == "parquet":
        rows.to_parquet(held)
    else:
        rows.to_excel(held, index=False, engine={"xlsx": "openpyxl", "ods": "odf"}[form])
    return held.getvalue()


@cache
def _declared(form: str, source_id: str) -> str:
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", "")
    text = text.replace('format = "csv"', f'format = "{FORMATS[form]}"')
    return text.replace('id = "demo_customs"', f'id = "{source_id}"')


LINK = "pool=real&drug=MDMA&from=NL&to=AU&since=2020&until=2021&basis=year&show=count&largest=1&duplicates=no&build=abc"
WORDS = (
    *("build", "check", "withdraw", "query", "deck", "sources", "queries", "status", "brief", "fly", ""),
    *(
        "charts/corridors",
        "charts/totals",
        "records/seizures",
        "data_room/quarantine",
        "demo_customs",
        "../x",
        "a" * 300,
    ),
    *(
        "--drug",
        "--departure",
        "--from",
        "--to",
        "--period",
        "--param",
        "--format",
        "--out",
        "--link",
        "--pool",
        "--any",
    ),
    *(
        "MDMA",
        "NL",
        "2020",
        "2021-13",
        "FY2020",
        "us_fy",
        "csv",
        "json",
        "row_limit=1",
        "row_limit=²",
        "dimension=",
        "=",
    ),
    *("\0", "\udcff", "٢٠٢٠", "-", "--", "real", "exercise", "/dev/null", ".", "x.csv", "-9" * 50, "{}", "[" * 200),
)


# ---------- cases ----------


def cases() -> Iterator[Case]:
    """Every case, in a fixed order."""
    for name, lay in hostile.CASES.items():
        yield Case("hostile", name, lay)
    for form in FORMATS:
        yield from _each("file", form, _file(form))
    yield from _each("declaration", "source.toml", _declaration)
    yield from _each("link", "brief --link", _link)
    for name in STATE:
        yield from _each("state", name, _state(name))
    for seed in range(SEEDS["words"] * len(HARMS)):
        yield Case("words", f"{seed}", _words(seed))


def _each(kind: str, name: str, make: Callable[[Bytes, random.Random], Laid]) -> Iterator[Case]:
    for harm, done in HARMS.items():
        for seed in range(SEEDS[kind]):
            said = f"{name}, {harm}, {seed}"
            yield Case(kind, said, make(done, random.Random(said)))


def _file(form: str) -> Callable[[Bytes, random.Random], Laid]:
    def make(harm: Bytes, rng: random.Random) -> Laid:
        def lay(world: Path) -> list[str]:
            path = world / f"bad.{form}"
            path.write_bytes(harm(_good(form), rng))
            return ["check", f"demo_{FORMATS[form]}", str(path)]

        return lay

    return make


def _declaration(harm: Bytes, rng: random.Random) -> Laid:
    def lay(world: Path) -> list[str]:
        own = world / "own" / "bad_customs" / "source.toml"
        own.parent.mkdir(parents=True)
        own.write_bytes(harm(_declared("csv", "bad_customs").encode(), rng))
        good = world / "good.csv"
        good.write_bytes(_good("csv"))
        return ["check", str(own), str(good)]

    return lay


def _link(harm: Bytes, rng: random.Random) -> Laid:
    def lay(world: Path) -> list[str]:
        data = harm(LINK.encode(), rng)
        text = quote(data, safe="&=,") if rng.random() < 0.5 else data.decode("utf-8", "surrogateescape")
        return ["brief", "--format", "md", "--out", str(world / "brief.md"), "--link", text]

    return lay


STATE = (
    *("builds/real.json", "builds/real.jsonl", "delivered/real/received.json", "delivered/real/journal.jsonl"),
    *("decisions/real.jsonl", "sources/own_customs/source.toml", "decks/real.toml"),
)


def _state(name: str) -> Callable[[Bytes, random.Random], Laid]:
    def make(harm: Bytes, rng: random.Random) -> Laid:
        def lay(world: Path) -> list[str]:
            path = world / "home" / name
            data = path.read_bytes() if path.is_file() else b'{"a": "b", "c": ["d", 1, null]}\n'
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(harm(data, rng))
            if name.startswith("decks"):
                return ["deck", str(path), "--out", str(world / "deck.pptx")]
            return ["build"]

        return lay

    return make


def _words(seed: int) -> Laid:
    def lay(world: Path) -> list[str]:
        del world
        rng = random.Random(f"words {seed}")
        verb = rng.choice(WORDS[:11])
        said = [verb, *rng.choices(WORDS[11:], k=rng.randrange(6))]
        # No word opens the server, writes a new world or writes where the trial does not look.
        return ["." if word.startswith(("x.csv", "/dev")) and "--out" in said else word for word in said]

    return lay


# ---------- trials ----------


@contextlib.contextmanager
def world() -> Generator[Path]:
    """A folder with sources of every format and a pool of one file, where cases are tried."""
    folder = Path(tempfile.mkdtemp(prefix="bad-"))
    before = sources.FOLDER, os.environ.get("POSTFLOW_HOME"), Path.cwd()
    try:
        for form in ("csv", "xlsx", "ods", "parquet"):
            declared = folder / "declared" / f"demo_{form}" / "source.toml"
            declared.parent.mkdir(parents=True)
            declared.write_text(_declared(form, f"demo_{form}"), encoding="utf-8")
        own = folder / "own" / "own_customs" / "source.toml"
        own.parent.mkdir(parents=True)
        own.write_text(_declared("csv", "own_customs"), encoding="utf-8")
        good = folder / "good.csv"
        good.write_bytes(_good("csv"))
        sources.FOLDER = folder / "declared"
        os.environ["POSTFLOW_HOME"] = str(folder / "home")
        with contextlib.redirect_stderr(io.StringIO()):
            assert cli.main(["add", str(own), str(good)]) == 0
        yield folder
    finally:
        sources.FOLDER = before[0]
        os.environ.pop("POSTFLOW_HOME")
        if before[1] is not None:
            os.environ["POSTFLOW_HOME"] = before[1]
        os.chdir(before[2])
        shutil.rmtree(folder, ignore_errors=True)


def tried(case: Case, folder: Path) -> Outcome:
    """One case in a copy of the world, in a process of its own."""
    own = Path(tempfile.mkdtemp(prefix="case-", dir=folder))
    shutil.copytree(folder / "home", own / "home")
    words = case.lay(own)
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _run(words, own)
    peak, ended, status, processor = 0.0, 0, 0, 0.0
    while not ended:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            peak = max(peak, used.ru_maxrss / 1e3)  # kB on Linux: of one that ended between two looks
            processor = used.ru_utime + used.ru_stime
        else:
            peak = max(peak, _resident_mb(child))
            if time.monotonic() - started > PATIENCE_S:
                os.killpg(child, signal.SIGKILL)
            time.sleep(EVERY_S)
    seconds = time.monotonic() - started
    said = (own / "said").read_text(encoding="utf-8", errors="replace")[-4_000:] if (own / "said").is_file() else ""
    shutil.rmtree(own, ignore_errors=True)
    return Outcome(case, seconds, processor, peak, os.waitstatus_to_exitcode(status), said)


def _run(words: list[str], own: Path) -> None:
    os.setpgrp()
    os.environ["POSTFLOW_HOME"] = str(own / "home")
    os.chdir(own)
    code = FELL
    with (own / "said").open("w", encoding="utf-8", errors="backslashreplace") as said:
        os.dup2(said.fileno(), 2)
        sys.stderr = said
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
        try:
            code = cli.main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:
            traceback.print_exc(file=said)
        finally:
            said.flush()
            os._exit(code)


def _resident_mb(process: int) -> float:
    """Of a process and its children; one that was forked a moment ago and still has its parent's pages is not counted twice."""
    try:
        whole = psutil.Process(process)
        own, words = whole.memory_info().rss, whole.cmdline()
        started = [part for part in whole.children(recursive=True) if part.cmdline() != words]
        return (own + sum(part.memory_info().rss for part in started)) / 1e6
    except psutil.Error:
        return 0.0


def outcomes(every: int = 1) -> list[Outcome]:
    """What came of each case, or of one in so many."""
    from postflow.figures import briefing  # so that no case is measured with the time that loading takes

    del briefing
    with world() as folder:
        return [tried(case, folder) for at, case in enumerate(cases()) if at % every == 0]


def measure(every: int = 1) -> list[dict[str, object]]:
    """One row per kind of input: how many were tried, read and refused, and what the worst of them took."""
    found = outcomes(every)
    rows: list[dict[str, object]] = []
    for kind in KINDS:
        mine = [one for one in found if one.case.kind == kind]
        bad = [one for one in mine if one.fell or one.is_beyond]
        row: dict[str, object] = {
            "input": kind,
            "tried": len(mine),
            "read": sum(one.exit_code == 0 for one in mine),
            "refused": sum(one.exit_code in (1, 2) for one in mine),
            "tracebacks": sum(one.fell for one in mine),
            "beyond_10_s_or_512_MB": sum(one.is_beyond for one in mine),
            "most_s_of_the_processor": round(max(one.processor_s for one in mine), 1),
            "slowest_s_by_the_clock": round(max(one.clock_s for one in mine), 1),
            "most_resident_MB": round(max(one.resident_mb for one in mine)),
            "which": "; ".join(f"{one.case.name} ({one.processor_s:.0f} s, {one.resident_mb:.0f} MB)" for one in bad)
            or "none",
        }
        rows.append(row)
    return rows
