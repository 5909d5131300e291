"""The shipped sources: they load, are what their checksums say, and give the control totals."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from postflow import sources
from scripts import make_shipped_sources

SOURCES = sources.every()
SHIPPED = [source for source in SOURCES.values() if source.file.path]
WEST_EUROPE = ("NL", "GB", "DE", "BE", "IE", "FR", "IT", "LU", "ES", "CH")


def rows(source_id: str) -> list[dict[str, str]]:
    source = SOURCES[source_id]
    with (sources.FOLDER / source_id / source.file.path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def totals(told: list[dict[str, str]], keys: tuple[str, ...], number: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for row in told:
        found[tuple(row[key] for key in keys)] += float(row[number])
    return found


def test_six_sources_are_declared() -> None:
    assert set(SOURCES) == {
        "unodc_ids",
        "unodc_ids_counts",
        "us_cbp",
        "us_cbp_counts",
        "unodc_annual",
        "published_figures",
    }


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.id)
def test_a_shipped_file_is_the_one_its_source_describes(source: sources.Source) -> None:
    content = (sources.FOLDER / source.id / source.file.path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == source.provenance.sha256
    assert b"\r" not in content


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.id)
def test_every_column_of_a_shipped_file_is_mapped_or_ignored(source: sources.Source) -> None:
    told = rows(source.id)
    assert set(told[0]) == set(source.names())
    assert [list(row.values()) for row in told] == sorted(list(row.values()) for row in told)
    assert source.expect.rows is not None and source.expect.rows[0] <= len(told) <= source.expect.rows[1]


@pytest.mark.parametrize("counts", ["unodc_ids_counts", "us_cbp_counts"])
def test_a_delivered_file_replaces_the_shipped_counts(counts: str) -> None:
    shipped, raw = SOURCES[counts], SOURCES[counts.removesuffix("_counts")]
    assert (shipped.series_id, shipped.precedence) == (raw.id, "shipped")
    assert (raw.series_id, raw.precedence, raw.file.path) == (raw.id, "delivered", "")
    assert shipped.supersedes == raw.supersedes
    lost = set(raw.columns) - set(shipped.columns) - {"ignored", "seized_on", "seizure_place"}
    assert lost == set()


def test_rows_of_the_unodc_export_are_not_passed_on() -> None:
    assert not SOURCES["unodc_ids"].licence.redistribute
    assert all(source.licence.id in ("not-stated", "US-public-domain") for source in SOURCES.values())


def test_unodc_counts_give_the_control_totals() -> None:
    told = rows("unodc_ids_counts")
    assert totals(told, ("drug_name",), "seizures") == {("Ecstasy",): 4434, ("Ketamine",): 233}
    reported = {row["seizure_month"][:4] for row in told if row["seizure_country"] == "New Zealand"}
    assert reported & {"2012", "2013", "2014", "2015", "2016"} == {"2012", "2013", "2016"}


@pytest.mark.parametrize(
    ("year", "drug", "events", "pounds"),
    [
        ("2019", "Ecstasy", 6902, 2223),
        ("2022", "Ecstasy", 2041, 1248),
        ("2025", "Ecstasy", 890, 441),
        ("2019", "Ketamine", 1355, 953),
        ("2022", "Ketamine", 1259, 13756),
        ("2025", "Ketamine", 875, 6578),
    ],
)
def test_cbp_counts_give_the_control_totals(year: str, drug: str, events: int, pounds: int) -> None:
    told = rows("us_cbp_counts")
    assert totals(told, ("fiscal_year", "drug_type"), "events")[(year, drug)] == events
    assert round(totals(told, ("fiscal_year", "drug_type"), "quantity_lb")[(year, drug)]) == pounds


def test_the_corridor_to_new_zealand_gives_920(real: duckdb.DuckDBPyConnection) -> None:
    corridor = """from seizure where source_id = 'unodc_ids_counts' and seizure_country_code = 'NZ'
        and list_contains($west, departure_country_code) and drug in ('MDMA', 'ketamine')"""
    west = {"west": list(WEST_EUROPE)}
    by_drug = dict(real.execute(f"select drug, sum(seizures) {corridor} group by drug", west).fetchall())
    by_year = dict(real.execute(f"select seized_year, sum(seizures) {corridor} group by seized_year", west).fetchall())
    by_origin = dict(
        real.execute(f"select departure_country_code, sum(seizures) {corridor} group by 1", west).fetchall()
    )
    assert by_drug == {"MDMA": 884, "ketamine": 36}
    assert by_year == {2012: 121, 2013: 126, 2016: 673}
    assert by_origin == {
        "NL": 579,
        "GB": 160,
        "DE": 125,
        "BE": 15,
        "IE": 14,
        "FR": 10,
        "IT": 9,
        "LU": 4,
        "ES": 3,
        "CH": 1,
    }
    assert real.execute(f"select sum(seizures) {corridor} and channel = 'post'", west).fetchall() == [(913,)]
    assert real.execute(f"select count(*) {corridor} and destination_basis <> 'inferred'", west).fetchall() == [(0,)]
    grams = real.execute(
        f"select drug, unit, sum(quantity)::decimal(18, 2)::double {corridor} group by all order by all", west
    )
    assert grams.fetchall() == [("MDMA", "gram", 7772.76), ("MDMA", "unit", 15005.18), ("ketamine", "gram", 184.30)]


def test_the_postal_rule_finds_1181_and_71(real: duckdb.DuckDBPyConnection) -> None:
    told = real.execute(
        """select drug, sum(seizures) from seizure where source_id = 'unodc_ids_counts' and channel = 'post'
        group by drug order by drug"""
    )
    assert told.fetchall() == [("MDMA", 1181), ("ketamine", 71)]


def test_the_shipped_pool_knows_every_word_and_holds_no_row(real: duckdb.DuckDBPyConnection) -> None:
    assert real.execute("select field, word from unlisted_word").fetchall() == []
    assert real.execute("select source_id, rule from quarantine").fetchall() == []


def test_cbp_names_no_channel_and_no_departure(real: duckdb.DuckDBPyConnection) -> None:
    told = real.execute(
        "select distinct channel, departure_country_code, unit from seizure where source_id = 'us_cbp_counts'"
    )
    assert told.fetchall() == [("unknown", "ZZ", "pound")]
    kept = real.execute(
        "select distinct place_type_reported, transport_reported from seizure where source_id = 'us_cbp_counts'"
    )
    assert ("Southwest Border", "Land Only") in kept.fetchall()


def test_a_published_figure_has_a_date_an_address_and_a_known_measure() -> None:
    for row in rows("published_figures"):
        assert make_shipped_sources.reason_to_leave_out(row) == ""
        assert row["publisher"] and row["value"] and row["period_start"] <= row["period_end"]


def test_an_annual_figure_stands_for_a_lumped_drug_under_its_own_name(real: duckdb.DuckDBPyConnection) -> None:
    told = real.execute(
        "select drug, count(*) from figure where source_id = 'unodc_annual' group by drug order by 2 desc"
    )
    assert dict(told.fetchall()) == {
        "MDMA": 306,
        "ecstasy-type total": 297,
        "ketamine and PCP-type": 188,
        "ecstasy-type unspecified": 4,
    }


def test_annual_totals_begin_in_2018_and_each_year_comes_from_its_newest_edition(
    real: duckdb.DuckDBPyConnection,
) -> None:
    told = real.execute(
        """select report, min(year(period_from)), max(year(period_from)), count(*) from figure
        where source_id = 'unodc_annual' group by report order by 2"""
    )
    assert told.fetchall() == [
        ("Annual drug seizures 2018–2022, earlier edition of annex 7.1", 2018, 2018, 168),
        ("World Drug Report 2025, annex 7.1", 2019, 2023, 627),
    ]
    australia = real.execute(
        """select drug, sum(value) from figure where source_id = 'unodc_annual' and reporter_country_code = 'AU'
        and year(period_from) = 2018 group by all order by all"""
    )
    assert australia.fetchall() == [("ecstasy-type total", 1551.0), ("ketamine and PCP-type", 34.0)]


def test_what_is_left_out_is_told_in_the_note_and_in_the_docs(shared: Path) -> None:
    with (shared / "figures" / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        compiled = list(csv.DictReader(file))
    kept, left_out = make_shipped_sources.shipped("published_figures", compiled)
    assert (len(compiled), len(kept)) == (232, 190)
    assert left_out == {
        "a share, estimate, rate or conversion, not an amount": 14,
        "no date": 14,
        "no address of a publisher": 8,
        "figure, period or substance in doubt": 6,
    }
    docs = (Path(__file__).parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
    for words in (SOURCES["published_figures"].note, docs):
        assert "190 of 232" in words
        assert all(str(count) in words for count in left_out.values())


def test_the_shipped_files_can_be_made_again(shared: Path, tmp_path: Path) -> None:
    make_shipped_sources.main(shared / "figures", tmp_path)
    for source in SHIPPED:
        assert (tmp_path / source.id / source.file.path).read_bytes() == (
            sources.FOLDER / source.id / source.file.path
        ).read_bytes()
