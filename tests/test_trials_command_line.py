"""The small inputs that are easily misread, through the command line: what check says of them, and what add and build count."""

from __future__ import annotations

from pathlib import Path

import pytest

from postflow import cli, pool, sources
from tests.test_trials import TRIALS, trial

FISCAL = 'fiscal_year = "FY"\nmonth = "Month"\ndrug = "Drug"\nseizures = "N"\nquantity = "Qty"\nunit = "Unit"'
SPLIT = (
    'record_id = "ID"\nseized_on = "Date"\nseizure_country = "Country"\ndeparture_country = "From"\n'
    'destination_country = "To"\ndrug = "Drug"'
)
APART = (
    'record_id = "ID"\nyear = "Year"\nmonth = "Month"\nday = "Day"\nseizure_country = "Country"\n'
    'departure_country = "From"\ndestination_country = "To"\ndrug = "Drug"\nquantity = "Qty"\nunit = "Unit"'
)
PARTS = (
    '[[part]]\ncolumns = {quantity = "Kg"}\nconstants = {unit = "kg"}\n'
    '[[part]]\ncolumns = {quantity = "Tablets"}\nconstants = {unit = "tablet"}'
)
WIDE = '[unpivot]\ncolumns = ["2022", "2023", "2024"]\nheader = "seized_on"\ncell = "seizures"'
PURITY = '\npurity_pct = "P"\nitem_weight = "W"\nsuspects = "S"\narrests = "AR"'
US = '[constants]\nseizure_country = "United States"\n[dates]\nfiscal_basis = "us_fy"\n'
INDIA = '[constants]\nseizure_country = "India"\ndrug = "MDMA"\nunit = "kg"'
DUTCH = '[constants]\nseizure_country = "Netherlands"\nunit = "kg"'

TOLD: dict[str, tuple[str, str, dict[str, object], tuple[int, int, int], str]] = {
    "n1_xlsx_numbers_eu_marks.xlsx": ("", "", {"decimal_mark": ",", "thousands_mark": "."}, (8, 8, 0), ""),
    "n2_timestamp.parquet": ("", "", {}, (2, 2, 0), "2024-03 to 2024-03"),
    "x4_nbsp_thousands.csv": (
        "",
        "",
        {"delimiter": ";", "decimal_mark": ",", "thousands_mark": " "},
        (3, 3, 0),
        "",
    ),
    "x4b_swiss.csv": ("", "", {"delimiter": ";", "thousands_mark": "'"}, (2, 2, 0), ""),
    "y3_timezone.csv": ("", '[dates]\nday = ["%Y-%m-%dT%H:%M:%S%z"]', {}, (4, 4, 0), "2024-03 to 2024-12"),
    "y2_total_month.csv": (FISCAL, US, {}, (14, 4, 10), "row 3, row 'Total': rule “a row that adds up"),
    "x6_na_missing.csv": ("", "", {"missing": ["NA"]}, (4, 3, 1), "row 5, seized_on"),
    "z1_hidden_sheet.xlsx": ("", "", {}, (2, 2, 0), ""),
    "y8_purity.csv": (PURITY, "", {}, (5, 5, 0), ""),
    "x2_empty_headers.csv": ("", "", {}, (1, 1, 0), ""),
    "x2b_one_empty_header.csv": ("", "", {}, (1, 1, 0), ""),
    "z7_spacers.xlsx": ("", "", {}, (1, 1, 0), ""),
    "q3_trailing_blank.csv": ("", "", {}, (3, 1, 2), "look at: Row 6 is a note"),
    "q4_blank_line_numbers.csv": ("", "", {}, (3, 2, 1), "row 5, quantity 'bad'"),
    "z5b_total_rows.xlsx": (
        'seized_on = "Year"\ndrug = "Drug"\nseizures = "N"\nquantity = "Kg"',
        DUTCH,
        {},
        (6, 3, 3),
        "row 4, row 'Total",
    ),
    "e1_mixed_encoding.csv": ("", "", {}, (2, 2, 0), "line 2 is UTF-8, line 3 is not and was read as cp1252"),
    "n5_wide_years.xlsx": ('seizure_country = "Country"\ndrug = "Drug"', WIDE, {}, (3, 3, 0), ""),
    "n6_two_quantities.csv": (SPLIT, PARTS, {}, (4, 4, 0), ""),
    "n7_split_date.csv": (APART, "", {}, (1, 1, 0), "2024-03 to 2024-03"),
    "k1_exhibits.csv": ("", "", {}, (3, 3, 0), ""),
    "k2_kg_only.csv": ('seized_on = "Year"\nseizure_place = "State"\nquantity = "MDMA_Kg"', INDIA, {}, (4, 4, 0), ""),
    "y5_periods.csv": ("", "", {}, (13, 6, 7), "row 3, seized_on"),
    "y7_suppressed.csv": ('\nseizures = "N"', "", {}, (20, 7, 13), ""),
}
REFUSED = {
    "n3_sep_line.csv": "The first line is an instruction to Excel (sep=), not the header.",
    "n4_cover_sheet.xlsx": "The sheet read is 'Cover'; the workbook shows: 'Cover', 'Table 1'.",
    "q1_inner_quote.csv": "row 2",
}


@pytest.fixture(autouse=True)
def no_shipped_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    folder.mkdir()
    monkeypatch.setattr(sources, "FOLDER", folder)


def declared(folder: Path, name: str) -> Path:
    """The source.toml of a trial."""
    columns, extra, file, *_ = TOLD[name]
    source = trial(folder, name, columns, extra, **file)
    return folder / source.id / "source.toml"


@pytest.mark.parametrize("name", TOLD)
def test_check_says_what_becomes_of_each_row(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    *_, (rows, accepted, held), words = TOLD[name]
    assert cli.main(["check", str(declared(tmp_path, name)), str(TRIALS / name)]) == 0
    said = capsys.readouterr().err
    assert f"{name}: {rows} rows in = {accepted} accepted + {held} in quarantine" in said
    assert words in said


@pytest.mark.parametrize("name", REFUSED)
def test_check_refuses_what_is_no_such_table(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = trial(tmp_path, name)
    assert cli.main(["check", str(tmp_path / source.id / "source.toml"), str(TRIALS / name)]) == 1
    assert REFUSED[name] in capsys.readouterr().err


def test_add_and_build_count_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("n1_xlsx_numbers_eu_marks.xlsx", "k1_exhibits.csv", "n5_wide_years.xlsx", "y2_total_month.csv")
    for name in names:
        assert cli.main(["add", str(declared(tmp_path, name)), str(TRIALS / name)]) == 0
    assert cli.main(["build"]) == 0
    capsys.readouterr()
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        rows = con.execute(
            """select source_id, sum(seizures)::int, round(sum(quantity_kg), 4)::double from seizure
            group by source_id order by source_id"""
        ).fetchall()
    assert rows[:3] == [("k1", 2, 0.5375), ("n1", 8, 2489.859), ("n5", 23, None)]
    assert cli.main(["query", "data_room/deliveries", "--format", "csv"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in names)
