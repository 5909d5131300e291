"""Present it, brief it, hand it over: the deck, the stage, the briefing and every file of every page."""

from __future__ import annotations

import html
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from postflow import cli, deck, exports, pool, queries, redraw
from postflow.figures import briefing, registry
from postflow.view import Data, Fetch, View
from tests.test_exports_formats import words as words_of

ROOT = Path(__file__).resolve().parent.parent
SINGLE = ("csv", "parquet", "png", "svg")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_NO_CHROME", "1")
    monkeypatch.setenv("POSTFLOW_PLOT", "streamlit")


@pytest.fixture
def home(own_home: Path, real_pool: pool.PoolFile, exercise_pool: pool.PoolFile) -> Path:
    """A home of one's own with both pools, so that decks do not meet."""
    shutil.copytree(real_pool.path.parent, own_home / "builds")
    shutil.copytree(exercise_pool.path.parent, own_home / "builds", dirs_exist_ok=True)
    return own_home


def looking(file: pool.PoolFile, link: str = "") -> Iterator[tuple[Fetch, View]]:
    data, known = Data(file.pool, file.build_id, file.data_through), {}
    with pool.connect(file.path) as con:

        def fetch(name: str, **params: queries.Value) -> pd.DataFrame:
            said = f"{name} {sorted(params.items())!r}"
            if said not in known:
                known[said] = queries.run(con, name, **params)
            return known[said]

        yield fetch, redraw.view_of(f"pool={file.pool}&{link}", fetch, data)[0]


@pytest.fixture(scope="module", params=["real", "exercise"])
def looked(
    request: pytest.FixtureRequest, real_pool: pool.PoolFile, exercise_pool: pool.PoolFile
) -> Iterator[tuple[Fetch, View]]:
    yield from looking(real_pool if request.param == "real" else exercise_pool)


def opened(page: str, **asked: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
    app.switch_page(page)
    for name, value in asked.items():
        app.query_params[name.rstrip("_")] = value
    app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    return " ".join(str(block.proto.body) for block in app.get("html") if "<style>" not in block.proto.body)


def press(app: AppTest, key: str) -> AppTest:
    next(button for button in app.button if button.key == key).click()
    app.run()
    assert not app.exception
    return app


# ---------- every figure can be drawn anew ----------


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("page", registry.PAGES)
def test_the_registry_draws_what_the_page_shows(page: str, real_pool: pool.PoolFile) -> None:
    app = opened(f"pages/{page}.py")
    shown = [button.key.removeprefix("deck-") for button in app.button if str(button.key).startswith("deck-")]
    for fetch, view in looking(real_pool):
        made = registry.of_page(fetch, view, page)
        figures = {key: figure for key, make in made.items() if (figure := make()) is not None}
        assert sorted(shown) == sorted(key for key, figure in figures.items() if not figure.why_not)
        for figure in figures.values():
            if figure.why_not:  # one list at the end, without a frame
                assert f"<b>{html.escape(figure.headline, quote=False)}.</b>" in text(app)
        for key in shown:
            figure = made[key]()
            assert figure is not None
            assert figure.key == key
            assert figure.headline.replace("&", "&amp;") in text(app)


def test_a_link_gives_the_choices_of_its_page(looked: tuple[Fetch, View]) -> None:
    fetch, view = looked
    link = f"pool={view.data.pool}&by=departure&each=year&drug=MDMA&build=x"
    seen, asked, said = redraw.view_of(link, fetch, view.data)
    assert seen.scope.drugs == ("MDMA",)
    assert asked.values == {"by": "departure", "each": "year"}
    figure = registry.draw(fetch, seen, "explore/trends", "trend_by_departure", asked)
    assert figure is not None and figure.rows["period"].astype(str).str.len().max() == 4
    assert said == []


# ---------- the deck ----------


@pytest.mark.usefixtures("home")
def test_a_slide_outlives_page_and_session_and_keeps_its_filters(home: Path) -> None:
    press(opened("pages/explore/flows.py", drug="ketamine"), "deck-flow_sides")
    slides = tomllib.loads((home / "decks" / "real.toml").read_text())["slides"]
    assert [slide["figure_key"] for slide in slides] == ["flow_sides"]
    assert "drug=ketamine&" in slides[0]["link"]
    app = opened("pages/share/deck.py")
    assert "1 slide in the deck" in text(app)
    assert "The deck is empty" in text(opened("pages/share/deck.py", pool="exercise")), "the other pool has its own"


@pytest.mark.usefixtures("home")
def test_slides_are_moved_reworded_and_removed(home: Path) -> None:
    app = opened("pages/explore/flows.py")
    for key in ("flow_map", "flow_sides", "flow_matrix"):
        press(app, f"deck-{key}")
    app = press(opened("pages/share/deck.py"), "deck-Down-0-0")
    kept = deck.open_file(home / "decks" / "real.toml")
    assert [slide.figure_key for slide in kept.slides] == ["flow_sides", "flow_map", "flow_matrix"]
    next(field for field in app.text_input if field.key == "deck-headline-0-1").set_value("Mine")
    app.run()
    press(app, "deck-remove-2-1")
    kept = deck.open_file(home / "decks" / "real.toml")
    assert [(slide.figure_key, slide.headline) for slide in kept.slides] == [("flow_sides", "Mine"), ("flow_map", "")]


@pytest.mark.usefixtures("home")
def test_a_deck_of_an_older_build_says_what_changed(home: Path) -> None:
    press(opened("pages/explore/flows.py"), "deck-flow_sides")
    path = home / "decks" / "real.toml"
    old = deck.open_file(path)
    deck.save(
        replace(
            old, slides=(replace(old.slides[0], seen_headline="7 of 9", seen_version="Data to 2020-01 · build 0"),)
        ),
        path,
    )
    app = opened("pages/share/deck.py")
    assert "1 of 1 slides changed" in text(app)
    assert "said “7 of 9”; now “0 of 920 seizures were made before the parcel arrived”" in text(app)
    assert "changed since" not in text(press(app, "deck-refresh"))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("form", exports.DECK)
def test_the_deck_page_makes_each_file(form: str) -> None:
    press(opened("pages/explore/flows.py", pool="exercise"), "deck-flow_sides")
    app = opened("pages/share/deck.py", pool="exercise")
    next(group for group in app.button_group if group.key == "deck-form").set_value(form)
    app.run()
    press(app, "deck-make")
    assert [
        button.proto.label.split(" · ")[0] for button in app.get("download_button") if button.key == "deck-save"
    ] == [f"Save {exports.FORMATS[form].words}"]
    assert "SYNTHETIC" in text(app)


@pytest.mark.usefixtures("home")
def test_a_deck_that_cannot_be_read_is_set_aside_not_lost(home: Path) -> None:
    (home / "decks").mkdir()
    (home / "decks" / "real.toml").write_text("slides = 7")
    assert "The deck is empty" in text(opened("pages/share/deck.py"))
    assert (home / "decks" / "real.unreadable.toml").read_text() == "slides = 7"


# ---------- the stage ----------


@pytest.mark.usefixtures("home")
def test_the_stage_turns_and_shows_the_filters_on_call() -> None:
    app = opened("pages/share/present.py", of="explore/flows", slide="2")
    assert "0 of 920 seizures were made before the parcel arrived" in text(app)
    assert "2 / 4" in text(app)
    assert not app.get("popover")
    assert "3 / 4" in text(press(app, "stage-next"))
    assert app.query_params["slide"] == "3"
    assert len(press(app, "stage-filters").get("popover")) > 5
    press(press(app, "stage-next"), "stage-next")
    assert "4 / 4" in text(app)


@pytest.mark.usefixtures("home")
def test_each_slide_brings_its_own_filters() -> None:
    press(opened("pages/explore/flows.py", drug="ketamine"), "deck-flow_sides")
    press(opened("pages/explore/flows.py", drug="MDMA"), "deck-flow_sides")
    app = opened("pages/share/present.py")
    assert "of 36 seizures" in text(app)
    assert "of 884 seizures" in text(press(app, "stage-next"))
    assert text(app).count("TLP:CLEAR") >= 2  # header and footer


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("of", "slide"), [("explore/nowhere", "1"), ("explore/flows", "99"), ("explore/flows", "x")])
def test_a_wrong_stage_link_shows_something_of_use(of: str, slide: str) -> None:
    assert len(text(opened("pages/share/present.py", of=of, slide=slide))) > 100


# ---------- the briefing ----------


def test_the_briefing_is_the_same_on_page_file_and_command_line(
    home: Path, real_pool: pool.PoolFile, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    del home
    for fetch, view in looking(real_pool):
        made = briefing.make(fetch, view)
        said = [sentence.text for sentence in made.sentences]
        assert len(said) == 5
        page = text(opened("pages/share/briefing.py"))
        assert all(sentence in page for sentence in said)
        assert cli.main(["brief", "--format", "md", "--out", "-"]) == 0
        printed = capsysbinary.readouterr().out.decode()
        assert all(sentence in printed for sentence in said)
        sources = fetch("charts/sources", scope=view.scope)
        for form in exports.BRIEFING:
            inside = " ".join(words_of(exports.make(exports.gate(made, view, form, sources=sources)), form).split())
            flat = inside.replace(" ", "")
            assert all("".join(sentence.split()) in flat or sentence in inside for sentence in said), form


def test_the_briefing_of_the_shipped_pool_says_no_more_than_it_can(real_pool: pool.PoolFile) -> None:
    for fetch, view in looking(real_pool):
        made = briefing.make(fetch, view)
        said = " ".join(sentence.text for sentence in made.sentences)
        assert "673 against 126, 5.34 times (3.09 to 9.22): higher. 2014 and 2015 not reported." in said
        assert "rose" not in said and "fell " not in said
        assert "the Netherlands differs most: 402 against 74" in said
        assert "None of the 920 seizures was made before the parcel arrived" in said
        assert "432 seizures have no weight" in said
        assert [(row.name, row.is_clear) for row in made.changes][-1] == ("Switzerland", False)


@pytest.mark.parametrize(
    "link",
    [
        "from=KR",
        "since=2016-03&until=2016-03",
        "since=2014&until=2014",
        "drug=ketamine&from=LU",
        "to=AU",
        "largest=5",
        "show=kg",
        "basis=au_fy",
    ],
)
def test_a_briefing_about_little_says_what_cannot_be_said(link: str, real_pool: pool.PoolFile) -> None:
    for fetch, view in looking(real_pool, link):
        made = briefing.make(fetch, view)
        assert made.sentences
        assert all(
            sentence.text.endswith((".", "!", "?")) and "nan" not in sentence.text for sentence in made.sentences
        )
        data = exports.make(exports.gate(made, view, "pdf", sources=fetch("charts/sources", scope=view.scope)))
        assert data.startswith(b"%PDF")


def test_a_direction_is_named_only_where_the_interval_allows_it(looked: tuple[Fetch, View]) -> None:
    fetch, view = looked
    basis = briefing.told.basis(fetch, view)
    two = briefing.compared(fetch, view, basis)
    said = briefing.level(two)
    assert ("rose" in said) == (two.answer.direction == "rose")
    assert ("fell" in said) == (two.answer.direction == "fell")
    for change in briefing.ranked(fetch, view, two)[1]:
        assert change.is_clear or change.change == "within the interval"


# ---------- all formats, all pages ----------


@pytest.mark.parametrize("page", registry.PAGES)
def test_every_page_leaves_in_every_format_with_caption_mark_and_label(page: str, looked: tuple[Fetch, View]) -> None:
    fetch, view = looked
    figures = [figure for make in registry.of_page(fetch, view, page).values() if (figure := make())]
    items = [exports.Item(figure, view, redraw.sources(figure, fetch, view), "http://127.0.0.1/") for figure in figures]
    for form in (*exports.DECK, *SINGLE):
        what = items if form in exports.DECK else items[:1]
        if form in ("png", "svg"):
            what = [item for item in items if item.figure.drawing][:1]
        if not what:
            continue
        out = exports.gate(what if form in exports.DECK else what[0], view, form)
        inside = "".join(words_of(exports.make(out), form).split())
        for item in what:
            wanted = item.figure.caption.counted.split()[0]
            assert wanted in inside, (form, item.figure.key)
            assert view.data.build_id in inside
        assert "".join(out.mark.split(" · ")[0].split()) in inside, form
        assert ("SYNTHETIC" in inside) == view.data.is_synthetic, form


# ---------- command line ----------


def test_a_saved_deck_is_drawn_on_the_command_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    press(opened("pages/explore/overview.py", pool="exercise"), "deck-overview_by_year")
    saved = home / "decks" / "exercise.toml"
    for form in exports.DECK:
        assert cli.main(["deck", str(saved), "--out", str(tmp_path / f"d.{form}")]) == 0
        assert "SYNTHETIC" in words_of((tmp_path / f"d.{form}").read_bytes(), form)
    assert "Slide 1 is unchanged." in capsys.readouterr().err


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["deck", "missing.toml", "--out", "x.pptx"], "cannot be read"),
        (["deck", "{deck}", "--out", "x.odp"], "No such format for a deck"),
        (["deck", "{empty}", "--out", "x.pptx"], "no slides"),
        (["deck", "{gone}", "--out", "x.pptx", "--strict"], "cannot be drawn"),
        (["deck", "{gone}", "--out", "x.pptx"], "nothing to export"),
        (["brief", "--departure", "Atlantis", "--out", "-"], "Not a country or group"),
        (["brief", "--link", "http://x/?pool=none", "--out", "-"], "no such pool"),
        (["brief", "--out", "/no/such/folder/b.pdf"], "cannot be written"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(
    argv: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    some = deck.Slide("flow_map", "explore/flows", "pool=real")
    for name, slides in {"deck": (some,), "empty": (), "gone": (replace(some, figure_key="no_more"),)}.items():
        deck.save(deck.Deck(name, slides), tmp_path / f"{name}.toml")
    assert cli.main([part.format(**{name: f"{name}.toml" for name in ("deck", "empty", "gone")}) for part in argv]) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("x.*"))


# ---------- older builds ----------


def older(home: Path, build_id: str = "0123456789ab") -> None:
    """A second build beside the one in use: the same rows under another id."""
    import duckdb

    current = pool.current("real")
    assert current
    path = home / "builds" / f"real-{build_id}.duckdb"
    shutil.copy(current.path, path)
    with duckdb.connect(path) as con:
        con.execute("update build set build_id = ?", [build_id])


def test_a_link_opens_the_build_that_it_was_made_on_while_it_is_kept(home: Path) -> None:
    older(home)
    app = opened("pages/explore/flows.py", build="0123456789ab")
    assert "You are looking at an older build" in text(app)
    assert "build 0123456789ab" in text(app)
    assert app.query_params["build"] == "0123456789ab"
    newest = press(app, "newest")
    assert "older build" not in text(newest)
    assert "build 0123456789ab" not in text(newest)


@pytest.mark.parametrize("build", ["ffffffffffff", "../../etc", "", "zz"])
def test_a_build_that_is_gone_is_said(build: str, home: Path) -> None:
    del home
    app = opened("pages/explore/flows.py", build=build)
    assert ("which is no longer kept" in text(app)) == bool(build)
