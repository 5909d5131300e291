"""Links and state files that nobody meant: read past, set aside or refused in words; never a traceback, never a wait."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest

from postflow import barriers, builds, choice, cli, decisions, deck, home, journal, pool, shelf, sources, toml
from postflow.errors import ExportError, PoolError, PostflowError, SourceError
from postflow.exercise import pooling
from tests.test_pool import ROWS, delivery, only_demo
from tests.test_ui_shell import home as page_home
from tests.test_ui_shell import opened, page_text

__all__ = ["only_demo", "page_home"]

ROOT = Path(__file__).resolve().parent.parent
COUNTED = 3
OFFERED = choice.Options({"drug": {"MDMA": "MDMA"}, "source": {"demo": "Demo"}}, "2012-01", "2020-12")
GARBAGE: dict[str, bytes] = {
    "empty": b"",
    "NULs": bytes(4096),
    "no UTF-8": b"\xff\xfe\x80garbage\n",
    "deep JSON": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "a number of 9,000 digits": b'{"form": ' + b"9" * 9_000 + b"}",
    "a TOML number of 9,000 digits": b"form = " + b"9" * 9_000,
    "a key of 60,000 parts": b"a" + b".a" * 60_000 + b" = 1",
    "wrong types": b'{"file": [], "build_id": {}, "data_through": 3, "step": 4, "one": [], "title": 4}',
    "half a sign": b'{"file": "\\ud800", "build_id": "\\ud800", "data_through": "\\ud800"}',
    "a list": b"[1, null, {}, []]",
    "large": b'{"a": "' + b"x" * 3_000_000 + b'"}',
}


@pytest.fixture
def pooled(only_demo: None, tmp_path: Path) -> pool.PoolFile:
    del only_demo
    assert cli.main(["add", "demo_customs", str(delivery(tmp_path / "one.csv", *ROWS))]) == 0
    found = pool.current()
    assert found
    return found


STATE: dict[str, Callable[[], Path]] = {
    "pointer": lambda: home.builds_folder() / "real.json",
    "journal of builds": lambda: home.builds_folder() / "real.jsonl",
    "list": lambda: home.delivered_folder("real") / "received.json",
    "journal of files": lambda: home.delivered_folder("real") / "journal.jsonl",
    "decisions": lambda: decisions.path("real"),
    "declaration": lambda: home.sources_folder() / "own" / "source.toml",
    "mark of the exercise": lambda: pooling.folder() / pooling.MARK,
}


def read_all() -> None:
    """Whatever is read of a home, each in words where it cannot be."""
    for read in (pool.current, home.receipts, home.unlisted, decisions.history, decisions.spoilt):
        with contextlib.suppress(PostflowError):
            read("real")
    assert not pooling.is_made(1, 1.0)
    assert set(pool.broken_sources()) <= {"own"}


@pytest.mark.parametrize("name", STATE)
def test_no_state_file_stops_a_build_or_loses_a_row(
    name: str, pooled: pool.PoolFile, capsys: pytest.CaptureFixture[str]
) -> None:
    path = STATE[name]()
    before = path.read_bytes() if path.is_file() else b""
    path.parent.mkdir(parents=True, exist_ok=True)
    for kind, garbage in GARBAGE.items():
        for content in (garbage, before + garbage):
            path.write_bytes(content)
            started = time.monotonic()
            read_all()
            assert time.monotonic() - started < 5, kind
    capsys.readouterr()
    assert cli.main(["build"]) == 0
    assert cli.main(["query", "charts/totals", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["seizures"] == COUNTED
    assert pooled.path.is_file()


@pytest.mark.parametrize("kind", GARBAGE)
def test_a_kept_deck_that_is_none_is_set_aside_and_a_new_one_begun(kind: str) -> None:
    file = shelf.path("real", "R")
    file.parent.mkdir(parents=True)
    file.write_bytes(GARBAGE[kind])
    started = time.monotonic()
    kept = shelf.change("real", "R", "T", lambda old: replace(old, title="new"), None)
    assert time.monotonic() - started < 5
    assert kept.title == "new"
    aside = list(file.parent.glob("*unreadable*"))
    assert [path.read_bytes() for path in aside] == [GARBAGE[kind]]


def test_a_version_that_nobody_counted_to_costs_no_memory() -> None:
    file = shelf.path("real", "R")
    shelf.change("real", "R", "T", lambda old: old, None)
    file.write_text('form = 1\ntitle = "T"\nversion = 999999999\n', encoding="utf-8")
    started = time.monotonic()
    with pytest.raises(shelf.StaleError):
        shelf.change("real", "R", "T", lambda old: old, 1)
    assert time.monotonic() - started < 1
    for version in ("-1", "1000000001", "true", "1.5"):
        with pytest.raises(ExportError):
            deck.parse(f'title = "T"\nversion = {version}')


def test_half_a_sign_in_a_deck_is_a_question_mark() -> None:
    item = '{"figure_key": "k", "page": "p", "link": "\\ud800", "note": "a\\udfffb"}'
    found = deck.parse(f'{{"title": "\\ud83d", "slides": [{item}]}}')
    assert (found.title, found.slides[0].link, found.slides[0].note) == ("?", "?", "a?b")
    assert deck.parse(deck.to_toml(found)) == found


def test_a_decision_or_receipt_with_half_a_sign_is_left_aside() -> None:
    decisions.add("real", "a", "b", "accept", "R")
    told = {"one": "a", "other": "c", "decision": "accept", "by": "\ud800", "at": "2026-01-01"}
    journal.append(decisions.path("real"), told)
    assert [made.other for made in decisions.history("real")] == ["b"]
    assert len(decisions.spoilt("real")) == 1


@pytest.mark.parametrize("declared", [None, [], {"../../x": "a"}, {"own": 3}, {"own": "\ud800"}])
def test_a_line_of_the_journal_declares_nothing_outside_the_home(
    declared: object, pooled: pool.PoolFile, own_home: Path
) -> None:
    told = {"step": "kept", "id": "x", "received": [], "away": [], "declared": declared}
    journal.append(home.delivered_folder("real") / "journal.jsonl", told)
    said = home.recover("real", ["demo_customs"])
    assert any("cannot be read" in words for words in said)
    assert not (own_home / "sources").exists()
    assert pool.build()[0] == pooled


@pytest.mark.parametrize(
    "text",
    [
        *[content for kind, content in GARBAGE.items() if kind not in ("empty",)],
        b"step = 3",
        b'step = "x"',
        b"[[step]]\nid = 3",
        b'[[step]]\nid = "1"\nname = []',
    ],
)
def test_a_barrier_model_that_is_none_is_refused_in_words(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "barriers.toml"
    path.write_bytes(text)
    with pytest.raises(SourceError):
        barriers.steps(path)


def test_each_field_of_a_step_is_text(tmp_path: Path) -> None:
    whole = (ROOT / "data" / "barriers.toml").read_text(encoding="utf-8")
    path = tmp_path / "barriers.toml"
    for field in ("id", "name", "action", "opportunity", "signal", "barrier", "measured"):
        path.write_text(
            re.sub(rf"^{field} = .*$", f"{field} = 7", whole, count=1, flags=re.MULTILINE), encoding="utf-8"
        )
        with pytest.raises(SourceError, match=f"step 1, {field}"):
            barriers.steps(path)
    path.write_text(re.sub(r"^partners = .*$", "partners = [1]", whole, count=1, flags=re.MULTILINE), encoding="utf-8")
    with pytest.raises(SourceError, match="partners"):
        barriers.steps(path)


def test_a_declaration_that_is_a_folder_or_has_an_endless_number_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "own" / "source.toml"
    path.mkdir(parents=True)
    with pytest.raises(SourceError, match="This is a folder"):
        sources.load(path)
    path.rmdir()
    path.write_text("id = " + "9" * 9_000, encoding="utf-8")
    with pytest.raises(SourceError, match="Not TOML: a number has thousands of digits"):
        sources.load(path)


def test_a_key_of_many_parts_is_refused_before_it_takes_time() -> None:
    for text in ("a" + ".a" * 60_000 + " = 1", "[" + '"a" . ' * 60_000 + "a]", "x = {" + "a." * 60_000 + "a = 1}"):
        started = time.monotonic()
        with pytest.raises(ValueError, match="more than 50 parts"):
            toml.read(text)
        assert time.monotonic() - started < 1
    started = time.monotonic()
    assert toml.read('a = "' + "x" * 900_000 + ' . . . a.b.c"')["a"].endswith("a.b.c")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("text", ['{"file": "real-abcdefabcdef.duckdb", "build_id": "x", "data_through": ""}'])
def test_a_pointer_that_contradicts_itself_is_none(text: str, pooled: pool.PoolFile) -> None:
    (home.builds_folder() / "real.json").write_text(text, encoding="utf-8")
    found = pool.current()
    assert found
    assert found.path == pooled.path
    assert "cannot be read" in found.amiss
    with pytest.raises(PoolError):
        (home.builds_folder() / "real.jsonl").unlink()
        builds.current("real")


# ---------- links ----------


def test_what_a_link_asks_for_in_vain_is_said_shortly_however_much_it_is() -> None:
    asked = {
        "drug": ["MDMA", *[f"d{number}" for number in range(5_000)]],
        "since": ["9" * 1_000_000],
        "drgu": ["MDMA"],
        "zzzz": ["x"],
    }
    found, said = choice.read(asked, OFFERED)
    assert found.drug == ("MDMA",)
    assert len(said) == choice.MOST_SAID + 1
    assert said[-1] == f"It asked for {5_003 - choice.MOST_SAID} more things that cannot be given."
    assert max(map(len, said)) < 300


def test_a_parameter_that_means_nothing_is_named_with_the_near_one() -> None:
    assert choice.read({"drgu": ["MDMA"]}, OFFERED)[1] == [
        "The link has a parameter ‘drgu’ that means nothing here. Is it drug?"
    ]
    assert choice.read({"\0" * 500: ["x"]}, OFFERED)[1] == [
        f"The link has a parameter ‘{chr(0) * 60}…’ that means nothing here."
    ]


def test_every_choice_of_a_page_is_a_parameter_that_links_may_have() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in [*ROOT.glob("postflow/**/*.py"), *ROOT.glob("pages/*/*.py")]
    )
    named = set(re.findall(r"(?:choose|pick)\([^\n]*key=\"(\w+)\"", text))
    named |= set(re.findall(r"asked\.one\(\"(\w+)\"", text)) | set(re.findall(r"key=\"(\w+)\", bind=", text))
    named |= set(re.findall(r"query_params\.get\(\"(\w+)\"", text))
    assert {"by", "destination_basis", "page", "slide", "event"} <= named
    assert named <= set(choice.OF_PAGES)


LINKS = [
    "drug=\0&from=\0",
    "%00%ff%fe=%ff&pool=%00",
    urlencode({"drug": [f"d{number}" for number in range(5_000)]}, doseq=True),
    f"from={'N' * 500_000}&since={'1' * 500_000}&build={'f' * 100_000}",
    "since=²&until=٢٠٢٠&largest=²&page=²&newest=²&slide=²",
    "since=2020&until=2010&basis=us_fy",
    "&&&===&;;;&drug&drug=&=MDMA",
    "\udcff\ud800=\udcff",
    "?" * 1_000,
]


@pytest.mark.parametrize("link", LINKS)
def test_any_link_is_drawn_on_the_command_line(
    link: str, demo_pool: pool.PoolFile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(demo_pool.path.parent.parent))
    assert cli.main(["brief", "--format", "md", "--out", "-", "--link", link]) in (0, 1)
    captured = capsys.readouterr()
    assert len(captured.err) < 5_000
    assert "Traceback" not in captured.err


# ---------- pages ----------


@pytest.mark.parametrize("link", [*LINKS[:1], *LINKS[4:]])
def test_any_link_opens_a_page_without_an_error_of_streamlit(link: str, page_home: Path) -> None:
    del page_home
    asked = parse_qs(link.encode("utf-8", "replace").decode(), keep_blank_values=True)
    for page in ("pages/explore/records.py", "pages/explore/emerging.py", "pages/share/present.py"):
        app = opened(page, **{f"{name}_": values for name, values in asked.items()})
        assert not app.exception, page


@pytest.mark.parametrize("kind", ["NULs", "no UTF-8", "deep JSON", "wrong types", "half a sign"])
def test_a_page_on_decisions_and_a_deck_of_anything_says_so_in_words(kind: str, page_home: Path) -> None:
    for path in (decisions.path("real"), shelf.path("real", "")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(GARBAGE[kind])
    assert page_home in decisions.path("real").parents
    app = opened("pages/evidence/review.py")
    assert not app.exception
    app = opened("pages/share/deck.py")
    assert not app.exception
    assert "could not be read and now lies beside it" in page_text(app)
