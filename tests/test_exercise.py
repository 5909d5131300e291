"""The exercise: equal seeds give equal bytes, every row is accounted for, and what is planted can be found again."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from postflow import exercise, queries, sources, tracking
from postflow.exercise import delivering, spreadsheets, world, writing

SMALL = 0.05
SERVICES = sorted(name for name, source in world.templates().items() if source.kind == "records")


def connect(threads: int = 2) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config=writing.SETTINGS | {"threads": threads})


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def delivered_rows(truth: exercise.Truth, source_id: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a delivered file, read without Postflow's own readers."""
    source, path = sources.load(truth.folder / "sources" / source_id / "source.toml"), truth.files[source_id]
    if source.file.format == "csv":
        with path.open(encoding=source.file.encoding, newline="") as file:
            rows = list(csv.reader(file, delimiter=source.file.delimiter or ","))
    else:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(source.file.sheet).to_python(skip_empty_area=False)
    return [str(cell) for cell in rows[0]], [[str(cell) for cell in row] for row in rows[1:]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> exercise.Truth:
    return exercise.write(tmp_path_factory.mktemp("exercise"), seed=7, scale=SMALL)


@pytest.fixture(scope="module")
def large() -> duckdb.DuckDBPyConnection:
    """A world four times the usual size, with truth_events and truth_records as tables; no files."""
    con = connect()
    world.create(con, 11, 4.0, world.templates())
    for name in ("events", "records", "pairs", "cells"):
        queries.relation(con, f"exercise/truth_{name}").create(f"truth_{name}")
    return con


def test_the_same_seed_gives_the_same_bytes_on_one_thread_or_two(
    small: exercise.Truth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SETTINGS", writing.SETTINGS | {"threads": 1})
    exercise.write(tmp_path, seed=7, scale=SMALL)
    assert digests(tmp_path) == digests(small.folder)


def test_another_seed_gives_another_world(small: exercise.Truth, tmp_path: Path) -> None:
    other = exercise.write(tmp_path, seed=8, scale=SMALL)
    for source_id in SERVICES:
        assert other.files[source_id].read_bytes() != small.files[source_id].read_bytes()
    assert other.facts["planted"] == small.facts["planted"]


def test_nine_declarations_load_and_say_that_they_are_synthetic(small: exercise.Truth) -> None:
    declared = sources.every(small.folder / "sources")
    assert len(declared) == 9
    assert set(declared) == set(small.files)
    assert all(source.synthetic and source.id.startswith("ex_") for source in declared.values())
    assert len({source.handling.tlp for source in declared.values()}) >= 3
    assert {source.file.format for source in declared.values()} == {"csv", "xlsx", "ods"}
    assert [source.id for source in declared.values() if source.kind == "reference"] == ["ex_post_operator"]


@pytest.mark.parametrize("source_id", [*SERVICES, "ex_post_operator"])
def test_every_row_of_a_file_is_accounted_for(small: exercise.Truth, source_id: str) -> None:
    header, rows = delivered_rows(small, source_id)
    account = small.facts["contributors"][source_id]
    assert set(header) == set(sources.load(small.folder / "sources" / source_id / "source.toml").names())
    assert len(rows) == account["rows"] == account["accepted"] + account["quarantined"]
    assert account["quarantined"] == sum(account["quarantined_by_rule"].values())
    if source_id in SERVICES:
        mine = small.table("records").query("source_id == @source_id")
        assert list(mine["row_number"]) == list(range(1, len(rows) + 1))
        assert mine["is_accepted"].sum() == account["accepted"]
        if mine["record_id"].notna().all():
            assert [row[0] for row in rows] == list(mine["record_id"])


def test_every_service_delivers_every_kind_of_dirt_that_it_can(small: exercise.Truth) -> None:
    for source_id in SERVICES:
        kinds = {row["kind"] for row in world.rows("dirt") if row["source_id"] == source_id}
        assert set(small.facts["contributors"][source_id]["dirt"]) == kinds
        text = "\n".join(" ".join(row) for row in delivered_rows(small, source_id)[1])
        assert "=cmd()" in text
        assert "<b onclick" in text


def test_numbers_are_valid_unless_they_are_mistyped(small: exercise.Truth) -> None:
    told = small.table("events").dropna(subset=["tracking_number"])
    assert len(told) > 100
    valid = told["tracking_number"].map(tracking.s10_is_valid)
    assert (valid != told["is_tracking_number_mistyped"]).all()


def test_pairs_are_rows_of_two_services_close_in_time(small: exercise.Truth) -> None:
    pairs = small.table("pairs")
    assert len(pairs) > 20
    assert (pairs["source_id"] != pairs["other_source_id"]).all()
    assert pairs["days_apart"].max() <= 3
    told = Counter(small.table("records")["event_id"])
    assert {event for event, rows in told.items() if rows == 2} == set(pairs["event_id"])
    assert max(told.values()) == 2


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(-(2**40), 2**40))
def test_any_seed_keeps_the_accounts(seed: int) -> None:
    con = connect()
    world.create(con, seed, 0.02, world.templates())
    records, numbered, held = con.execute(
        "select count(*), count(distinct (source_id, row_number)), count(rule) from record"
    ).fetchall()[0]
    assert records == numbered
    assert 0 < held < records
    assert con.execute("select count(*) from event where kg <= 0 or kg is null").fetchall() == [(0,)]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 99_999_999), min_size=1, max_size=50))
def test_check_digits_in_sql_are_those_of_the_standard(serials: list[int]) -> None:
    con = connect()
    con.execute((queries.FOLDER / "exercise" / "setup" / "macros.sql").read_text(encoding="utf-8"))
    told = con.execute(
        "select s10('RR', serial, 'NL', 0) from (select unnest($serials) as serial)", {"serials": serials}
    )
    assert all(tracking.s10_is_valid(number) for (number,) in told.fetchall())


def test_sheets_keep_text_numbers_dates_and_awkward_cells(tmp_path: Path) -> None:
    rows = [
        ["=cmd()", "12.5", "2024-02-29"],
        ['<b a="x">&', "ca. 3", "31-02-2024"],
        [None, None, None],
        ["é ÷", "0", "x"],
    ]
    wanted = [["=cmd()", 12.5, date(2024, 2, 29)], ['<b a="x">&', "ca. 3", "31-02-2024"], ["", "", ""], ["é ÷", 0, "x"]]
    for write, name in ((spreadsheets.write_xlsx, "a.xlsx"), (spreadsheets.write_ods, "a.ods")):
        write(tmp_path / name, "Blad & 1", ["a", "b", "c"], ["text", "number", "date"], rows)
        read = (
            CalamineWorkbook.from_path(tmp_path / name).get_sheet_by_name("Blad & 1").to_python(skip_empty_area=False)
        )
        assert read == [["a", "b", "c"], *wanted]


def test_most_numbers_say_where_they_come_from() -> None:
    calibration = world.rows("calibration")
    assert {row["basis"] for row in calibration} == {"published", "derived", "plausible"}
    for row in calibration:
        float(row["value"])
        if row["basis"] == "published":
            assert row["citation"], row
            assert re.match("https?://", row["url"]), row


# ---------- what is planted can be found again ----------


def monthly(large: duckdb.DuckDBPyConnection, condition: str) -> pd.Series:
    """Seizures per month of 2018–2025 that meet the condition, months without any as 0."""
    counted = (
        large.table("truth_events")
        .filter(condition)
        .aggregate("seized_month, count(*) as seizures", "seized_month")
        .df()
    )
    counted["seized_month"] = pd.to_datetime(counted["seized_month"])
    months = pd.date_range("2018-01-01", "2025-12-01", freq="MS")
    return counted.set_index("seized_month")["seizures"].reindex(months, fill_value=0)


def test_growth_of_ketamine_is_found_with_its_ratio(large: duckdb.DuckDBPyConnection) -> None:
    seizures = monthly(large, "drug = 'ketamine' and departure = 'BE' and destination = 'US' and linked_series is null")
    # Displacement is planted on top from 2024 on, so the growth is read before it.
    years = seizures["2021":"2023"].groupby(lambda month: month.year).sum()
    assert years[2023] / years[2021] == pytest.approx(1.5**2, rel=0.2)
    assert seizures["2018":"2020"].groupby(lambda month: month.year).sum().std() < 0.2 * years[2021]


def test_the_level_shift_is_found_in_its_month(large: duckdb.DuckDBPyConnection) -> None:
    seizures = monthly(large, "drug = 'MDMA' and departure = 'DE' and destination = 'AU' and linked_series is null")[
        "2018":"2023"
    ].to_numpy()

    def likelihood(cut: int) -> float:
        return sum(part.sum() * np.log(part.mean()) - part.sum() for part in (seizures[:cut], seizures[cut:]))

    best = max(range(12, len(seizures) - 12), key=likelihood)
    assert abs(best - (2022 - 2018) * 12 - 8) <= 1
    assert seizures[best:].mean() / seizures[:best].mean() == pytest.approx(2.2, rel=0.15)


def test_the_season_peaks_in_november(large: duckdb.DuckDBPyConnection) -> None:
    seizures = monthly(large, "drug = 'MDMA'")
    share = seizures.groupby(lambda month: month.month).sum()
    angle = 2 * np.pi * (share.index.to_numpy() - 11) / 12
    amplitude = 2 * (share * np.cos(angle)).mean() / share.mean()
    assert amplitude == pytest.approx(0.25, abs=0.07)


def test_registration_breaks_in_january_2020(large: duckdb.DuckDBPyConnection) -> None:
    share = large.sql(
        """select seized_month >= date '2020-01-01' as after, avg((why_untold is null)::integer) as told
        from truth_events where source_id = 'ex_nl_customs' and happened_on < date '2025-01-01'
        group by all order by after"""
    ).fetchall()
    assert share[0][1] == pytest.approx(0.45, abs=0.02)
    assert share[1][1] > 0.99


def test_the_team_starts_and_the_neighbours_rise(large: duckdb.DuckDBPyConnection) -> None:
    first = large.sql("select min(seized_month) from truth_events where is_by_team").fetchall()[0][0]
    assert first == date(2024, 2, 1)
    effect = (
        large.table("truth_cells").filter("drug = 'MDMA' and destination = 'US' and source_id <> 'ex_au_border'").df()
    )
    effect["seized_month"] = pd.to_datetime(effect["seized_month"])
    for departure, ratio in (("NL", 0.815), ("BE", 1.6), ("DE", 1.4), ("FR", 1.3)):
        mine = effect[effect["departure"] == departure]
        factor = (
            mine[mine["seized_month"] >= "2024-07-01"]["effect_factor"]
            / mine[mine["seized_month"] == "2023-12-01"]["effect_factor"].iloc[0]
        )
        assert factor.to_numpy() == pytest.approx(ratio)
        seizures = monthly(
            large,
            f"departure = '{departure}' and drug = 'MDMA' and destination <> 'AU' and side = 'export'"
            " and linked_series is null",
        )
        after, before = seizures["2024-07":"2025-06"].sum(), seizures["2022-07":"2023-06"].sum()
        if departure != "NL":
            assert after / before == pytest.approx(ratio, rel=0.25)


def test_dutch_years_are_the_published_ones(large: duckdb.DuckDBPyConnection) -> None:
    share = world.rates()["share_of_published"]
    for year, published in ((2020, 5204), (2021, 12712), (2022, 27000), (2023, 16500), (2024, 13700)):
        told = large.execute(
            "select count(*) from truth_events where source_id = 'ex_nl_customs' and year(happened_on) = $year",
            {"year": year},
        ).fetchall()[0][0]
        assert told / 4 == pytest.approx(published * share, rel=0.12)


def test_late_reports_have_the_delay_of_their_service(large: duckdb.DuckDBPyConnection) -> None:
    delays = dict(
        large.sql(
            """select source_id, median(reported_on - happened_on) from truth_events
            where happened_on < date '2025-01-01' group by all"""
        ).fetchall()
    )
    for row in world.rows("calibration"):
        if row["key"] == "delay_median_days":
            assert delays[row["source_id"]] == pytest.approx(float(row["value"]), rel=0.1, abs=1)
    late = large.sql(
        "select count(*), min(happened_on) from truth_events where why_untold = 'not_yet_reported'"
    ).fetchall()[0]
    assert late[0] > 100


def test_gaps_hold_no_records_and_the_mirror_has_little_in_common(large: duckdb.DuckDBPyConnection) -> None:
    for gap in world.rows("gaps"):
        inside = large.execute(
            """select count(*) from truth_records where source_id = $id
            and date_trunc('month', told_date) between $first::date and $last::date""",
            {"id": gap["source_id"], "first": gap["month_from"], "last": gap["month_to"]},
        ).fetchall()
        assert inside == [(0,)]
    mirror = large.sql(
        """select source_id, count(*) filter (year(happened_on) = 2025) / count(*) filter (year(happened_on) = 2020)
        from truth_events
        where departure = 'FR' and destination = 'AU' and source_id in ('ex_fr_customs', 'ex_au_border')
        group by all order by source_id"""
    ).fetchall()
    assert mirror[0][1] < 1 < mirror[1][1]
    assert large.sql(
        """select count(*) from truth_pairs join truth_events using (event_id)
        where departure = 'FR' and destination = 'AU'"""
    ).fetchall() == [(0,)]


def test_series_bulk_unit_errors_outcomes_and_numbers_are_there(large: duckdb.DuckDBPyConnection) -> None:
    sizes = [
        size
        for (size,) in large.sql(
            "select count(*) from truth_events where linked_series is not null group by linked_series"
        ).fetchall()
    ]
    assert 5 <= min(sizes) <= max(sizes) <= 30
    assert large.sql(
        """select count(*) from (
            select linked_series from truth_events where linked_series is not null
            group by 1 having count(distinct (departure, destination, drug)) > 1
        )"""
    ).fetchall() == [(0,)]
    assert large.sql("select median(kg) > 15, count(*) > 50 from truth_events where is_bulk").fetchall() == [
        (True, True)
    ]
    assert large.sql(
        "select count(*) > 10, min(told_quantity / true_kg) > 900 from truth_records where is_unit_error"
    ).fetchall() == [(True, True)]
    order = """case_opened_on < happened_on or prosecuted_on < case_opened_on or verdict_on < prosecuted_on
        or verdict_on > date '2026-01-31'"""
    assert large.table("truth_events").filter(order).aggregate("count(*)").fetchall() == [(0,)]
    again = large.sql(
        """select date_diff('day', min(happened_on), max(happened_on)) from truth_events
        where is_tracking_number_reused and tracking_number is not null
        group by left(tracking_number, 10) having count(*) > 1"""
    ).fetchall()
    assert len(again) > 20
    assert min(again)[0] > 365


def test_new_zealand_has_identical_rows_that_are_separate_seizures(large: duckdb.DuckDBPyConnection) -> None:
    rows = delivering.rows_of(large, world.templates()["ex_nz_customs"]).df()
    identical = rows[rows.duplicated(keep=False)]
    assert len(identical) > 400
    assert identical["Article number"].isna().all()
    assert not large.sql("from truth_records").filter("source_id = 'ex_nz_customs'").df()["event_id"].duplicated().any()
