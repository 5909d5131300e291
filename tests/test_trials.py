"""Small inputs of kinds that are easily misread: each gives its right result, or says that it cannot."""

from __future__ import annotations

import json
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest

from postflow import cli, ingest, pool, readers, sources
from postflow.errors import DeliveryError, SourceError
from postflow.mapping import Delivery

TRIALS = Path(__file__).parent / "data" / "trials"


@pytest.fixture(autouse=True)
def no_shipped_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    folder.mkdir()
    monkeypatch.setattr(sources, "FOLDER", folder)


def add(file_name: str, source: str) -> None:
    assert cli.main(["add", str(TRIALS / "src" / source / "source.toml"), str(TRIALS / file_name)]) == 0


def rows(query: str) -> list[tuple[object, ...]]:
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        return con.execute(query).fetchall()


def test_placeholders_are_no_tracking_numbers_and_link_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_TRACKING_KEY", "a key of the tests")
    add("z10_placeholder_a.csv", "ph_a")
    add("z10_placeholder_b.csv", "ph_b")
    assert rows(
        "select count(*), count(distinct event_id), count(tracking_hash),"
        " count(*) filter (list_contains(flags, 'no_tracking_number')) from seizure"
    ) == [(12, 12, 0, 12)]


@pytest.mark.parametrize(
    ("file_name", "source", "told"),
    [
        ("z9b_tracking_sci.csv", "z9b", [(6, 0, 6)]),
        ("z9_tracking_numbers.xlsx", "z9", [(3, 1, 2)]),
    ],
)
def test_a_number_that_a_spreadsheet_has_rounded_is_destroyed(
    file_name: str, source: str, told: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTFLOW_TRACKING_KEY", "a key of the tests")
    add(file_name, source)
    assert (
        rows(
            "select count(*), count(tracking_hash),"
            " count(*) filter (list_contains(flags, 'no_tracking_number')) from seizure"
        )
        == told
    )


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("v1", ["'Kosovo'", "'XK'", "'Ecstasy'", "'MDMA'", "'tablets'", "'tablet'"]),
        ("v2", ["'tabletas'"]),
        ("x6d", ["'Netherlands'", "'NL'", "'kilo'", "'kilogram'"]),
    ],
)
def test_what_is_no_canonical_value_is_refused_and_the_near_ones_are_named(source: str, named: list[str]) -> None:
    with pytest.raises(SourceError) as refused:
        sources.load(TRIALS / "src" / source / "source.toml")
    assert [word for word in named if word not in str(refused.value)] == []


def trial(tmp_path: Path, file_name: str, columns: str = "", extra: str = "", **file: object) -> sources.Source:
    """A declaration of a trial's usual columns, or others."""
    usual = {
        "record_id": "ID",
        "seized_on": "Date",
        "seizure_country": "Country",
        "departure_country": "From",
        "destination_country": "To",
        "drug": "Drug",
        "quantity": "Qty",
        "unit": "Unit",
    }
    listed = (
        columns
        if "seizure_country" in columns + extra
        else "\n".join(f'{k} = "{v}"' for k, v in usual.items()) + columns
    )
    form = {"format": file_name.rsplit(".", 1)[1]} | file
    name = file_name.split("_", 1)[0]
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    (folder / "source.toml").write_text(
        f'id = "{name}"\ntitle = "a trial"\nkind = "records"\ngrain = "one row per seizure"\n'
        '[contributor]\nname = "a service"\ncountry = "NZ"\n[licence]\nid = "permission"\nredistribute = true\n'
        '[handling]\ntlp = "TLP:CLEAR"\n[provenance]\nobtained_on = 2026-11-20\nobtained_from = "a trial"\ncitation = "a trial"\n'
        + "[file]\n"
        + "".join(f"{key} = {json.dumps(value)}\n" for key, value in form.items())
        + f"[columns]\n{listed}\n{extra}\n",
        encoding="utf-8",
    )
    return sources.load(folder / "source.toml")


def read(
    source: sources.Source, file_name: str, *wanted: str
) -> tuple[list[tuple[object, ...]], list[tuple[int, str]]]:
    """The columns wanted of the accepted rows, in order; row and rule of those held. Nothing is kept."""
    with tempfile.TemporaryDirectory() as work, duckdb.connect() as con:
        ingest.lay(con)
        delivery = Delivery(source, TRIALS / file_name, file_name, date(2026, 11, 20))
        ingest.ingest(con, delivery, "a checksum", Path(work), b"a key")
        accepted = con.execute(f"select {', '.join(wanted)} from seizure order by row_number, seized_on").fetchall()
        held = con.execute("select row_number, rule from quarantine order by row_number").fetchall()
        told = con.execute("select rows_in, rows_accepted, rows_quarantined from delivery").fetchall()
    assert told == [(len(accepted) + len(held), len(accepted), len(held))]
    return accepted, held


def kilograms(source: sources.Source, file_name: str) -> list[object]:
    accepted, held = read(source, file_name, "quantity_kg::double")
    assert held == []
    return [kg for (kg,) in accepted]


def test_a_number_cell_needs_no_marks(tmp_path: Path) -> None:
    marks = {"decimal_mark": ",", "thousands_mark": "."}
    name = "n1_xlsx_numbers_eu_marks.xlsx"
    assert kilograms(trial(tmp_path, name, **marks), name) == [1.234, 1.5, 12.125, 1234.5, 0.5, 3, 1234.5, 2.5]


@pytest.mark.parametrize("marks", [{}, {"decimal_mark": ",", "thousands_mark": "."}])
@pytest.mark.parametrize("days", ["", '[dates]\nday = ["%Y-%m-%d %H:%M:%S"]'])
def test_typed_columns_of_parquet_are_read_as_typed(marks: dict[str, str], days: str, tmp_path: Path) -> None:
    name = "n2_timestamp.parquet"
    accepted, held = read(
        trial(tmp_path, name, extra=days, **marks),
        name,
        "seized_on::varchar",
        "quantity_kg::double",
        "departure_country_code",
    )
    assert accepted == [("2024-03-01", 1500.00025, "NL"), ("2024-03-02", 1.234, "ZZ")]
    assert held == []


@pytest.mark.parametrize(
    ("name", "mark", "decimal"), [("x4_nbsp_thousands.csv", " ", ","), ("x4b_swiss.csv", "'", ".")]
)
def test_every_space_and_every_apostrophe_is_the_mark_that_is_declared(
    name: str, mark: str, decimal: str, tmp_path: Path
) -> None:
    source = trial(tmp_path, name, delimiter=";", decimal_mark=decimal, thousands_mark=mark)
    assert set(kilograms(source, name)) == {1.2345}


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
def test_the_day_is_the_one_that_is_written_under_any_time_zone(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    name = "y3_timezone.csv"
    source = trial(tmp_path, name, extra='[dates]\nday = ["%Y-%m-%dT%H:%M:%S%z"]')
    days = [("2024-03-01",), ("2024-03-01",), ("2024-12-31",), ("2024-06-15",)]
    assert read(source, name, "seized_on::varchar") == (days, [])


def test_a_moment_of_parquet_is_the_same_day_under_any_time_zone(tmp_path: Path) -> None:
    path = tmp_path / "t_moment.parquet"
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(
            f"""copy (select 'A1' as "ID", timestamptz '2024-03-01 23:30:00+00' as "Date", 'NZ' as "Country", 'NL' as "From",
            'NZ' as "To", 'MDMA' as "Drug", 1.5::float as "Qty", 'kg' as "Unit") to '{path}' (format parquet)"""
        )
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        with duckdb.connect() as con:
            con.execute(f"set timezone = '{zone}'")
            source = trial(tmp_path, path.name)
            readers.read(con, path, readers.FileFormat("parquet"), source.names(), tmp_path)
            assert con.execute("select seized_on, quantity from delivered_file").fetchall() == [
                ("2024-03-01 23:30:00", "1.5")
            ]


def test_every_date_column_follows_the_declared_form(tmp_path: Path) -> None:
    name = "y4_us_reported.csv"
    columns = '\nreported_on = "Reported"\ncase_opened_on = "Opened"\nverdict_on = "Verdict"'
    source = trial(tmp_path, name, columns, '[dates]\nday = ["%m/%d/%Y"]')
    wanted = ("seized_on::varchar", "reported_on::varchar", "case_opened_on::varchar", "verdict_on::varchar")
    assert read(source, name, *wanted)[0] == [
        ("2024-03-01", "2024-03-04", "2024-03-05", "2024-04-06"),
        ("2024-03-01", "2024-03-25", "2024-03-26", "2024-05-30"),
        ("2024-03-01", "2024-03-04", "2024-03-05", "2024-03-05"),
    ]


def test_a_month_that_is_none_is_held_and_never_the_year_alone(tmp_path: Path) -> None:
    name = "y2_total_month.csv"
    columns = 'fiscal_year = "FY"\nmonth = "Month"\ndrug = "Drug"\nseizures = "N"\nquantity = "Qty"\nunit = "Unit"'
    extra = '[constants]\nseizure_country = "United States"\n[dates]\nfiscal_basis = "us_fy"\n'
    months, held = read(trial(tmp_path, name, columns, extra), name, "row_number", "seized_month::varchar")
    assert months == [(2, "2024-10-01"), (10, "2025-01-01"), (13, "2025-03-01"), (14, "2025-03-01")]
    assert [row for row, _ in held] == [3, 4, 5, 6, 7, 8, 9, 11, 12, 15]
    german = trial(tmp_path, name, columns, extra + 'languages = ["de", "fr"]')
    assert [row for (row,) in read(german, name, "row_number")[0]] == [2, 6, 7, 8, 9, 10, 13, 14]


def test_a_source_names_its_marks_for_missing(tmp_path: Path) -> None:
    name = "x6_na_missing.csv"
    accepted, held = read(
        trial(tmp_path, name, missing=["NA"]), name, "seizure_country_code", "drug", "departure_country_code"
    )
    assert accepted == [("NZ", "MDMA", "ZZ"), ("NZ", "MDMA", "ZZ"), ("NZ", "MDMA", "NL")]
    assert held == [(5, "no_usable_date")]


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    name = "z1_hidden_sheet.xlsx"
    assert kilograms(trial(tmp_path, name), name) == [1.5, 1.5]
    assert kilograms(trial(tmp_path, name, sheet="*"), name) == [1.5, 1.5]
    assert kilograms(trial(tmp_path, name, sheet="old draft"), name) == [99]


def test_every_cell_that_cannot_be_read_is_flagged(tmp_path: Path) -> None:
    name = "y8_purity.csv"
    columns = '\npurity_pct = "P"\nitem_weight = "W"\nsuspects = "S"\narrests = "AR"'
    wanted = ("purity_pct::double", "item_weight_kg::double", "suspects", "arrests", "flags")
    assert read(trial(tmp_path, name, columns), name, *wanted) == (
        [
            (80, 0.5, 2, 1, []),
            (0.8, 0.5, None, None, ["purity_may_be_a_share", "unread_suspects", "unread_arrests"]),
            (80, 0.5, 2, None, ["unread_arrests"]),
            (None, None, None, 1, ["unread_item_weight", "unread_purity_pct", "unread_suspects"]),
            (None, 0.5, None, None, ["unread_purity_pct", "unread_suspects", "unread_arrests"]),
        ],
        [],
    )


@pytest.mark.parametrize("name", ["x2_empty_headers.csv", "x2b_one_empty_header.csv", "z7_spacers.xlsx"])
@pytest.mark.parametrize("ignored", ["", '\nignored = [""]'])
def test_an_empty_column_is_no_column(name: str, ignored: str, tmp_path: Path) -> None:
    assert len(kilograms(trial(tmp_path, name, ignored), name)) == 1


def test_a_column_without_a_name_that_holds_something_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t_unnamed.csv"
    path.write_text(
        "ID,Date,Country,From,To,Drug,Qty,Unit,\nA1,2024-01-10,NZ,NL,NZ,MDMA,1,kg,\nA2,2024-01-10,NZ,NL,NZ,MDMA,1,kg,x\n"
    )
    with pytest.raises(DeliveryError, match=r"without a name holds values.*row 3, field column 9"):
        read(trial(tmp_path, path.name), str(path), "drug")


def test_notes_totals_and_blank_rows_are_told_apart(tmp_path: Path) -> None:
    csv_name, sheet_name = "q3_trailing_blank.csv", "z5_merged_footnotes.xlsx"
    assert read(trial(tmp_path, csv_name), csv_name, "record_id") == ([("A1",)], [(5, "a_total"), (6, "a_note")])
    assert read(trial(tmp_path, sheet_name), sheet_name, "record_id") == (
        [("A1",)],
        [(3, "no_seizing_country"), (4, "a_total"), (6, "a_note")],
    )


def test_totals_of_a_table_are_held(tmp_path: Path) -> None:
    name = "z5b_total_rows.xlsx"
    columns = 'seized_on = "Year"\ndrug = "Drug"\nseizures = "N"\nquantity = "Kg"'
    source = trial(tmp_path, name, columns, '[constants]\nseizure_country = "Netherlands"\nunit = "kg"')
    assert read(source, name, "drug", "seizures", "quantity_kg::double") == (
        [("MDMA", 10, 5), ("ketamine", 4, 2), ("MDMA", 12, 6)],
        [(4, "a_total"), (6, "a_total"), (7, "a_note")],
    )


def test_rows_keep_the_numbers_of_the_file_below_blank_lines(tmp_path: Path) -> None:
    name = "q4_blank_line_numbers.csv"
    assert read(trial(tmp_path, name), name, "row_number") == ([(2,), (6,)], [(5, "impossible_quantity")])


def test_a_file_in_two_encodings_is_read_by_line_with_a_warning(tmp_path: Path) -> None:
    name = "e1_mixed_encoding.csv"
    source = trial(tmp_path, name)
    assert read(source, name, "departure_country_code")[0] == [("TR",), ("CW",)]
    report = pool.check("real", [Delivery(source, TRIALS / name, name, date(2026, 11, 20))])[0]
    assert report.warnings == (
        "The file is written in two encodings: line 2 is UTF-8, line 3 is not and was read as cp1252.",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("n3_sep_line.csv", "instruction to Excel"),
        ("n4_cover_sheet.xlsx", "The sheet read is 'Cover'; the workbook shows: 'Cover', 'Table 1'"),
        ("q1_inner_quote.csv", "row 2"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=words):
        read(trial(tmp_path, name), name, "drug")


def test_wide_tables_become_rows(tmp_path: Path) -> None:
    name = "n5_wide_years.xlsx"
    source = trial(
        tmp_path,
        name,
        'seizure_country = "Country"\ndrug = "Drug"',
        '[unpivot]\ncolumns = ["2022", "2023", "2024"]\nheader = "seized_on"\ncell = "seizures"',
    )
    assert read(source, name, "seized_year", "seizures", "seizures_high", "row_number") == (
        [(2022, 10, 10, 2), (2023, 12, 12, 2), (2024, 1, 4, 2)],
        [],
    )


def test_one_row_with_two_quantities_is_one_seizure(tmp_path: Path) -> None:
    name = "n6_two_quantities.csv"
    columns = 'record_id = "ID"\nseized_on = "Date"\nseizure_country = "Country"\ndeparture_country = "From"\n'
    parts = '[[part]]\ncolumns = {quantity = "Kg"}\nconstants = {unit = "kg"}\n[[part]]\ncolumns = {quantity = "Tablets"}\nconstants = {unit = "tablet"}'
    source = trial(tmp_path, name, columns + 'destination_country = "To"\ndrug = "Drug"', parts)
    accepted, _ = read(source, name, "record_id", "seizures", "quantity::double", "unit")
    assert sorted(accepted) == [
        ("A1", 1, 1.5, "kilogram"),
        ("A2", 1, 500, "tablet"),
        ("A3", 0, 300, "tablet"),
        ("A3", 1, 2, "kilogram"),
    ]


def test_year_month_and_day_may_stand_apart(tmp_path: Path) -> None:
    name = "n7_split_date.csv"
    columns = 'record_id = "ID"\nyear = "Year"\nmonth = "Month"\nday = "Day"\nseizure_country = "Country"\ndeparture_country = "From"\n'
    source = trial(
        tmp_path, name, columns + 'destination_country = "To"\ndrug = "Drug"\nquantity = "Qty"\nunit = "Unit"'
    )
    assert read(source, name, "seized_on::varchar", "date_precision") == ([("2024-03-15", "day")], [])


def test_rows_of_one_record_number_are_exhibits_of_one_seizure(tmp_path: Path) -> None:
    name = "k1_exhibits.csv"
    assert read(trial(tmp_path, name), name, "drug", "seizures", "quantity_kg::double")[0] == [
        ("MDMA", 1, 0.5),
        ("MDMA", 0, 0.0075),
        ("ketamine", 1, 0.03),
    ]


def test_kilograms_without_a_count_are_no_seizures(tmp_path: Path) -> None:
    name = "k2_kg_only.csv"
    columns = 'seized_on = "Year"\nseizure_place = "State"\nquantity = "MDMA_Kg"'
    constants = '[constants]\nseizure_country = "India"\ndrug = "MDMA"\nunit = "kg"'
    accepted, held = read(
        trial(tmp_path, name, columns, constants), name, "seizures", "seizures_high", "quantity_kg::double"
    )
    assert accepted == [(0, None, None), (0, None, 12.5), (0, None, None), (0, None, 3.0)]
    assert held == []


def test_a_period_is_the_month_that_is_certain_else_it_is_held(tmp_path: Path) -> None:
    name = "y5_periods.csv"
    accepted, held = read(trial(tmp_path, name), name, "record_id", "seized_on::varchar", "date_precision")
    assert accepted == [
        ("A0", "2024-01-10", "day"),
        ("A3", "2024-01-01", "month"),
        ("A5", "2024-01-01", "year"),
        ("A8", "2024-01-05", "day"),
        ("A10", "2024-01-01", "month"),
        ("A12", "2024-01-05", "day"),
    ]
    assert held[:2] == [(3, "no_certain_month"), (4, "no_certain_month")]


def test_an_interval_is_kept_as_one(tmp_path: Path) -> None:
    name = "y7_suppressed.csv"
    source = trial(tmp_path, name, '\nseizures = "N"')
    wanted = ("record_id", "seizures", "seizures_high", "quantity_kg_low::double", "quantity_kg_high::double")
    accepted, held = read(source, name, *wanted)
    assert accepted == [
        ("A0", 1, 4, 1, 1),
        ("A1", 1, 3, 1, 1),
        ("A2", 1, 1, 0, 0.1),
        ("A3", 1, 1, 1.5, 1.5),
        ("A7", 1, None, 1, 1),
        ("A13", 1, 1, 1000, 1000),
        ("A16", 1, 1, 5, 5),
    ]
    assert len(held) == 13


@pytest.mark.parametrize(
    ("cell", "of", "kg"),
    [
        ("1.5", {"decimal_mark": ","}, None),
        ("1,234", {}, None),
        ("1 234", {"decimal_mark": ","}, None),
        ("12.34", {"decimal_mark": ",", "thousands_mark": "."}, None),
        ("1.234,5", {"decimal_mark": ",", "thousands_mark": "."}, 1234.5),
        ("1\u202f234,5", {"decimal_mark": ",", "thousands_mark": " "}, 1234.5),
        ("inf", {}, None),
        ("1_000", {}, None),
        ("500 g", {}, None),
        ("1.5kg", {}, 1.5),
    ],
)
def test_a_mark_that_is_not_declared_does_not_pass(
    cell: str, of: dict[str, str], kg: float | None, tmp_path: Path
) -> None:
    path = tmp_path / "t_marks.csv"
    path.write_text(
        f"ID;Date;Country;From;To;Drug;Qty;Unit\n1;2024-01-10;NZ;NL;NZ;MDMA;{cell};kg\n2;2024-01-10;NZ;NL;NZ;MDMA;7;kg\n",
        encoding="utf-8",
    )
    accepted, held = read(trial(tmp_path, path.name, delimiter=";", **of), str(path), "quantity_kg::double")
    assert accepted == ([(kg,)] if kg else []) + [(7,)]
    assert held == ([] if kg else [(2, "impossible_quantity")])


def test_percent_and_error_cells_of_a_workbook_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ID", "Date", "Country", "From", "To", "Drug", "Qty", "Unit", "P"])
    for number, purity in enumerate((0.8, 0.125, 80), start=1):
        sheet.append([number, date(2024, 1, 10), "NZ", "NL", "NZ", "MDMA", 1, "kg", purity])
    sheet["I2"].number_format = "0%"
    sheet["I3"].number_format = "0.0%"
    sheet["D4"], sheet["D4"].data_type = "#N/A", "e"
    path = tmp_path / "t_percent.xlsx"
    book.save(path)
    accepted, _ = read(
        trial(tmp_path, path.name, '\npurity_pct = "P"'), str(path), "purity_pct::double", "departure_country_reported"
    )
    assert accepted == [(80, "NL"), (12.5, "NL"), (80, "#N/A")]


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2024-W06", "2024-02-01"),
        ("KW 6/2024", "2024-02-01"),
        ("week 5 2024", None),
        ("5.2.2024 bis 9.2.2024", "2024-02-01"),
        ("05.02.2024 – 05.03.2024", None),
        ("2024 Q1", None),
        ("2024-H1", None),
        ("5 February 2024", "2024-02-01"),
        ("Total 2024", None),
    ],
)
def test_periods_of_every_spelling(cell: str, month: str | None, tmp_path: Path) -> None:
    path = tmp_path / "t_periods.csv"
    path.write_text(
        f"ID;Date;Country;From;To;Drug;Qty;Unit\n1;{cell};NZ;NL;NZ;MDMA;1;kg\n2;01.05.2024;NZ;NL;NZ;MDMA;7;kg\n",
        encoding="utf-8",
    )
    source = trial(tmp_path, path.name, extra='[dates]\nday = ["%d.%m.%Y"]')
    accepted, held = read(source, str(path), "seized_month::varchar")
    assert accepted == ([(month,)] if month else []) + [("2024-05-01",)]
    assert len(held) == (0 if month else 1)


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("2024", 2024),
        ("FY2024", 2024),
        ("FY 24", 2024),
        ("FY24 YTD", 2024),
        ("2023/24", 2024),
        ("2023-2024", 2024),
        ("2023–24", 2024),
        ("FY2023/24", 2024),
        ("23/24", 2024),
        ("1 July 2023 to 30 June 2024", 2024),
        ("2026 (FYTD)", 2026),
        ("2020-2024", None),
        ("2019/2024", None),
        ("Total", None),
        ("FY'24", 2024),
        ("FY 2023-24", 2024),
        ("Financial year 2023-24", 2024),
        ("2023 to 2024", 2024),
        ("2023-24 (provisional)", 2024),
        ("99/00", 2000),
        ("2024*", 2024),
        ("Year ending June 2024", 2024),
        ("APR 2023 - MAR 2024", 2024),
        ("boekjaar 2024", 2024),
        ("Jan-Mar 2024", None),
        ("Jan-Mar 2023/24", None),
        ("first half 2024", None),
        ("before 2024", None),
        ("FY2024 Q1", None),
        ("FY 2024 (Oct-Dec)", None),
        ("2024-05", None),
        ("24", None),
    ],
)
def test_a_fiscal_year_is_read_in_every_common_spelling(words: str, year: int | None) -> None:
    with duckdb.connect() as con:
        ingest.lay(con)
        assert con.execute("select fiscal_year_end($words)", {"words": words}).fetchall() == [(year,)]


@pytest.mark.parametrize(
    ("basis", "years"),
    [
        ("", [(2, 2024), (4, 2024)]),
        ("au_fy", [(2, 2024), (3, 2024), (4, 2024)]),
    ],
)
def test_two_years_are_no_calendar_year_and_a_year_to_date_is_no_year(
    basis: str, years: list[tuple[int, int]], tmp_path: Path
) -> None:
    path = tmp_path / "t_years.csv"
    path.write_text(
        "Y,C,D,N\n2024,NZ,MDMA,3\n2023/24,NZ,MDMA,3\n2024 (p),NZ,MDMA,3\n2024 (YTD),NZ,MDMA,3\nJan-Mar 2024,NZ,MDMA,3\n"
    )
    columns = 'year = "Y"\nseizure_country = "C"\ndrug = "D"\nseizures = "N"'
    source = trial(tmp_path, path.name, columns, f'[dates]\nfiscal_basis = "{basis}"' if basis else "")
    accepted, held = read(source, str(path), "row_number", "seized_year")
    assert accepted == years
    assert sorted(row for row, _ in held) == sorted({2, 3, 4, 5, 6} - {row for row, _ in years})


def test_a_word_of_a_declaration_is_compared_with_single_spaces(tmp_path: Path) -> None:
    path = tmp_path / "t_spaces.csv"
    path.write_text(
        "ID,Date,Country,From,To,Drug,Qty,Unit\n1,2024-01-10,NZ,NL,NZ,party\u00a0 drug,1,kg\n", encoding="utf-8"
    )
    source = trial(tmp_path, path.name, extra='[values.drug]\n"Party  drug" = "MDMA"')
    assert read(source, str(path), "drug", "flags") == ([("MDMA", [])], [])


def test_countries_on_the_way_are_read_by_name(tmp_path: Path) -> None:
    path = tmp_path / "t_transit.csv"
    path.write_text(
        "ID;Date;Country;From;To;Drug;Qty;Unit;Via\n1;2024-01-10;NZ;NL;NZ;MDMA;1;kg;Germany, France\n"
        "2;2024-01-10;NZ;NL;NZ;MDMA;1;kg;DE | Blefuscu\n3;2024-01-10;NZ;NL;NZ;MDMA;1;kg;Korea, Republic of\n",
        encoding="utf-8",
    )
    accepted, _ = read(
        trial(tmp_path, path.name, '\ntransit_countries = "Via"', delimiter=";"),
        str(path),
        "transit_country_codes",
        "flags",
    )
    assert accepted == [(["DE", "FR"], []), (["DE"], ["unlisted_transit_countries"]), (["KR"], [])]
