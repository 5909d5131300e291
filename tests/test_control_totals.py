"""The control totals of the official files, from the raw files through the command line, and for the shipped counts."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from postflow import cli, pool, queries
from postflow.scope import Scope

CORRIDOR = ["--departure", "Western Europe", "--destination", "NZ", "--drug", "MDMA,ketamine"]
Ask = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def delivered(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to which the official files were added by the command line."""
    home = tmp_path_factory.mktemp("delivered")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTFLOW_HOME", str(home))
        assert cli.main(["add", "unodc_ids", str(shared / "data" / "unodc_ids_2011_2016.zip")]) == 0
        assert cli.main(["add", "us_cbp", *map(str, sorted((shared / "data").glob("nationwide-drugs-*.gz")))]) == 0
    return home


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Rows of a query as the command line prints them."""

    def asked(name: str, *options: str) -> pd.DataFrame:
        capsys.readouterr()
        assert cli.main(["query", name, *options, "--format", "csv"]) == 0
        return pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False, na_values=[""])

    return asked


@pytest.fixture(params=["delivered", "shipped"])
def home(request: pytest.FixtureRequest, real_pool: pool.PoolFile, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to the same figures: the raw files, and the shipped counts."""
    folder = request.getfixturevalue("delivered") if request.param == "delivered" else real_pool.path.parent.parent
    monkeypatch.setenv("POSTFLOW_HOME", str(folder))
    return str(request.param)


@pytest.fixture
def raw(delivered: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTFLOW_HOME", str(delivered))
    return delivered


@pytest.mark.usefixtures("home")
def test_new_zealand_seized_920_from_western_europe(ask: Ask) -> None:
    rows = ask("charts/corridors", *CORRIDOR)
    assert rows.groupby("drug").seizures.sum().to_dict() == {"MDMA": 884, "ketamine": 36}
    by = rows.groupby("departure_country_code").seizures.sum().to_dict()
    assert by == {"NL": 579, "GB": 160, "DE": 125, "BE": 15, "IE": 14, "FR": 10, "IT": 9, "LU": 4, "ES": 3, "CH": 1}
    assert set(rows.destination_country_code) == {"NZ"}
    assert rows.seizures_inferred_destination.sum() == 920


@pytest.mark.usefixtures("home")
def test_the_years_are_2012_2013_and_2016_and_the_two_between_are_absent(ask: Ask) -> None:
    rows = ask("charts/seizures_by_period", *CORRIDOR, "--period", "year")
    assert rows.groupby("period").seizures.sum().to_dict() == {2012: 121, 2013: 126, 2016: 673}
    assert rows.set_index(["period", "drug"]).seizures.to_dict() == {
        (2012, "MDMA"): 116,
        (2012, "ketamine"): 5,
        (2013, "MDMA"): 126,
        (2016, "MDMA"): 642,
        (2016, "ketamine"): 31,
    }
    told = (
        ask("charts/reporters_by_period", *CORRIDOR, "--period", "year").set_index("period").months_reported.to_dict()
    )
    assert told == {2012: 12, 2013: 12, 2014: 0, 2015: 0, 2016: 12}


@pytest.mark.usefixtures("home")
def test_units_weights_and_post_of_the_920(ask: Ask) -> None:
    units = ask("data_room/units", *CORRIDOR).set_index(["drug", "unit_reported"])
    assert units.seizures.to_dict() == {("MDMA", "Gram"): 452, ("MDMA", "Unit"): 432, ("ketamine", "Gram"): 36}
    assert units.quantity.round(2).to_dict() == {
        ("MDMA", "Gram"): 7772.76,
        ("MDMA", "Unit"): 15005.18,
        ("ketamine", "Gram"): 184.30,
    }
    assert units.quantity_kg.round(5).dropna().to_dict() == {("MDMA", "Gram"): 7.77276, ("ketamine", "Gram"): 0.1843}
    assert ask("charts/totals", *CORRIDOR, "--channel", "post").seizures[0] == 913


@pytest.mark.usefixtures("home")
def test_all_ecstasy_and_ketamine_of_the_unodc_file(ask: Ask) -> None:
    rows = ask("charts/corridors", "--source", "unodc_ids", "--drug", "MDMA,ketamine")
    assert rows.groupby("drug").seizures.sum().to_dict() == {"MDMA": 4434, "ketamine": 233}
    assert [
        int(ask("charts/totals", "--source", "unodc_ids", "--drug", drug, "--channel", "post").seizures[0])
        for drug in ("MDMA", "ketamine")
    ] == [1181, 71]


@pytest.mark.usefixtures("home")
def test_the_years_of_us_customs(ask: Ask) -> None:
    rows = ask("charts/seizures_by_period", "--source", "us_cbp", "--drug", "MDMA,ketamine", "--period", "us_fy")
    found = {(r.period, r.drug): (r.seizures, round(r.quantity_kg / 0.45359237)) for r in rows.itertuples()}
    assert found["FY2019", "MDMA"] == (6902, 2223)
    assert found["FY2022", "MDMA"] == (2041, 1248)
    assert found["FY2025", "MDMA"] == (890, 441)
    assert found["FY2019", "ketamine"] == (1355, 953)
    assert found["FY2022", "ketamine"] == (1259, 13756)
    assert found["FY2025", "ketamine"] == (875, 6578)


@pytest.mark.usefixtures("home")
def test_no_flow_is_drawn_from_us_customs(ask: Ask) -> None:
    rows = ask("charts/corridors", "--source", "us_cbp")
    assert set(rows.departure_country_code) | set(rows.destination_country_code) == {"ZZ"}


@pytest.mark.usefixtures("raw")
def test_identical_rows_are_marked_and_counted_by_default(ask: Ask) -> None:
    marked = {
        drug: int(ask("charts/totals", "--source", "unodc_ids", "--drug", drug).seizures_possible_duplicate[0])
        for drug in ("MDMA", "ketamine")
    }
    assert marked == {"MDMA": 1048, "ketamine": 2}
    assert ask("charts/totals", "--source", "unodc_ids").seizures_possible_duplicate[0] == 44_229
    assert ask("charts/totals", *CORRIDOR).seizures_possible_duplicate[0] == 103
    assert ask("charts/totals", *CORRIDOR, "--without-duplicates").seizures[0] == 817


@pytest.mark.usefixtures("raw")
def test_the_russian_outlier_is_kept_flagged_and_shown_with_and_without(ask: Ask) -> None:
    found = pool.current("real")
    assert found
    with pool.connect(found.path) as con:  # the rows themselves may not be passed on
        rows = queries.run(con, "data_room/outliers", scope=Scope())
    assert [(r.seizure_country_code, f"{r.seized_on:%Y-%m-%d}", r.quantity_kg) for r in rows.itertuples()] == [
        ("RU", "2016-12-14", 23291.692)
    ]
    with_it = ask("charts/totals", "--drug", "MDMA", "--source", "unodc_ids").iloc[0]
    without = ask("charts/totals", "--drug", "MDMA", "--source", "unodc_ids", "--without-outliers").iloc[0]
    assert with_it.seizures - without.seizures == 1
    assert with_it.quantity_kg - without.quantity_kg == pytest.approx(23291.692)


LOOKALIKES = {
    "MDPV": 1010,
    "2C-H": 312,
    "2C-B": 96,
    "MDP2P": 59,
    "MDA": 28,
    "MDMB-CHMICA": 16,
    "MMDA": 10,
    "MDMB-CHMCZCA": 4,
    "MBDB": 2,
    "MDEA": 1,
    "bk_MDEA": 1,
    "MDPA": 1,
    "MDMA & Mephedrone": 3,
    "Amphetamine-Ketamine Mix": 1,
}


@pytest.mark.usefixtures("raw")
@pytest.mark.parametrize("word", LOOKALIKES)
def test_a_lookalike_or_mixture_is_counted_as_itself(word: str, delivered: Path) -> None:
    current = pool.current("real")
    assert current
    with pool.connect(current.path) as con:
        rows = con.execute("select drug, count(*) from seizure where drug_reported = ? group by all", [word]).fetchall()
    assert [n for _, n in rows] == [LOOKALIKES[word]]
    assert rows[0][0] not in ("MDMA", "ketamine", "other", "unknown")
    assert delivered


@pytest.mark.usefixtures("raw")
def test_the_withdrawn_san_diego_entry_is_a_revision_and_both_figures_are_kept(ask: Ask) -> None:
    rows = ask("data_room/revisions")
    top = rows.iloc[0]
    assert (top.seized_month, top.seizure_place, top.drug) == ("2025-04-01", "SAN DIEGO SECTOR", "MDMA")
    assert round(top.older_kg / 0.45359237, 2) == 1765.73 or round(top.older_kg / 0.45359237) == 1766
    assert pd.isna(top.newer_kg)


@pytest.mark.usefixtures("raw")
def test_raw_rows_replace_the_shipped_counts_never_both(ask: Ask) -> None:
    rows = ask("data_room/deliveries").set_index("file_name")
    assert rows.loc[
        "unodc_ids_2011_2016.zip", ["rows_in", "rows_accepted", "rows_quarantined", "rows_in_use"]
    ].tolist() == [311_038, 311_038, 0, 311_038]
    assert rows.loc["seizures_by_month.csv", "rows_in_use"] == 0
    current = pool.current("real")
    assert current
    with pool.connect(current.path) as con:
        both = con.execute(
            """select series_id, seized_month, drug from seizure where series_id = 'us_cbp'
            group by all having count(distinct delivery_id) > 1"""
        ).fetchall()
    assert both == []


@pytest.mark.usefixtures("raw")
def test_months_only_dates_of_new_zealand_are_known_as_such() -> None:
    current = pool.current("real")
    assert current
    with pool.connect(current.path) as con:
        rows = con.execute(
            "select date_precision, count(*) from seizure where seizure_country_code = 'NZ' and seized_year in (2012, 2013, 2016) and drug in ('MDMA', 'ketamine') group by all"
        ).fetchall()
    assert {precision for precision, _ in rows} == {"month"}
