"""Small numbers: what is hidden cannot be had back, on any way out."""

from __future__ import annotations

import json
from itertools import combinations

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postflow import cli, disclosure, pool, queries
from postflow.analysis import followup as method
from postflow.analysis.result import Table
from postflow.disclosure import SMALL
from postflow.errors import QueryError
from postflow.figure import Figure
from postflow.figures import barriers, details, emerging, followup, parcel
from postflow.render import html
from postflow.scope import Scope
from postflow.view import Data, View

VIEW = View(Data("real", "a", "2025-12"), Scope())
SENSITIVE = (
    "concealment",
    "detection_method",
    "declared_contents",
    "advance_data",
    "barrier_step",
    "case_opened_on",
    "suspects",
    "arrests",
    "prosecuted_on",
    "verdict",
    "is_controlled_delivery",
)
cells = st.one_of(st.just(0), st.integers(1, 6), st.integers(1, 60))


@st.composite
def tables(draw: st.DrawFn, least: int = 1) -> pd.DataFrame:
    high, wide = draw(st.integers(least, 6)), draw(st.integers(least, 5))
    values = draw(st.lists(cells, min_size=high * wide, max_size=high * wide))
    return pd.DataFrame(
        [(f"r{n // wide}", f"c{n % wide}", value) for n, value in enumerate(values)],
        columns=["row", "column", "seizures"],
    )


def check(given_rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """No hidden cell follows from the shown ones and any known total, alone or chained; what is shown is as it was."""
    shown = disclosure.suppress(given_rows, by)
    both = given_rows.merge(shown.rows, on=by, suffixes=("", "_shown"))
    hide = both["seizures_shown"].isna()
    assert (both.loc[~hide, "seizures"] == both.loc[~hide, "seizures_shown"]).all()
    assert not both.loc[~hide, "seizures"].between(1, SMALL - 1).any()
    assert shown.hidden == hide.sum()
    lines = []
    for size in range(len(by)):
        for some in combinations(by, size):
            groups = both.groupby(list(some)) if some else [("", both)]
            for _, part in groups:
                lost = part[part["seizures_shown"].isna()]
                if len(part) > 1 and part["seizures"].sum() >= SMALL:
                    lines.append(both.index.isin(part.index)[hide.to_numpy()])
                    assert len(lost) != 1
                    assert lost.empty or lost["seizures"].sum() >= SMALL
    known = np.array(lines, dtype=float)
    if hide.any() and len(known):
        rank = np.linalg.matrix_rank(known)
        for at in range(int(hide.sum())):
            alone = np.eye(int(hide.sum()))[at]
            assert np.linalg.matrix_rank(np.vstack([known, alone])) > rank
    return both


@settings(max_examples=80, deadline=None)
@given(tables(least=2))
def test_no_hidden_cell_of_a_table_can_be_worked_out(rows: pd.DataFrame) -> None:
    check(rows, ["row", "column"])


@settings(max_examples=80, deadline=None)
@given(st.lists(cells, min_size=2, max_size=9))
def test_no_hidden_line_of_a_list_can_be_worked_out(values: list[int]) -> None:
    check(pd.DataFrame({"row": [f"r{n}" for n in range(len(values))], "seizures": values}), ["row"])


@settings(max_examples=40, deadline=None)
@given(tables())
def test_only_small_numbers_cost_anything_and_twice_is_once(rows: pd.DataFrame) -> None:
    once = disclosure.suppress(rows, ["row", "column"])
    if not rows["seizures"].between(1, SMALL - 1).any():
        assert once.hidden == 0
    assert once.rows["seizures"].isna().sum() == once.hidden
    assert once.rows["seizures"].sum() <= rows["seizures"].sum()


def test_the_words_count_what_is_hidden() -> None:
    rows = pd.DataFrame({"how": ["X-ray", "dog", "tip", "other"], "seizures": [90, 3, 6, 0]})
    shown = disclosure.suppress(rows, ["how"])
    assert list(shown.rows["seizures"].fillna(-1)) == [90, -1, -1, 0]
    assert shown.words == "2 cells are hidden: those of 1 to 4, and those that would give them away."
    assert disclosure.words(0) == ""
    assert disclosure.suppress(rows.head(0), ["how"]).hidden == 0


def test_a_whole_that_is_small_hides_every_cell() -> None:
    rows = pd.DataFrame({"how": ["X-ray", "dog"], "seizures": [3, 0]})
    assert disclosure.suppress(rows, ["how"]).rows["seizures"].isna().all()


def follow_up(values: list[tuple[int, ...]]) -> pd.DataFrame:
    """Rows of which ``values`` (per year: seized, case, suspect, prosecuted, verdict) come out of the funnel."""
    lines = []
    for year, (seized, *steps) in enumerate(values, 2018):
        for n in range(seized):
            case, suspect, prosecuted, verdict = (n < step for step in steps)
            day = pd.Timestamp(year, 3, 1)
            lines.append(
                (
                    day,
                    day if case else None,
                    1 if suspect else None,
                    day if prosecuted else None,
                    day if verdict else None,
                )
            )
    return pd.DataFrame(lines, columns=["seized_on", "case_opened_on", "suspects", "prosecuted_on", "verdict_on"])


funnels = st.lists(
    st.lists(st.integers(0, 30), min_size=5, max_size=5).map(lambda v: tuple(sorted(v, reverse=True))),
    min_size=1,
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(funnels)
def test_no_step_of_a_case_can_be_worked_out(values: list[tuple[int, ...]]) -> None:
    rows = follow_up(values)
    answer = method.funnel(rows)
    if not answer.can_say:
        return
    hidden = set()
    for cohort, part in answer.rows.groupby("cohort"):
        true, last = values[cohort - 2018], None
        for n, row in enumerate(part.itertuples()):
            if row.is_hidden:
                hidden.add((cohort, row.step))
                assert pd.isna(row.seizures) and pd.isna(row.share)
                continue
            assert row.seizures == true[n] and not 0 < row.seizures < SMALL
            assert last is None or not 0 < last - row.seizures < SMALL
            last = row.seizures
    days = method.days_between(rows)
    if days.can_say:
        told = days.rows[~days.rows["is_hidden"]]
        counted = told.dropna(subset=["reached"])
        assert (counted["reached"] >= SMALL).all()
        assert not {(row.cohort, method.REACHED_AT[row.to]) for row in counted.itertuples()} & hidden


def fetch(tables: dict[str, pd.DataFrame]) -> object:
    totals = pd.DataFrame(
        [
            {
                "seizures": 500,
                "records": 500,
                "seizures_without_kg": 0,
                "seizures_inferred_destination": 0,
                "seizures_possible_duplicate": 0,
                "seizures_outlier": 0,
                "quantity_kg_outlier": 0.0,
                "seizures_without_month": 0,
                "largest_kg": [],
                "month_from": None,
                "month_to": None,
            }
        ]
    )
    sources = pd.DataFrame([{"title": "T", "tlp": "CLEAR", "europol_handling": "", "is_synthetic": False}])
    own = {"charts/totals": totals, "charts/sources": sources, **tables}
    return lambda name, **asked: (
        own[name].copy() if name in own else pd.DataFrame({"seizures": [500] * len(asked["scopes"])})
    )


def everything(figure: Figure) -> str:
    """All that a figure says, as one text."""
    return " ".join(
        [figure.headline, html.tables(figure.body), figure.alt, figure.caption.text(), figure.rows.to_csv(index=False)]
    )


def test_a_small_number_is_on_no_way_out_of_a_ranked_list() -> None:
    rows = pd.DataFrame(
        [
            ("detection_method", "X-ray", 413),
            ("detection_method", "dog", 73),
            ("detection_method", "profile", 3),
            ("detection_method", "unknown", 11),
        ],
        columns=["dimension", "category", "seizures"],
    )
    figure = parcel.detection(fetch({"charts/seizures_by_month_and_detail": rows}), VIEW)  # type: ignore[arg-type]
    text = everything(figure)
    assert "413" in text and "73" not in text
    assert list(figure.rows["category"]) == ["X-ray", "dog", "profile"]
    assert "2 cells are hidden" in figure.caption.silent
    few = parcel.detection(fetch({"charts/seizures_by_month_and_detail": rows.tail(2)}), VIEW)  # type: ignore[arg-type]
    assert "may not be told apart here" in few.headline


def test_a_small_cell_of_contents_by_form_takes_others_with_it() -> None:
    rows = pd.DataFrame(
        [
            ("gift", "clothing", "tablet", 61),
            ("gift", "clothing", "powder", 2),
            ("toys", "clothing", "tablet", 47),
            ("toys", "clothing", "powder", 39),
            ("unknown", "clothing", "powder", 5),
        ],
        columns=["declared_contents", "concealment", "form", "seizures"],
    )
    figure = parcel.contents(fetch({"charts/contents_by_form": rows}), VIEW, "declared_contents")  # type: ignore[arg-type]
    assert "may not be told apart" in figure.headline
    more = pd.concat([rows, rows.assign(form="crystal", seizures=[88, 71, 90, 66, 5])])
    more = more.groupby(["declared_contents", "concealment", "form"], as_index=False)["seizures"].sum()
    figure = parcel.contents(fetch({"charts/contents_by_form": more}), VIEW, "declared_contents")  # type: ignore[arg-type]
    assert figure.rows.isna().to_numpy().sum() == 4 and html.tables(figure.body).count("pf-hatch") == 4
    assert "cells are hidden" in figure.caption.silent


def test_channels_by_year_are_plain_counts() -> None:
    rows = pd.DataFrame(
        [("2020", pd.Timestamp("2020-01-01"), "post", 9), ("2020", pd.Timestamp("2020-01-01"), "sea", 1)],
        columns=["period", "period_start", "category", "seizures"],
    )
    figure = parcel.channels(fetch({"charts/seizures_by_period_and_category": rows}), VIEW)  # type: ignore[arg-type]
    assert list(figure.rows["seizures"]) == [9, 1]
    assert "pf-hatch" not in html.tables(figure.body)


def ladder_rows() -> dict[str, pd.DataFrame]:
    steps = pd.DataFrame(
        [
            ("6", "export", "post", 120),
            ("6", "export", "courier", 3),
            ("7", "transit", "post", 4),
            ("8", "import", "post", 88),
            ("8", "export", "post", 2),
            ("9", "import", "courier", 17),
            (None, "import", "post", 31),
        ],
        columns=["barrier_step", "interception_side", "channel", "seizures"],
    ).assign(controlled_deliveries=[0, 0, 0, 0, 0, 3, 0])
    methods = pd.DataFrame(
        [
            ("detection_method", "X-ray", 90),
            ("detection_method", "information", 4),
            ("detection_method", "dog", 8),
            ("advance_data", "good", 2),
            ("advance_data", "missing", 40),
        ],
        columns=["dimension", "category", "seizures"],
    )
    return {"charts/barrier_steps": steps, "charts/seizures_by_month_and_detail": methods}


def test_the_ladder_hides_small_steps_and_what_gives_them_away() -> None:
    figure = barriers.ladder(fetch(ladder_rows()), VIEW)  # type: ignore[arg-type]
    rows = figure.rows.set_index("step")
    assert rows.at["7", "is_hidden"] and rows.at["9", "is_hidden"]  # 4, and 17 that with the total would tell it
    assert rows.at["8", "seizures"] == 90 and rows.at["8", "by_side"] == 136
    assert rows.loc["7", ["export", "transit", "post"]].isna().all()
    assert pd.isna(rows.at["8", "export"]) and pd.isna(rows.at["8", "import"])
    text = everything(figure)
    assert "controlled deliveries: hidden" in text and "found on information: hidden" in text
    assert "advance data told of 42" in text
    assert details.by_detail(fetch(ladder_rows()), VIEW, "advance_data").of("good") is None  # type: ignore[arg-type]


def test_follow_up_hides_alike_everywhere() -> None:
    figure = followup.funnel(fetch({"charts/follow_up": follow_up([(40, 20, 17, 3, 0)])}), VIEW)  # type: ignore[arg-type]
    text = everything(figure)
    assert list(figure.rows["is_hidden"]) == [False, False, True, True, False]
    assert "0.425" not in text and ",17," not in text and html.tables(figure.body).count(disclosure.WORD) == 2


def test_a_new_hiding_place_is_listed_from_five_on() -> None:
    rows = pd.DataFrame(
        {
            "category": ["concealment|candles", "concealment|toys", "channel|sea"],
            "seizures": [4, 9, 3],
            "expected": [0.03, 0.06, 0.1],
            "times": [133.0, 150.0, 30.0],
            "upper": [1, 1, 1],
            "p": [0.1, 0.1, 0.1],
            "q": [0.1, 0.1, 0.1],
        }
    )
    found = emerging._told(Table(method="", rows=rows))
    assert list(found.rows["category"]) == ["concealment|toys", "channel|sea"]
    assert found.rows.at[0, "expected"] == 0 and pd.isna(found.rows.at[0, "p"]) and found.rows.at[1, "expected"] == 0.1
    assert "1 of concealment or contents" in found.warnings[0]


@pytest.mark.parametrize(
    "name", [name for name in queries.names() if name.split("/")[0] in ("charts", "data_room", "records")]
)
def test_a_query_that_reads_what_is_sensitive_says_so(name: str) -> None:
    text = queries.text(name)
    touched = [
        word
        for word in SENSITIVE
        if f"    {word}" in text or f"({word}" in text or f"{word}}}" in text or f".{word}" in text
    ]
    assert not touched or queries.DISCLOSURE in text, touched


def test_by_name_a_query_gives_no_small_number_and_no_single_seizure(demo: duckdb.DuckDBPyConnection) -> None:
    rows = queries.released(demo, "charts/contents_by_form", scope=Scope())
    assert not rows["seizures"].between(1, SMALL - 1).any()
    assert rows["seizures"].isna().sum() >= 2
    for name in ("charts/follow_up", "charts/seizures_by_month_and_detail"):
        with pytest.raises(QueryError, match="for methods only"):
            queries.released(demo, name, scope=Scope())
    steps = queries.released(demo, "charts/barrier_steps", scope=Scope())
    assert not steps["seizures"].between(1, SMALL - 1).any()
    assert queries.released(demo, "charts/totals", scope=Scope()).loc[0, "seizures"] == 11


def test_the_command_line_gives_what_may_be_shown(
    demo_pool: pool.PoolFile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(demo_pool.path.parent.parent))
    assert cli.main(["query", "charts/follow_up"]) == 1
    assert "for methods only" in capsys.readouterr().err
    assert cli.main(["query", "charts/contents_by_form", "--format", "json"]) == 0
    shown = [row["seizures"] for row in json.loads(capsys.readouterr().out)]
    assert None in shown
    assert not any(number in range(1, SMALL) for number in shown)
