"""The one-page briefing: sentences say what the counts allow, about much and little, the same in every file."""

from __future__ import annotations

import io
import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from docx import Document
from pypdf import PdfReader

from postflow import exports, pool, queries, redraw
from postflow.analysis.intervals import ratio_limits
from postflow.briefing import NAN, Briefing, Change
from postflow.figures import briefing, registry
from postflow.numbers import THIN, signed
from postflow.scope import Scope
from postflow.view import Data, Fetch, View
from tests.test_ui_shell import publish

DIRECTION = re.compile(r"\b(rose|fell|risen|fallen|more|fewer|higher|lower|up|down)\b", re.IGNORECASE)
Row = tuple[str, str, str, str, str, str, int, str, bool]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_NO_CHROME", "1")


def looking(path: Path, data: Data, scope: Scope | str = "") -> Iterator[tuple[Fetch, View]]:
    with pool.connect(path) as con:

        def fetch(name: str, **params: queries.Value) -> pd.DataFrame:
            return queries.run(con, name, **params)

        yield (
            fetch,
            View(data, scope)
            if isinstance(scope, Scope)
            else redraw.view_of(f"pool={data.pool}&{scope}", fetch, data)[0],
        )


def made_of(file: pool.PoolFile, scope: Scope | str = "") -> Briefing:
    for fetch, view in looking(file.path, Data(file.pool, file.build_id, file.data_through), scope):
        return briefing.make(fetch, view)
    raise AssertionError


def small(home: Path, rows: list[Row]) -> Briefing:
    """The briefing of a pool of these rows."""
    publish(home, "b0b0b0b0b0b0", rows)
    path = home / "builds" / "real-b0b0b0b0b0b0.duckdb"
    for fetch, view in looking(path, Data("real", "b0b0b0b0b0b0", "2016-05"), Scope()):
        return briefing.make(fetch, view)
    raise AssertionError


def months(year: int, counts: list[int], start: str = "NL") -> list[Row]:
    return [
        ("MDMA", start, "NZ", "reported", "post", "import", n, f"{year}-{month:02}-01", False)
        for month, n in enumerate(counts, 1)
        if n
    ]


def said(page: Briefing) -> list[str]:
    return [sentence.text.replace(THIN, " ").replace("\u00a0", " ") for sentence in page.sentences]


# ---------- pools whose truth is known ----------


def test_the_golden_rows_have_too_little_to_say_more(demo_pool: pool.PoolFile) -> None:
    page = made_of(demo_pool, Scope())
    lines = said(page)
    assert lines[0].startswith(
        "The 12 months to Dec 2021 against the twelve before: 3 against 8, 0.38 times (0.09 to 1.60): no clear change."
    )
    assert "Reporters differ (only in the newer period: Belgium" in lines[0]
    assert lines[1].startswith("By departure, the Netherlands differs most: 1 against 4, −3 of −5 in all")
    assert lines[1].endswith("a difference that noise alone could make.")
    assert lines[2].endswith("1 seizure of a weight beyond belief is among them; 2 seizures have no weight.")
    assert lines[3].startswith("3 of 11 seizures (27 %) were made before the parcel arrived")
    assert lines[4] == "Nothing stands out of the newest three finished months."
    assert [tile.number for tile in page.tiles] == ["3", "12\u202f000\u00a0kg"]
    assert {change.change for change in page.changes} == {"within the interval"}


def test_the_shipped_pool_has_tiles_with_their_base_and_parts_with_intervals(real_pool: pool.PoolFile) -> None:
    page = made_of(real_pool)
    assert page.title == "New Zealand made 673 seizures from Western Europe in 2016, against 126 in 2013"
    assert [(tile.number, tile.than) for tile in page.tiles] == [
        ("673", "×5.3 on 126 in 2013, across a gap"),
        ("7.69\u00a0kg", "no earlier weight"),
        ("642", "×5.1 on 126 in 2013, across a gap"),
        ("31", "none in 2013, across a gap"),
    ]
    assert page.tiles[0].course == (121.0, 126.0, None, None, 673.0), "a gap is no zero"
    assert (page.changes[0].name, page.changes[0].before, page.changes[0].after, page.changes[0].change) == (
        "Netherlands",
        74,
        402,
        "×5.4",
    )
    assert [change.name for change in page.changes if change.is_clear] == [
        "Netherlands",
        "United Kingdom",
        "Germany",
        "Belgium",
    ]
    assert all((change.low <= 0 <= change.high) != change.is_clear for change in page.changes)
    assert sum((change.after or 0) - (change.before or 0) for change in page.changes) == 673 - 126
    assert [item.words.partition(".")[0] for item in page.missing if not item.number] == [
        "New Zealand, 2014 and 2015",
        "United States and Australia",
    ]


def test_unfinished_months_are_named_and_compared_with_nothing(exercise_pool: pool.PoolFile) -> None:
    page = made_of(exercise_pool)
    assert page.missing[0].number == "", "drawn hatched"
    assert "Reports are still coming in" in page.missing[0].words
    assert page.caption.mark.startswith("SYNTHETIC")
    assert page.periods[1].startswith("12 months to ")
    assert len(page.sentences) == 5


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("from=KR", "no row says whether anybody would have reported one"),
        ("since=2014&until=2014", "New Zealand did not report these months, which is a gap and not a zero"),
        ("drug=ketamine&since=2013&until=2013", "New Zealand reported and counted none"),
    ],
)
def test_an_empty_scope_is_a_zero_only_where_somebody_looked(link: str, words: str, real_pool: pool.PoolFile) -> None:
    page = made_of(real_pool, link)
    assert len(page.sentences) == 1
    assert words in page.sentences[0].text
    assert not page.tiles and not page.changes


def test_one_month_is_compared_with_nothing(real_pool: pool.PoolFile) -> None:
    page = made_of(real_pool, "since=2016-03&until=2016-03")
    assert page.title == "New Zealand made 55 seizures from Western Europe in 2016 (1 of 12 months)"
    assert {tile.than for tile in page.tiles} == {"no earlier period is in view", "no earlier weight"}
    assert said(page)[0] == "2016 is the only reported year of the period in view."
    assert said(page)[1].startswith("What drove the change cannot be told")
    assert len(page.sentences) == 5 and not page.changes


def test_one_reporter_of_one_year(tmp_path: Path) -> None:
    page = small(tmp_path, months(2012, [3] * 12))
    assert said(page)[0] == "2012 is the only reported year."
    assert page.title == "New Zealand made 36 seizures from anywhere in 2012"


def test_one_bulk_seizure_is_all_of_the_weight(tmp_path: Path) -> None:
    page = small(tmp_path, months(2012, [1]))
    assert said(page)[2] == "All of the 2.00 kg in scope is one record."
    assert said(page)[3].startswith("The one seizure was not made before the parcel arrived")
    assert page.title == "New Zealand made 1 seizure from anywhere in 2012 (1 of 12 months)"


def test_many_gaps_are_counted_not_listed(tmp_path: Path) -> None:
    page = small(tmp_path, [*months(2004, [5] * 12), *months(2012, [5] * 12)])
    assert said(page)[4] == "Seven of the 9 periods from 2004 to 2012 were not reported: a gap, not a fall to zero."
    assert said(page)[0].startswith("2012 against 2004: 60 against 60")


# ---------- the rule of words ----------


@pytest.mark.parametrize("seed", range(14))
def test_no_direction_is_named_where_the_interval_holds_no_change(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    level, factor, gap = draw.choice([2, 6, 20]), draw.choice([0.3, 0.8, 1, 1.1, 1.4, 4]), draw.choice([0, 0, 1])
    old = [max(1, round(draw.gauss(level, level**0.5))) for _ in range(12)]
    new = [max(1, round(draw.gauss(level * factor, (level * factor) ** 0.5))) for _ in range(12)]
    page = small(tmp_path, [*months(2012, old), *months(2013 + gap, new), *months(2013 + gap, [1], "BE")])
    low, high = ratio_limits(sum(new) + 1, 1, sum(old), 1, 0.05)
    told = " ".join(said(page))
    assert len(page.sentences) == 5
    if low <= 1 <= high:
        assert not DIRECTION.search(told), told
        assert "no clear change" in page.tiles[0].than
    if gap:
        assert not re.search(r"\b(rose|fell)\b", told), "across a gap nothing was watched to rise or fall"
    assert ("×" in page.tiles[0].than or "%" in page.tiles[0].than) == bool(DIRECTION.search(said(page)[0]))
    for change in page.changes:
        assert change.is_clear or change.change == "within the interval"


def test_a_clear_change_is_named(tmp_path: Path) -> None:
    lines = said(small(tmp_path / "up", [*months(2012, [10] * 12), *months(2013, [30] * 12)]))
    assert (
        lines[0]
        == "The 12 months to Dec 2013 against the twelve before: 360 against 120, 3.00 times (2.40 to 3.75): rose."
    )
    lines = said(small(tmp_path / "down", [*months(2012, [30] * 12), *months(2013, [10] * 12)]))
    assert lines[0].endswith(": fell.")


# ---------- one value, everywhere the same ----------


@pytest.mark.parametrize("name", ["real", "exercise"])
def test_every_sentence_leads_to_a_figure_that_is_there(name: str, request: pytest.FixtureRequest) -> None:
    file = request.getfixturevalue(f"{name}_pool")
    for fetch, view in looking(file.path, Data(file.pool, file.build_id, file.data_through)):
        for sentence in briefing.make(fetch, view, "drug=MDMA").sentences:
            way = urlsplit(sentence.link)
            assert dict(parse_qsl(way.query))["drug"] == "MDMA"
            page = next(page for page in registry.PAGES if page.endswith(way.path if way.path != "/" else "/overview"))
            asked = redraw.view_of(f"pool={name}&{way.query}", fetch, view.data)[1]
            assert registry.draw(fetch, view, page, sentence.figure_key, asked) is not None, sentence


def test_the_same_view_gives_the_same_page(real_pool: pool.PoolFile) -> None:
    first, second = (replace(made_of(real_pool), figures=()) for _ in range(2))
    assert repr(first) == repr(second)


def lines_of(data: bytes, form: str) -> str:
    if form == "pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if form == "docx":
        doc = Document(io.BytesIO(data))
        cells = (cell.text for table in doc.tables for row in table.rows for cell in row.cells)
        return "\n".join(itertools.chain((line.text for line in doc.paragraphs), cells))
    text = re.sub(r"<[^>]+>", "", data.decode()) if form == "html" else data.decode().replace("\\", "")
    return text.replace("&gt;", ">").replace("&lt;", "<").replace("&#x27;", "'")


@pytest.mark.parametrize("name", ["real", "exercise"])
@pytest.mark.parametrize("form", exports.BRIEFING)
def test_each_file_holds_the_page_whole(name: str, form: str, request: pytest.FixtureRequest) -> None:
    file = request.getfixturevalue(f"{name}_pool")
    for fetch, view in looking(file.path, Data(file.pool, file.build_id, file.data_through)):
        page = briefing.make(fetch, view)
        data = exports.make(exports.gate(page, view, form, sources=fetch("charts/sources", scope=view.scope)))
        if form == "pdf":
            assert len(PdfReader(io.BytesIO(data)).pages) == 1
            assert flat(page.figures[0].headline) in flat(lines_of(data, form)), "the map has its place"
        inside = flat(lines_of(data, form))
        wanted = [
            page.title,
            page.caption.mark,
            *(s.text for s in page.sentences),
            *(c.name for c in page.changes),
            *(c.change for c in page.changes),
        ]
        wanted += [*(tile.than for tile in page.tiles), *(item.words for item in page.missing)]
        assert [words for words in wanted if flat(words) not in inside] == []


def flat(text: str) -> str:
    return "".join(text.split())


# ---------- differences and bars ----------


def test_a_difference_is_written_with_its_interval() -> None:
    assert Change("a", 5, 9, "", True, 1.2, 7).difference == "+4 (+1 to +7)"
    assert Change("a", 9, 5, "", False).difference == signed(-4) == "−4"
    assert Change("a", None, 5, "", False, 1, 2).difference == ""


def test_bars_share_one_scale_that_holds_zero() -> None:
    parts = (
        Change("up", 0, 10, "", True, 5, 15),
        Change("down", 9, 4, "", True, -8, -2),
        Change("unknown", None, 3, "", False, NAN, NAN),
    )
    page = Briefing("", "", (), (), parts, "", ("", ""), (), (), None)  # type: ignore[arg-type]
    up, down, unknown = page.bars()
    assert unknown == ()
    assert up == pytest.approx((8 / 23, 18 / 23, 13 / 23, 1.0))
    assert down == pytest.approx((8 / 23, 3 / 23, 0.0, 6 / 23))
