"""What is sensitive: its counts are protected alike on every way out, and no difference of two gives one back."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from postflow import cli, disclosure, exports, pool, queries, vocabulary
from postflow.analysis import followup as method
from postflow.analysis.result import Table
from postflow.errors import PoolError, QueryError
from postflow.figure import Figure
from postflow.figures import barriers, details, emerging, followup, parcel
from postflow.render import html
from postflow.scope import Scope
from postflow.view import Data, View
from scripts import make_perturbation

VIEW = View(Data("real", "a", "2025-12"), Scope())
NOISE = pd.DataFrame([{name: int(value) for name, value in row.items()} for row in vocabulary.rows("perturbation")])
KEYS = make_perturbation.KEYS
LAST = NOISE.groupby("draw")["count_before"].max()
DETAILS = ("concealment", "declared_contents", "detection_method", "advance_data", "controlled_delivery")
COLUMN = {
    "controlled_delivery": "case is_controlled_delivery when true then 'yes' when false then 'no' else 'unknown' end"
}

# ---------- the table of the noise ----------


def drawn(draw: int, number: int) -> dict[int, float]:
    """What one draw leaves of a count → how often."""
    if not number:
        return {0: 1.0}
    mine = NOISE[(NOISE["draw"] == draw) & (NOISE["count_before"] == min(number, LAST[draw]))]
    parts = ((mine["key_to"] - mine["key_from"]) / KEYS).tolist()
    return dict(zip((number + mine["noise"]).tolist(), parts, strict=True))


@cache
def shown_as(true: int, room: int = disclosure.MOST_NOISE) -> dict[int, float]:
    """Number shown → how often; ``room`` is what is left to the plain count that the cell is a part of."""
    found: dict[int, float] = {}
    for first, part in drawn(1, true).items():
        for second, of_it in drawn(2, first).items():
            shown = true + min(second - true, room)
            found[shown] = found.get(shown, 0.0) + part * of_it
    return found


@pytest.mark.parametrize("draw", [1, 2])
def test_each_draw_has_mean_zero_a_fixed_variance_and_an_end(draw: int) -> None:
    variance, most = make_perturbation.DRAWS[draw]
    for number, mine in NOISE[NOISE["draw"] == draw].groupby("count_before"):
        mine = mine.sort_values("key_from")
        keys = mine["key_to"] - mine["key_from"]
        assert list(mine["key_from"]) == [0, *mine["key_to"].iloc[:-1]] and mine["key_to"].iloc[-1] == KEYS
        assert (mine["noise"] * keys).sum() == 0
        assert (mine["noise"] ** 2 * keys).sum() / KEYS == pytest.approx(variance, abs=2e-4)
        assert mine["noise"].abs().max() <= most
        assert not (number + mine["noise"]).isin([-1, 1, 2]).any() and (number + mine["noise"]).min() >= 0


def test_both_draws_together_are_as_told() -> None:
    assert sum(variance for variance, _ in make_perturbation.DRAWS.values()) == disclosure.NOISE_VARIANCE
    assert sum(most for _, most in make_perturbation.DRAWS.values()) == disclosure.MOST_NOISE
    for number in (20, 21, 5000):
        assert shown_as(number).keys() == set(range(number - 9, number + 10))
        assert sum(part for shown, part in shown_as(number).items() if abs(shown - number) <= 2) > 0.76
    for number in range(1, 30):
        off = {shown - number: part for shown, part in shown_as(number).items()}
        assert sum(noise * part for noise, part in off.items()) == pytest.approx(0, abs=1e-9)
        assert sum(noise**2 * part for noise, part in off.items()) <= disclosure.NOISE_VARIANCE + 1e-3
        assert not {1, 2} & shown_as(number).keys()


def test_the_table_is_what_its_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = make_perturbation.PATH.read_text(encoding="utf-8")
    monkeypatch.setattr(make_perturbation, "PATH", tmp_path / "perturbation.csv")
    make_perturbation.main()
    made = (tmp_path / "perturbation.csv").read_text(encoding="utf-8")
    ours, theirs = ([line.split(",") for line in text.splitlines()[1:]] for text in (shipped, made))
    assert [line[:3] for line in ours] == [line[:3] for line in theirs]
    # Another machine's libraries may round one key in a million the other way.
    assert all(
        abs(int(a) - int(b)) <= 2 for x, y in zip(ours, theirs, strict=True) for a, b in zip(x[3:], y[3:], strict=True)
    )


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for name in ("schema", "macros"):
            con.execute((queries.FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
        vocabulary.load_reference(con)
        yield con


@pytest.mark.parametrize("seizures", [1, 2, 3, 4, 7, 40, 5000])
def test_protected_counts_are_moved_as_the_table_says(macros: duckdb.DuckDBPyConnection, seizures: int) -> None:
    asked = "select protected('x', ?, 7919 * i, 1000000, 104729 * i) from range(20000) as r (i)"
    shown = macros.execute(asked, [seizures]).df().iloc[:, 0]
    assert abs((shown - seizures).mean()) < 5 * (disclosure.NOISE_VARIANCE / 20000) ** 0.5
    found = shown.value_counts(normalize=True)
    for number, part in shown_as(seizures).items():
        assert found.get(number, 0.0) == pytest.approx(part, abs=5 * (part * (1 - part) / 20000) ** 0.5 + 1e-4)


def test_asking_again_under_other_filters_finds_the_first_draw_never_the_count(
    macros: duckdb.DuckDBPyConnection,
) -> None:
    """The same records of a cell in 200 plain counts: an average over them would find a count that is drawn anew each time."""
    asked = """select number, cell, avg(protected('x', number, 7919 * cell, 500 + whole, 104729 * whole + cell)) as mean
        from range(1, 7) as n (number), range(200) as c (cell), range(60) as w (whole) group by all"""
    found = macros.sql(asked).df()
    found["is_hit"] = found["mean"].round() == found["number"]
    for number, mine in found.groupby("number"):
        allowed = drawn(1, int(number)).get(int(number), 0.0)
        assert mine["is_hit"].mean() <= allowed + 4 * (allowed * (1 - allowed) / 200) ** 0.5 + 0.02, number
    assert found.loc[found["number"] <= 2, "is_hit"].mean() < 0.02 and found["is_hit"].mean() < 0.25


def test_two_columns_that_agree_in_every_record_are_not_moved_alike(macros: duckdb.DuckDBPyConnection) -> None:
    asked = """select avg((protected('one', 20, i, 500, i) = protected('other', 20, i, 500, i))::int)
        from range(2000) as r (i)"""
    assert macros.sql(asked).fetchall()[0][0] < 0.25


def test_a_zero_stays_zero_a_part_never_passes_its_whole_and_a_small_whole_is_not_split(
    macros: duckdb.DuckDBPyConnection,
) -> None:
    asked = (
        "select min(n), max(n), count(n) from (select protected('x', {}, i, {}, 31 * i) as n from range(5000) as r (i))"
    )
    assert macros.sql(asked.format(0, 50)).fetchall() == [(0, 0, 5000)]
    assert macros.sql(asked.format("null", 50)).fetchall() == [(0, 0, 5000)]
    least, most, _ = macros.sql(asked.format(12, 12)).fetchall()[0]
    assert least < 12 and most == 12
    assert macros.sql(asked.format(4, disclosure.LEAST - 1)).fetchall() == [(None, None, 0)]


def test_without_the_table_nothing_is_told(macros: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect() as con:
        for name in ("schema", "macros"):
            con.execute((queries.FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
        assert con.sql("select protected('x', 5, 1, 50, 2)").fetchall() == [(None,)]


# ---------- the attack ----------


@pytest.fixture(scope="module")
def made(exercise_pool: pool.PoolFile) -> Iterator[duckdb.DuckDBPyConnection]:
    with pool.connect(exercise_pool.path) as con:
        yield con


def true_of(con: duckdb.DuckDBPyConnection, scope: Scope, is_monthly: bool = False) -> pd.DataFrame:
    """period_start, dimension, category, number (the true one), n (the plain count that it is a part of)."""
    month = "seized_month" if is_monthly else "null::date"
    parts = " union all ".join(
        f"select month, '{name}' as dimension, {COLUMN.get(name, name)} as category, sum(seizures)::bigint as number "
        "from kept group by all"
        for name in DETAILS
    )
    return con.execute(
        f"""with kept as materialized (select *, {month} as month from in_scope('seizure', $scope)), cell as ({parts})
        select month as period_start, dimension, category, number,
            sum(number) over (partition by month, dimension)::bigint as n from cell""",
        {"scope": scope.params()},
    ).df()


def told_of(con: duckdb.DuckDBPyConnection, scope: Scope, is_monthly: bool = False) -> pd.DataFrame:
    """The same with what is shown; rows of a plain count that may not be split are left out."""
    name = "charts/seizures_by_month_and_detail" if is_monthly else "charts/seizures_by_detail"
    shown = queries.released(con, name, scope=scope)
    shown = shown if is_monthly else shown.assign(period_start=pd.NaT)
    keys = ["period_start", "dimension", "category"]
    both = true_of(con, scope, is_monthly).merge(shown, on=keys, how="left")
    return both[both["n"] >= disclosure.LEAST].fillna({"seizures": 0}).astype({"seizures": int}).set_index(keys)


def narrowed(scope: Scope, draw: random.Random) -> Scope:
    """A scope that holds a part of it: without a drug, a place, or what was told twice."""

    def some(values: tuple[str, ...] | None, every: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(draw.sample(values or every, max(1, len(values or every) - 1)))

    ways = [
        replace(scope, departures=some(scope.departures, ("NL", "BE", "DE", "FR", "GB"))),
        replace(scope, destinations=some(scope.destinations, ("US", "AU", "NZ", "GB", "CA", "ZZ"))),
        replace(scope, drugs=some(scope.drugs, ("MDMA", "ketamine"))),
        replace(scope, channels=some(scope.channels, ("post", "courier", "air_freight", "unknown"))),
        replace(scope, sides=some(scope.sides, ("export", "transit", "import", "domestic"))),
    ]
    return draw.choice(ways)


def broad(draw: random.Random) -> Scope:
    return Scope(
        drugs=draw.choice((None, None, ("MDMA",), ("ketamine",))),
        departures=draw.choice((None, None, ("NL",), ("BE", "DE"), ("NL", "BE", "DE", "FR", "GB"))),
        destinations=draw.choice((None, ("US",), ("AU", "NZ"), ("US", "AU", "NZ", "GB", "CA", "ZZ"))),
        same_seizure_once=draw.random() < 0.8,
    )


def beside(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Cells of a scope and of a part of it, where both may be split."""
    both = one.join(other.add_suffix("_b")).rename(columns={name: f"{name}_a" for name in one})
    whole = other.groupby(level=[0, 1], dropna=False)["n"].first()
    both["n_b"] = both.index.droplevel(2).map(whole)
    return both.dropna(subset=["n_b"]).fillna({"number_b": 0, "seizures_b": 0}).reset_index()


@pytest.fixture(scope="module")
def pairs(made: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Pairs of scopes of which one holds the other, cell by cell: what is shown, what is true, and what is plainly known."""
    draw, found = random.Random(20261125), []
    for drugs in (None, ("MDMA",), ("ketamine",)):  # a month of a scope is a scope, too: one query gives all of them
        wide = Scope(drugs=drugs)
        cells = told_of(made, wide, True)
        found += [beside(cells, told_of(made, narrowed(wide, draw), True)) for _ in range(12)]
    for _ in range(24):
        wide, year = broad(draw), draw.randint(2020, 2024)
        ends = [date(year, month, 1) for month in sorted(draw.sample(range(1, 13), 6))]
        scopes = [told_of(made, replace(wide, month_to=end)) for end in ends]
        found += [beside(scopes[later], scopes[n]) for later in range(6) for n in range(later)]
    whole = pd.concat(found, ignore_index=True).rename(
        columns={
            "number_a": "a",
            "number_b": "b",
            "seizures_a": "shown_a",
            "seizures_b": "shown_b",
            "n_a": "n",
            "n_b": "m",
        }
    )
    whole = whole.astype(dict.fromkeys(("a", "b", "n", "m", "shown_a", "shown_b"), int))
    return whole[whole["n"] > whole["m"]].assign(
        d=lambda part: part["a"] - part["b"], guess=lambda part: part["shown_a"] - part["shown_b"]
    )


@cache
def chance_of_a_hit(a: int, room_a: int, b: int, room_b: int) -> float:
    """How often the published table makes the difference of what is shown the true one."""
    other = shown_as(b, room_b)
    return sum(part * other.get(number - (a - b), 0.0) for number, part in shown_as(a, room_a).items())


@cache
def held_by(shown: int, whole: int) -> set[int]:
    """The true counts that can be shown so."""
    near = range(max(1, shown - disclosure.MOST_NOISE), min(whole, shown + disclosure.MOST_NOISE) + 1)
    most = disclosure.MOST_NOISE
    found = {true for true in near if shown in shown_as(true, min(whole - true, most))}
    return found | ({0} if shown == 0 else set())


def test_ten_thousand_pairs_of_scopes_hit_the_small_difference_no_more_often_than_the_noise_allows(
    pairs: pd.DataFrame,
) -> None:
    small = pairs[pairs["d"].between(1, 4)].drop_duplicates().sample(10_000, random_state=1)
    most = disclosure.MOST_NOISE
    chance = np.array(
        [chance_of_a_hit(r.a, min(r.n - r.a, most), r.b, min(r.m - r.b, most)) for r in small.itertuples()]
    )
    hits = int((small["guess"] == small["d"]).sum())
    allowed = chance.sum() + 4 * float(np.sqrt((chance * (1 - chance)).sum()))
    assert hits <= allowed, (hits, allowed)
    assert hits / len(small) < 0.25
    # Who knows the plain counts keeps the guess between none and all of the difference: that is still mostly wrong.
    kept = small["guess"].clip(0, small["n"] - small["m"])
    several = small["n"] - small["m"] >= 3
    assert (kept == small["d"])[several].mean() < 0.4


def test_no_pair_of_scopes_leaves_one_number_only(pairs: pd.DataFrame) -> None:
    tried = pairs.sample(8_000, random_state=2)
    for row in tried.drop_duplicates().itertuples():
        left = {
            a - b
            for a in held_by(int(row.shown_a), int(row.n))
            for b in held_by(int(row.shown_b), int(row.m))
            if 0 <= a - b <= row.n - row.m
        }
        assert row.d in left and (len(left) > 1 or row.a == row.b == 0), row


def test_what_moves_and_what_stays_tells_nothing(pairs: pd.DataFrame) -> None:
    """One more record in the plain count: with noise from the cell alone, the one number that moved would name its cell."""
    one = pairs[(pairs["n"] - pairs["m"] <= 2) & (pairs["b"] > 4)]
    stays, moves = one[one["d"] == 0], one[one["d"] > 0]
    assert len(stays) > 500 and len(moves) > 100
    assert (stays["guess"] != 0).mean() > 0.7
    assert abs((stays["guess"] != 0).mean() - (moves["guess"] != 0).mean()) < 0.13


def test_a_total_less_the_other_parts_is_not_the_part(made: duckdb.DuckDBPyConnection) -> None:
    cells = told_of(made, Scope(), True).reset_index()
    parts = cells.groupby(["period_start", "dimension"])["seizures"].transform("sum") - cells["seizures"]
    small = cells["number"].between(1, 4)
    assert small.sum() > 300
    assert ((cells["n"] - parts) == cells["number"])[small].mean() < 0.25


def test_the_same_cell_is_the_same_number_however_it_is_asked_for(made: duckdb.DuckDBPyConnection) -> None:
    every = made.sql("select list(distinct drug), min(seized_month), max(seized_month) from seizure").fetchall()[0]
    plain = queries.released(made, "charts/seizures_by_detail", scope=Scope())
    for scope in (
        Scope(drugs=tuple(every[0])),
        Scope(month_from=every[1], month_to=every[2]),
        Scope(sides=("export", "transit", "import", "domestic", "unknown"), month_to=date(2100, 1, 1)),
        Scope(sources=tuple(row[0] for row in made.sql("select distinct series_id from seizure").fetchall())),
    ):
        pd.testing.assert_frame_equal(queries.released(made, "charts/seizures_by_detail", scope=scope), plain)
    by_month = queries.released(made, "charts/seizures_by_month_and_detail", scope=Scope())
    for month in sorted(by_month["period_start"].dropna().unique())[::7]:
        day = pd.Timestamp(month).date()
        one = queries.released(made, "charts/seizures_by_detail", scope=Scope(month_from=day, month_to=day))
        mine = by_month[by_month["period_start"] == month].drop(columns="period_start").reset_index(drop=True)
        pd.testing.assert_frame_equal(one, mine, check_dtype=False)
    steps = queries.released(made, "charts/barrier_steps", scope=Scope()).set_index(
        ["part", "category", "barrier_step"]
    )
    told = queries.released(made, "charts/barrier_steps", scope=Scope(sides=("import",)))
    told = told[told["part"] == "all"].set_index("barrier_step")["seizures"]
    for step, number in told.dropna().items():
        assert steps.loc[[("interception_side", "import", step)], "seizures"].iloc[0] == number


def test_pages_files_and_the_command_line_say_one_number(
    made: duckdb.DuckDBPyConnection,
    exercise_pool: pool.PoolFile,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(exercise_pool.path.parent.parent))
    view = View(Data("exercise", "a", "2025-12"), Scope(departures=("NL",)))

    def fetch(name: str, **asked: queries.Value) -> pd.DataFrame:
        return queries.run(made, name, **asked)

    def asked(name: str) -> pd.DataFrame:
        assert cli.main(["--pool", "exercise", "query", name, "--departure", "NL", "--format", "json"]) == 0
        return pd.DataFrame(json.loads(capsys.readouterr().out))

    by_line = asked("charts/seizures_by_detail")
    by_line = by_line[(by_line["dimension"] == "detection_method") & by_line["category"].notna()]
    by_line = by_line.set_index("category")["seizures"].drop("unknown", errors="ignore")
    page = parcel.detection(fetch, view)
    assert page.rows.set_index("category")["seizures"].to_dict() == by_line.to_dict()
    steps = asked("charts/barrier_steps")
    steps = steps[(steps["part"] == "all") & steps["barrier_step"].notna()].set_index("barrier_step")["seizures"]
    ladder = barriers.ladder(fetch, view).rows.set_index("step")["seizures"].dropna()
    assert ladder.to_dict() == steps.to_dict() and len(steps) > 3
    assert f"{by_line['information']:.0f} found on information" in html.tables(barriers.ladder(fetch, view).body)
    funnel = followup.funnel(fetch, view).rows
    told = asked("charts/follow_up").set_index(["cohort", "step"])["seizures"]
    assert {(r.cohort, r.step): r.seizures for r in funnel.itertuples()} == told[funnel["cohort"].unique()].to_dict()
    assert disclosure.MOVED in page.caption.silent and disclosure.MOVED in followup.funnel(fetch, view).caption.silent
    for figure in (page, barriers.ladder(fetch, view), followup.funnel(fetch, view)):
        sources = fetch("charts/sources", scope=view.scope)
        file = exports.make(exports.gate(figure, view, "parquet", sources=sources))
        left = parquet.read_table(io.BytesIO(file)).to_pandas()["seizures"]
        assert left.fillna(-1).tolist() == figure.rows["seizures"].astype("Float64").fillna(-1).tolist()


def test_plain_counts_stay_exact(made: duckdb.DuckDBPyConnection) -> None:
    scope = Scope(departures=("NL",), destinations=("NZ",))
    true = made.execute(
        "select form, sum(seizures)::bigint from in_scope('seizure', $scope) group by all order by all",
        {"scope": scope.params()},
    ).fetchall()
    rows = queries.released(made, "charts/seizures_by_detail", scope=scope)
    mine = rows[(rows["dimension"] == "form") & rows["category"].notna()]
    assert list(mine[["category", "seizures"]].itertuples(index=False, name=None)) == true
    funnel = queries.released(made, "charts/follow_up", scope=scope)
    years = made.execute(
        "select seized_year, sum(seizures)::bigint from in_scope('seizure', $scope) group by all order by all",
        {"scope": scope.params()},
    ).fetchall()
    assert funnel[funnel["step"] == "seized"]["seizures"].tolist() == [number for _, number in years]


# ---------- the keys ----------


def numbers(file: pool.PoolFile) -> pd.DataFrame:
    with pool.connect(file.path) as con:
        return queries.released(con, "charts/seizures_by_detail", scope=Scope())


def keys(file: pool.PoolFile) -> list[tuple[str, int]]:
    with pool.connect(file.path) as con:
        return con.sql("select seizure_id, record_key from seizure order by all").fetchall()


def test_every_record_has_a_key_and_the_cube_has_their_sum(made: duckdb.DuckDBPyConnection) -> None:
    assert made.sql("select count(*), count(distinct record_key) > 0.99 * count(*) from seizure").fetchall()[0][1]
    same = "select (select sum(record_key) from seizure) = (select sum(record_keys) from cube)"
    assert made.sql(same).fetchall() == [(True,)]
    spread = made.sql("select avg(record_key) / pow(2, 28), max(record_key) < pow(2, 28) from seizure").fetchall()[0]
    assert spread[0] == pytest.approx(0.5, abs=0.03) and spread[1]


def test_the_same_files_give_the_same_numbers_in_another_home(
    real_pool: pool.PoolFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(tmp_path / "elsewhere"))
    again, _ = pool.build()
    assert again.build_id == real_pool.build_id and keys(again) == keys(real_pool)


def test_a_key_of_the_home_makes_other_numbers_and_another_build(
    real_pool: pool.PoolFile, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(disclosure.KEY_VARIABLE, "a key of the tests")
    built, _ = pool.build()
    assert built.build_id != real_pool.build_id
    ours, theirs = keys(built), keys(real_pool)
    assert [one for one, _ in ours] == [one for one, _ in theirs]
    assert sum(a == b for (_, a), (_, b) in zip(ours, theirs, strict=True)) <= 2
    assert not numbers(built).equals(numbers(real_pool))
    assert b"a key of the tests" not in built.path.read_bytes()
    assert disclosure.key_of("exercise", own_home) == b""


def test_a_key_that_others_may_read_is_refused(own_home: Path) -> None:
    own_home.mkdir(parents=True)
    path = own_home / disclosure.KEY_FILE
    path.write_text("a key")
    path.chmod(0o644)
    with pytest.raises(PoolError, match="chmod 600"):
        disclosure.key_of("real", own_home)


def test_the_secret_of_a_file_is_not_its_checksum(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(b"a,b\n" * 400_000)
    (tmp_path / "other.csv").write_bytes(b"a,b\n" * 399_999 + b"a,c\n")
    from postflow import disk

    one, other = (disclosure.secret_of_file(tmp_path / name) for name in ("one.csv", "other.csv"))
    assert one != other and one != disk.sha256(tmp_path / "one.csv") and len(one) == 64


# ---------- who may see what ----------


@pytest.mark.parametrize("name", [name for name in queries.names() if name.split("/")[0] in queries.RELEASED])
def test_a_query_that_reads_what_is_sensitive_protects_its_counts(name: str) -> None:
    text = "\n".join(line for line in queries.text(name).splitlines() if not line.strip().startswith("--"))
    text = re.sub(r"'[^']*'", "", text)
    reads = {column for column in disclosure.SENSITIVE if re.search(rf"\b{column}\b", text)}
    assert not reads or "protected(" in text, reads


def test_no_filter_and_no_column_of_records_is_sensitive(demo: duckdb.DuckDBPyConnection) -> None:
    assert not disclosure.SENSITIVE & {field.name.removesuffix("s") for field in fields(Scope)}
    assert not disclosure.SENSITIVE & {field.name for field in fields(Scope)}
    for name in queries.names("records/"):
        given = {"scope": Scope(), "row_limit": 5, "row_offset": 0}
        rows = queries.released(demo, name, **{key: given[key] for key in queries.parameters(name)})  # type: ignore[misc]
        assert len(rows) and not disclosure.SENSITIVE & set(rows.columns)


def test_records_are_refused_with_a_sensitive_column(
    demo: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "run", lambda *_, **__: pd.DataFrame({"seizure_id": ["1"], "concealment": ["toys"]}))
    with pytest.raises(QueryError, match="right"):
        queries.released(demo, "records/seizures", scope=Scope(), row_limit=5, row_offset=0)


def test_every_field_and_flag_of_what_is_sensitive_is_known_as_that(macros: duckdb.DuckDBPyConnection) -> None:
    def known(name: str) -> bool:
        return macros.execute("select is_sensitive(?)", [name]).fetchall() == [(True,)]

    assert all(known(name) for name in disclosure.SENSITIVE)
    named = {re.sub("^is_|_(code|on)$", "", name) for name in disclosure.SENSITIVE} | {"hiding_place"}
    flags = set(re.findall(r"then '(\w+)' end", queries.text("mapping/canonical")))
    assert len(flags) > 30
    assert {flag for flag in flags if known(flag)} == {flag for flag in flags if any(name in flag for name in named)}
    kept = {row[0] for row in macros.sql("describe seizure").fetchall()}
    assert {name for name in kept if known(name)} == disclosure.SENSITIVE | {"hiding_place_reported"} & kept


def test_no_flag_of_a_record_says_that_something_sensitive_was_told(made: duckdb.DuckDBPyConnection) -> None:
    rows = queries.released(made, "records/seizures", scope=Scope(), row_limit=10**9, row_offset=0)
    flags = {flag for listed in rows["flags"] for flag in listed}
    kept = {row[0] for row in made.sql("select distinct unnest(flags) from seizure").fetchall()}
    assert flags == {flag for flag in kept if not made.execute("select is_sensitive(?)", [flag]).fetchall()[0][0]}


SECRET_ROWS = [("unread_suspects", 7), ("unlisted_detection_method", 3), ("no_quantity", 4)]


@pytest.fixture(scope="module")
def marked(macros: duckdb.DuckDBPyConnection, exercise_pool: pool.PoolFile) -> Iterator[duckdb.DuckDBPyConnection]:
    """The exercise with marks that tell of what is sensitive, on the first records of each of its first 60 months."""
    with duckdb.connect() as con:
        for name in ("schema", "macros"):
            con.execute((queries.FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
        vocabulary.load_reference(con)
        con.execute(f"attach '{exercise_pool.path}' as made (read_only)")
        con.execute("insert into seizure select * from made.seizure")
        for flag, number in SECRET_ROWS:
            con.execute(
                """update seizure set flags = list_append(flags, $flag) where seizure_id in (
                    select seizure_id from seizure where seized_month is not null and is_event_lead
                    qualify row_number() over (partition by seized_month order by md5(seizure_id || $flag)) <= $number)""",
                {"flag": flag, "number": number},
            )
        yield con


def test_marks_that_tell_of_what_is_sensitive_are_moved_and_others_exact(marked: duckdb.DuckDBPyConnection) -> None:
    months = marked.sql(
        "select seized_month, sum(seizures) from in_scope('seizure', null) where seized_month is not null group by 1 order by 1"
    ).fetchall()
    off = []
    for month, whole in months[:60]:
        rows = queries.run(marked, "data_room/flags", scope=Scope(month_from=month, month_to=month)).set_index("flag")
        assert rows.loc["no_quantity", "seizures"] >= 4 and rows.loc["no_quantity", "records"] >= 4
        moved = rows[rows["is_moved"]]
        assert (
            set(moved.index) <= {"unread_suspects", "unlisted_detection_method", "departure_place_not_kept"}
            and moved["records"].isna().all()
        )
        assert len(moved) == 0 or whole >= disclosure.LEAST
        off += [moved["seizures"].get("unread_suspects", 0) - 7] if whole >= 20 else []
    assert len(off) > 30 and np.var(off) == pytest.approx(disclosure.NOISE_VARIANCE, rel=0.5)
    assert np.mean(np.array(off) == 0) < 0.45


def test_how_many_rows_have_an_unlisted_word_is_not_told_of_sensitive_fields(
    macros: duckdb.DuckDBPyConnection,
) -> None:
    columns = [row[0] for row in macros.sql("describe unlisted_word").fetchall()]
    wanted = {"source_id": "customs", "delivery_id": "1", "rows": 2}
    macros.execute("begin")
    for field, word in (("detection_method", "nose"), ("unit", "sack")):
        row = {**wanted, "field": field, "word": word}
        given = {name: row.get(name) for name in columns}
        macros.execute(f"insert into unlisted_word values ({', '.join('?' * len(columns))})", list(given.values()))
    rows = queries.run(macros, "data_room/unlisted_words")
    macros.execute("rollback")
    assert rows["field"].tolist() == ["unit", "detection_method"]
    assert rows["rows"].iloc[0] == 2 and pd.isna(rows["rows"].iloc[1])


def test_by_name_only_what_pages_show_may_be_asked_for(made: duckdb.DuckDBPyConnection) -> None:
    for name in ("ui/review", "duplicates/linkable", "build/cube", "mapping/accepted"):
        with pytest.raises(QueryError, match="program only"):
            queries.released(made, name)
    with pytest.raises(QueryError, match="no such query"):
        queries.released(made, "ui/nothing")


def test_a_category_that_comes_out_as_zero_leaves_no_row(made: duckdb.DuckDBPyConnection) -> None:
    for month in pd.date_range("2019-01-01", "2025-10-01", freq="5MS"):
        scope = Scope(month_from=month.date(), month_to=(month + pd.DateOffset(months=2)).date())
        for name in ("charts/seizures_by_detail", "charts/contents_by_form", "charts/barrier_steps"):
            rows = queries.released(made, name, scope=scope)
            column = "barrier_step" if name.endswith("steps") else "category"
            told = rows[rows[column].notna()]
            assert (told["seizures"] >= 3).all() or name == "charts/seizures_by_detail", name
            if name == "charts/seizures_by_detail":
                assert (told.loc[told["dimension"].isin(DETAILS), "seizures"] >= 3).all()


def test_a_scope_of_fewer_than_ten_names_no_category(made: duckdb.DuckDBPyConnection) -> None:
    sizes = made.sql(
        """select seized_month, departure_country_code, destination_country_code from in_scope('seizure', null)
        where seized_month is not null group by all having count(*) between 1 and 9 order by all limit 40"""
    ).fetchall()
    for month, departure, destination in sizes:
        scope = Scope(
            month_from=month, month_to=month, departures=(departure,), destinations=(destination,), sources=None
        )
        rows = queries.released(made, "charts/seizures_by_detail", scope=scope)
        mine = rows[rows["dimension"].isin(DETAILS)]
        if rows[rows["dimension"] == "form"]["seizures"].iloc[0] < 10:
            assert mine["category"].isna().all() and mine["seizures"].isna().all()


# ---------- figures ----------


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
    said = [
        figure.headline,
        html.tables(figure.body),
        figure.alt,
        figure.caption.text(),
        figure.rows.to_csv(index=False),
    ]
    return " ".join(said).replace("\u202f", " ")


def by_detail(*rows: tuple[str, str | None, float | None]) -> dict[str, pd.DataFrame]:
    form = ("form", "tablet", 500)
    return {"charts/seizures_by_detail": pd.DataFrame([*rows, form], columns=["dimension", "category", "seizures"])}


def test_a_ranked_list_says_that_its_numbers_are_moved() -> None:
    rows = by_detail(
        ("detection_method", None, 489),
        ("detection_method", "X-ray", 413),
        ("detection_method", "dog", 73),
        ("detection_method", "profile", 4),
        ("detection_method", "unknown", 12),
    )
    figure = parcel.detection(fetch(rows), VIEW)  # type: ignore[arg-type]
    assert list(figure.rows["category"]) == ["X-ray", "dog", "profile"]
    assert figure.headline.replace("\u202f", " ") == "X-ray: 84 % of 489 seizures where it is told"
    assert "not told: 11 of 500" in figure.alt and "need not add up" in figure.caption.silent
    assert details.by_detail(fetch(rows), VIEW, "detection_method").of("tip") == 0  # type: ignore[arg-type]


def test_a_scope_that_may_not_be_split_says_so_and_shows_no_number() -> None:
    rows = by_detail(("detection_method", None, None))
    figure = parcel.detection(fetch(rows), VIEW)  # type: ignore[arg-type]
    assert "may not be told apart here" in figure.headline and "category" not in figure.rows
    assert details.by_detail(fetch(rows), VIEW, "detection_method").of("dog") is None  # type: ignore[arg-type]
    none = parcel.detection(fetch(by_detail(("detection_method", None, 0))), VIEW)  # type: ignore[arg-type]
    assert "is not known here" in none.headline


def test_a_part_above_its_total_is_all_of_it_not_more() -> None:
    rows = by_detail(("detection_method", None, 20), ("detection_method", "dog", 22))
    assert "Dog: 100 % of 20" in parcel.detection(fetch(rows), VIEW).headline.replace("\u202f", " ")  # type: ignore[arg-type]


def test_a_form_with_too_few_seizures_is_hatched_in_contents_by_form() -> None:
    rows = pd.DataFrame(
        [
            ("declared_contents", None, None, 120),
            ("declared_contents", None, "tablet", 110),
            ("declared_contents", "gift", "tablet", 61),
            ("declared_contents", "toys", "tablet", 47),
            ("declared_contents", None, "crystal", None),
        ],
        columns=["dimension", "category", "form", "seizures"],
    )
    figure = parcel.contents(fetch({"charts/contents_by_form": rows}), VIEW, "declared_contents")  # type: ignore[arg-type]
    assert figure.headline == "The fullest cell: tablet, declared as gift, 61 of 120 seizures"
    assert figure.rows["crystal"].isna().all() and html.tables(figure.body).count("pf-hatch") == 2
    assert "1 group of fewer than 10 seizures may not be split and is hidden" in figure.caption.silent
    few = rows[rows["category"].isna() & (rows["form"] != "tablet")]
    figure = parcel.contents(fetch({"charts/contents_by_form": few}), VIEW, "declared_contents")  # type: ignore[arg-type]
    assert "may not be told apart here" in figure.headline


def test_channels_by_year_are_plain_counts() -> None:
    rows = pd.DataFrame(
        [("2020", pd.Timestamp("2020-01-01"), "post", 9), ("2020", pd.Timestamp("2020-01-01"), "sea", 1)],
        columns=["period", "period_start", "category", "seizures"],
    )
    figure = parcel.channels(fetch({"charts/seizures_by_period_and_category": rows}), VIEW)  # type: ignore[arg-type]
    assert list(figure.rows["seizures"]) == [9, 1]
    assert "pf-hatch" not in html.tables(figure.body)


def ladder_rows(*more: tuple[str, str | None, str | None, float | None, int]) -> dict[str, pd.DataFrame]:
    steps = [
        ("all", None, None, 240, 268),
        ("all", None, "6", 122, 268),
        ("all", None, "8", 118, 268),
        ("interception_side", "export", None, 125, 130),
        ("interception_side", "export", "6", 121, 130),
        ("interception_side", "export", "8", 3, 130),
        ("interception_side", "import", None, 117, 136),
        ("interception_side", "import", "8", 116, 136),
        ("interception_side", "transit", None, None, 2),
    ]
    frame = pd.DataFrame([*steps, *more], columns=["part", "category", "barrier_step", "seizures", "seizures_of_part"])
    told = by_detail(
        ("detection_method", None, 98),
        ("detection_method", "information", 4),
        ("advance_data", None, 42),
        ("advance_data", "good", 43),
        ("controlled_delivery", None, 30),
        ("controlled_delivery", "yes", 5),
    )
    return {"charts/barrier_steps": frame, **told}


def test_the_ladder_shows_protected_steps_beside_plain_sides() -> None:
    figure = barriers.ladder(fetch(ladder_rows()), VIEW)  # type: ignore[arg-type]
    rows = figure.rows.set_index("step")
    assert rows.at["8", "seizures"] == 118 and rows.at["8", "by_side"] == 136 and rows.at["8", "export"] == 3
    assert rows["transit"].isna().all() and not rows["is_hidden"].any() and pd.isna(rows.at["9", "seizures"])
    text = everything(figure)
    assert "5 controlled deliveries" in text and "4 found on information" in text
    assert "advance data good on 100 % of 42" in text and "28 of 268 seizures name no step" in text
    assert "1 group of fewer than 10" in figure.caption.silent and "122 of 240" in figure.headline


def test_a_scope_that_may_not_be_split_hides_every_step() -> None:
    rows = pd.DataFrame(
        [("all", None, None, None, 7), ("interception_side", "import", None, None, 7)],
        columns=["part", "category", "barrier_step", "seizures", "seizures_of_part"],
    )
    told = by_detail(("detection_method", None, None))
    figure = barriers.ladder(fetch({"charts/barrier_steps": rows, **told}), VIEW)  # type: ignore[arg-type]
    assert figure.rows["is_hidden"].all() and figure.rows["seizures"].isna().all()
    assert figure.headline == "7 in this scope: fewer than 10 seizures are not split by step"


def funnel_rows(*years: tuple[int, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (2018 + n, step, None if seized < 10 and step != "seized" else number)
            for n, (seized, *later) in enumerate(years)
            for step, number in zip(method.STEPS, (seized, *later), strict=True)
        ],
        columns=["cohort", "step", "seizures"],
    )


def test_follow_up_is_told_alike_everywhere_and_says_that_it_is_moved() -> None:
    rows = funnel_rows((40, 20, 17, 18, 0), (7, 1, 1, 0, 0))
    figure = followup.funnel(fetch({"charts/follow_up": rows}), VIEW)  # type: ignore[arg-type]
    assert list(figure.rows["seizures"]) == [40, 20, 17, 18, 0] and set(figure.rows["cohort"]) == {2018}
    assert "Left out: 1 year with fewer than 10 seizures." in figure.caption.silent
    assert "come out one or two above an earlier one" in figure.caption.silent
    assert "2019" not in html.tables(figure.body)
    few = followup.funnel(fetch({"charts/follow_up": funnel_rows((40, 0, 0, 0, 0))}), VIEW)  # type: ignore[arg-type]
    assert "is not known here" in few.headline


def moved(number: int, draw: np.random.Generator) -> int:
    return int(draw.choice(list(shown_as(number)), p=list(shown_as(number).values())))


def test_intervals_of_a_step_hold_the_truth_though_its_count_is_moved() -> None:
    draw, held, tried = np.random.default_rng(5), 0, 0
    for chance in (0.05, 0.2, 0.5):
        for _ in range(200):
            case = moved(int(draw.binomial(60, chance)), draw)
            rows = method.funnel(funnel_rows((60, case, 3, 3, 0))).rows.set_index("step")
            held += rows.at["case_opened", "low"] <= chance <= rows.at["case_opened", "high"]
            tried += 1
    assert held / tried > 0.94


def days_rows(days: np.ndarray, draw: np.random.Generator | None = None) -> pd.DataFrame:
    grid = [0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 365, 455, 545, 730, None]
    counted = [int((days <= (1e9 if at is None else at)).sum()) for at in grid]
    return pd.DataFrame(
        {
            "cohort": 2020,
            "from": "seized_on",
            "to": "case_opened_on",
            "at_most_days": grid,
            "seizures": [moved(number, draw) if draw else number for number in counted],
        }
    )


def test_the_median_of_days_comes_from_the_protected_counts_and_its_interval_holds_the_truth() -> None:
    draw = np.random.default_rng(6)
    exact = method.days_between(days_rows(np.arange(1, 100))).rows.iloc[0]
    assert exact["median_days"] == pytest.approx(50, abs=2) and exact["reached"] == 99
    held = 0
    for _ in range(200):
        days = np.floor(draw.lognormal(np.log(40), 0.8, 80))
        row = method.days_between(days_rows(days, draw)).rows.iloc[0]
        held += row["low"] - 0.5 <= 40 <= row["high"] + 0.5
    assert held / 200 > 0.93


def test_too_few_dates_give_no_median() -> None:
    answer = method.days_between(days_rows(np.arange(1, 9)))
    assert not answer.can_say and "10 seizures of a year" in answer.sentence


def test_what_stands_out_of_sensitive_kinds_is_listed_from_five_on_and_never_called_never_seen() -> None:
    rows = pd.DataFrame(
        {
            "category": ["concealment|candles", "concealment|toys", "channel|sea"],
            "seizures": [4, 9, 3],
            "expected": [0.03, 0.06, 0.1],
            "times": [133.0, 150.0, 30.0],
            "upper": [1, 1, 1],
            "p": [0.1, 0.1, 0.1],
            "q": [0.1, 0.1, 0.1],
            "kind": ["new", "new", "new"],
        }
    )
    found = emerging._told(Table(method="", rows=rows), "")
    assert list(found.rows["category"]) == ["concealment|toys", "channel|sea"]
    assert list(found.rows["kind"]) == ["new or nearly", "new"]
    assert found.warnings[0] == disclosure.MOVED and "1 of concealment or contents" in found.warnings[1]
