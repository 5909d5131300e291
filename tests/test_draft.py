"""A file that no source describes gets a first declaration: what each column is taken for, why, and what is left open."""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from postflow import cli, draft, glance, home, pool, reading, sources, trial
from postflow.draft import Said, marks
from postflow.errors import DeliveryError
from postflow.mapping import Delivery

TODAY = date(2026, 11, 25)
TRIALS = Path(__file__).parent / "data" / "trials"
ROOT = Path(__file__).resolve().parents[1]

SWEDISH = (
    "Ärende;Beslagsdatum;Avsändarland;Mottagarland;Försändelse;Ämne;Mängd (g);Gömställe;Namn\n"
    "K1-24;21.07.2024;Nederländerna;Sverige;Paket;Ecstasy;1015,8;Bok;Anna A\n"
    "K2-24;09.11.2024;Tyskland;Sverige;EMS;partydrog;59,7;Bok;Bo B\n"
    "K3-24;31.12.2024;Spanien;Sverige;Paket;Ketamin;1211,2;Bok;Cy C\n"
)


@pytest.fixture(autouse=True)
def no_shipped_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    folder.mkdir()
    monkeypatch.setattr(sources, "FOLDER", folder)


def written(folder: Path, name: str, content: str | dict[str, list[list[object]]], encoding: str = "utf-8") -> Path:
    path = folder / name
    if isinstance(content, str):
        path.write_bytes(content.encode(encoding))
        return path
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in content.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def drafted(path: Path, work: Path, said: Said | None = None) -> draft.Draft:
    work.mkdir(exist_ok=True)
    return draft.draft(glance.look(path, work), TODAY, said)


def told(path: Path, work: Path, said: Said | None = None) -> dict[str, Any]:
    """The declaration as somebody reads it who has only its text; it is one that the pool takes."""
    made = drafted(path, work, said)
    text = tomllib.loads(draft.toml(made))
    assert sources.Source.model_validate(text) == draft.source(made)
    return text


TWO_ROWS: dict[str, list[list[object]]] = {
    "Deckblatt": [["Bericht"], ["2024"]],
    "Tabelle": [
        ["Sicherstellungen je Land und Jahr"],
        [],
        ["Land", "Jahr", "MDMA", None, "Ketamin", None],
        [None, None, "Anzahl", "kg", "Anzahl", "kg"],
        ["Niederlande", 2023, 10, 1.5, 4, 0.25],
        ["Belgien", 2024, 7, 1.25, 3, 0.5],
    ],
}
CASES: dict[str, tuple[str, str | dict[str, list[list[object]]], dict[str, Any]]] = {
    "a Swedish list": (
        "beslag 2024-03.csv",
        SWEDISH,
        {
            "id": "beslag",
            "file": {"format": "csv", "delimiter": ";", "decimal_mark": ","},
            "dates": {"day": ["%d.%m.%Y"]},
            "columns": {
                "record_id": "Ärende",
                "seized_on": "Beslagsdatum",
                "departure_country": "Avsändarland",
                "destination_country": "Mottagarland",
                "channel_detail": "Försändelse",
                "drug": "Ämne",
                "quantity": "Mängd (g)",
                "hiding_place": "Gömställe",
                "ignored": ["Namn"],
            },
            "constants": {"unit": "g"},
        },
    ),
    "two header rows below a title, on the second sheet": (
        "zwei.xlsx",
        TWO_ROWS,
        {
            "file": {
                "format": "xlsx",
                "sheet": "Tabelle",
                "header_row": 3,
                "header_rows": 2,
                "decimal_mark": ".",
            },
            "columns": {"seizure_country": "Land", "year": "Jahr"},
            "part": [
                {
                    "columns": {"seizures": "MDMA | Anzahl", "quantity": "MDMA | kg"},
                    "constants": {"drug": "MDMA", "unit": "kg"},
                },
                {
                    "columns": {"seizures": "Ketamin | Anzahl", "quantity": "Ketamin | kg"},
                    "constants": {"drug": "ketamine", "unit": "kg"},
                },
            ],
        },
    ),
    "a table as wide as its years": (
        "wide.csv",
        "Country,Drug,2021,2022,2023,Total\nNew Zealand,MDMA,1,2,3,6\nAustralia,Ketamine,4,<5,..,9\n",
        {
            "file": {"format": "csv", "delimiter": ",", "decimal_mark": ".", "missing": [".."]},
            "columns": {"seizure_country": "Country", "drug": "Drug", "ignored": ["Total"]},
            "unpivot": {"columns": ["2021", "2022", "2023"], "header": "seized_on", "cell": "seizures"},
            "coverage": {"unit": "year"},
        },
    ),
    "sheets that are named for their years, months in French": (
        "feuilles.xlsx",
        {
            year: [["Pays de saisie", "Mois", "Produit", "Poids (g)"], ["France", "août", "Kétamine", 12.5]]
            for year in ("2023", "2024")
        },
        {
            "file": {"format": "xlsx", "sheet": ["2023", "2024"], "decimal_mark": "."},
            "dates": {"languages": ["fr"]},
            "columns": {
                "seizure_country": "Pays de saisie",
                "month": "Mois",
                "drug": "Produit",
                "quantity": "Poids (g)",
                "year": "(sheet)",
            },
            "constants": {"unit": "g"},
        },
    ),
    "fiscal years with two measures": (
        "fiscal.csv",
        "State,Drug,2021/22 Number,2021/22 Kg,2022/23 Number,2022/23 Kg\nNSW,MDMA,1,2.5,3,6\nVIC,Ketamine,4,3,6,15\n",
        {
            "columns": {"seizure_place": "State", "drug": "Drug"},
            "part": [
                {
                    "columns": {"seizures": "2021/22 Number", "quantity": "2021/22 Kg"},
                    "constants": {"fiscal_year": "2021/22", "unit": "kg"},
                },
                {
                    "columns": {"seizures": "2022/23 Number", "quantity": "2022/23 Kg"},
                    "constants": {"fiscal_year": "2022/23", "unit": "kg"},
                },
            ],
        },
    ),
    "a line for Excel, and two amounts of each row": (
        "two.csv",
        "sep=;\nRef;Date;Country;Drug;Kg;Tablets\n1;3 Mar 2024;NZ;MDMA;1.5;\n2;4 Mar 2024;NZ;MDMA;;500\n",
        {
            "file": {"format": "csv", "delimiter": ";", "header_row": 2, "decimal_mark": "."},
            "columns": {"record_id": "Ref", "seized_on": "Date", "seizure_country": "Country", "drug": "Drug"},
            "part": [
                {"columns": {"quantity": "Kg"}, "constants": {"unit": "kg"}},
                {"columns": {"quantity": "Tablets"}, "constants": {"unit": "tablets"}},
            ],
        },
    ),
    "American days, thousands with commas": (
        "us.csv",
        'Case ID,Seizure Date,From Country,Drug Type,Qty,Unit\nA1,03/14/2024,NL,MDMA,"1,234.5",grams\nA2,04/01/2024,DE,MDMA,12,g\n',
        {
            "file": {"format": "csv", "delimiter": ",", "decimal_mark": ".", "thousands_mark": ","},
            "dates": {"day": ["%m/%d/%Y"]},
            "columns": {
                "record_id": "Case ID",
                "seized_on": "Seizure Date",
                "departure_country": "From Country",
                "drug": "Drug Type",
                "quantity": "Qty",
                "unit": "Unit",
            },
        },
    ),
    "a count beside a unit is an amount; a day tells the year": (
        "antal.csv",
        "Dato;År;Land;Stof;Antal;Enhed\n05-13-2024;2024;Danmark;MDMA;500;g\n06-01-2024;2024;Danmark;Ketamin;2;kg\n",
        {
            "dates": {"day": ["%m-%d-%Y"]},
            "columns": {
                "seized_on": "Dato",
                "seizure_country": "Land",
                "drug": "Stof",
                "quantity": "Antal",
                "unit": "Enhed",
                "ignored": ["År"],
            },
        },
    ),
    "columns without a telling name": (
        "unnamed.csv",
        "A,B,C,D\n2024-01-05,MDMA,RR123456785NL,x y\n2024-02-05,ketamine,RR000000014NL,z\n",
        {"columns": {"seized_on": "A", "drug": "B", "tracking_number": "C", "ignored": ["D"]}},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_tells_its_form_and_its_columns(case: str, tmp_path: Path) -> None:
    name, content, wanted = CASES[case]
    path = written(tmp_path, name, content, "cp1252" if isinstance(content, str) else "")
    found = told(path, tmp_path / "work")
    assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("path", sorted(TRIALS.glob("*.*")), ids=lambda path: path.name)
def test_every_small_file_gets_a_declaration(path: Path, tmp_path: Path) -> None:
    assert told(path, tmp_path / "work")["columns"]


def test_what_nobody_has_said_is_strict_and_asked(tmp_path: Path) -> None:
    made = drafted(written(tmp_path, "a.csv", SWEDISH), tmp_path / "work")
    found = draft.source(made)
    assert (found.licence.id, found.licence.redistribute, found.handling.tlp) == (
        "not-stated",
        False,
        "TLP:AMBER+STRICT",
    )
    assert {question.about for question in made.questions} == {
        "seizure_country",
        "supersedes",
        "contributor",
        "country",
        "licence",
        "tlp",
    }
    said = drafted(
        written(tmp_path, "a.csv", SWEDISH),
        tmp_path / "work",
        Said(
            contributor="Tullverket",
            country="SE",
            licence="permission",
            tlp="TLP:GREEN",
            seizure_country="SE",
            supersedes="month",
        ),
    )
    assert said.questions == ()
    assert draft.source(said).constants == {"unit": "g", "seizure_country": "SE"}


@pytest.mark.parametrize(
    ("cells", "delimiter", "decimal", "thousands", "is_open"),
    [
        (["1.234,5", "2"], ";", ",", ".", False),
        (["1,234.5"], ",", ".", ",", False),
        (["1 234,5", "7"], ";", ",", " ", False),
        (["1'234.50"], ";", ".", "'", False),
        (["12,5"], ",", ",", "", False),
        (["0,125"], ";", ",", "", False),
        (["1.234.567"], ",", ",", ".", False),
        (["1.250", "500"], ",", ".", "", True),
        (["1,250", "500"], ";", ",", "", True),
        (["1.250", "500"], ";", ",", ".", True),
        (["12,5", "12.5"], ";", ".", "", True),
        (["12", "13"], ";", ",", "", False),
        (["1.5 kg", "<0.5"], ",", ".", "", False),
    ],
)
def test_marks_are_told_by_the_numbers_or_asked(
    cells: list[str], delimiter: str, decimal: str, thousands: str, is_open: bool
) -> None:
    found = marks.marks(cells, delimiter, is_workbook=False)
    assert (found.decimal, found.thousands, bool(found.open)) == (decimal, thousands, is_open)


@pytest.mark.parametrize(
    ("cells", "forms", "is_open"),
    [
        (["31.12.2024", "1.2.2024"], ("%d.%m.%Y",), False),
        (["12/31/2024", "1/2/2024"], ("%m/%d/%Y",), False),
        (["1/2/2024", "3/4/2024"], ("%d/%m/%Y",), True),
        (["13/2/2024", "3/14/2024"], ("%d/%m/%Y",), True),
        (["2024-01-05 13:15:00+01:00"], (), False),
        (["20240105"], ("%Y%m%d",), False),
        (["5 March 2024"], (), False),
    ],
)
def test_the_order_of_a_date_is_told_by_the_days_or_asked(
    cells: list[str], forms: tuple[str, ...], is_open: bool
) -> None:
    found = marks.dates(cells)
    assert (found.day, bool(found.open)) == (forms, is_open)


def test_months_name_their_language() -> None:
    assert marks.dates(["5. mai 2024", "3. märts 2024"]).languages == ("et",)
    assert marks.dates(["5 Mar 2024"]).languages == ()


def test_what_a_person_says_goes_first(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "Ref,Day,Land A,What\n1,1/2/2024,Germany,MDMA\n2,3/4/2024,France,MDMA\n")
    open_one = drafted(path, tmp_path / "work")
    assert [column.field for column in open_one.columns] == ["record_id", "day", "ignored", "drug"]
    assert any("holds countries" in question.words for question in open_one.questions)
    found = told(
        path, tmp_path / "work", Said(fields={"Land A": "departure_country", "Day": "seized_on"}, day="%m/%d/%Y")
    )
    assert found["columns"] == {
        "record_id": "Ref",
        "seized_on": "Day",
        "departure_country": "Land A",
        "drug": "What",
    }
    assert found["dates"] == {"day": ["%m/%d/%Y"]}


def test_a_file_is_looked_at_by_a_process_of_its_own_and_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    path = written(tmp_path, "zwei.xlsx", TWO_ROWS)
    assert reading.look(path, tmp_path / "work") == glance.look(path, tmp_path / "work")
    with pytest.raises(DeliveryError, match="no table"):
        reading.look(written(tmp_path, "a.csv", "one line\n"), tmp_path / "work")
    with pytest.raises(DeliveryError, match="no such file"):
        reading.look(tmp_path / "none.csv", tmp_path / "work")


def test_the_command_line_writes_what_check_and_add_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, "beslag 2024.csv", SWEDISH, "cp1252")
    order = ["draft", str(path), "--out", "new", "--country", "se", "--contributor", "Tullverket"]
    assert cli.main(order) == 0
    out, err = capsys.readouterr()
    made = Path("new") / "beslag" / "source.toml"
    assert out.strip() == str(made)
    assert "Ärende: record_id, as its name says so" in err
    assert "3 rows = 3 accepted + 0 held" in err
    assert "not known: drug 'partydrog', 1 row" in err
    assert "Anna" not in err + made.read_text(encoding="utf-8")
    assert cli.main(order) == 1
    assert "There is a declaration already" in capsys.readouterr().err
    assert not home.folder().joinpath("sources").exists()
    assert cli.main(["check", str(made), str(path)]) == 0
    assert cli.main(["add", str(made), str(path)]) == 0
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        rows = con.execute(
            "select drug, departure_country_code, quantity_kg::double from seizure order by 2"
        ).fetchall()
    assert rows == [("other", "DE", 0.0597), ("ketamine", "ES", 1.2112), ("MDMA", "NL", 1.0158)]
    capsys.readouterr()
    following = written(tmp_path, "april.csv", SWEDISH.replace("K", "L").replace("2024", "2025"), "cp1252")
    assert cli.main(["draft", str(following), "--out", "new"]) == 0
    assert "has the form of beslag" in capsys.readouterr().err


def test_a_trial_says_what_would_happen_and_keeps_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", SWEDISH + "K4-24;31.13.2024;Spanien;Sverige;Paket;Ketamin;1;Bok;D\n")
    made = drafted(path, tmp_path / "work", Said(country="SE"))
    found = trial.look("real", Delivery(draft.source(made), path, path.name, TODAY))
    assert (found.report.rows_in, found.report.rows_accepted, found.report.rows_quarantined) == (4, 3, 1)
    assert found.held[["rule", "field", "rows", "first_row", "first_value"]].to_dict("records") == [
        {"rule": "no_usable_date", "field": "seized_on", "rows": 1, "first_row": 5, "first_value": "31.13.2024"}
    ]
    assert ("drug", "partydrog", 1) in [(word.field, word.word, word.rows) for word in found.words]
    read = {(row["field"], row["delivered"]): row["read"] for row in found.as_read.to_dict("records")}
    assert read["departure_country", "Nederländerna"] == "NL"
    assert read["seized_on", "21.07.2024"] == "2024-07-21"
    assert read["seized_on", "31.13.2024"] == "not read"
    assert read["quantity", "1015,8 g"] == "1.0158 kg"
    assert [
        (str(row["seized_month"])[:7], row["drug"], row["seizures"]) for row in found.months.to_dict("records")
    ] == [
        ("2024-07", "MDMA", 1),
        ("2024-11", "other", 1),
        ("2024-12", "ketamine", 1),
    ]
    assert not home.folder().exists() or not any(home.folder().rglob("*.csv"))


def test_a_trial_compares_with_the_newest_build(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", SWEDISH)
    source = draft.source(drafted(path, tmp_path / "work", Said(country="SE")))
    first = Delivery(source, path, path.name, TODAY)
    before = trial.changes("real", first)
    assert before["seizures_before"].sum() == 0 and before["seizures_after"].sum() == 3
    pool.add("real", [first], declared={source.id: draft.toml(drafted(path, tmp_path / "work", Said(country="SE")))})
    newest = pool.current()
    again = written(
        tmp_path, "b.csv", SWEDISH.replace("59,7", "60,7") + "K9-25;05.01.2025;Spanien;Sverige;Paket;MDMA;1;Bok;D\n"
    )
    second = trial.changes("real", Delivery(source, again, again.name, TODAY))
    assert [
        (row["drug"], row["departure_country_code"], row["seizures_before"], row["seizures_after"])
        for row in second.to_dict("records")
    ] == [("MDMA", "ES", 0, 1), ("other", "DE", 1, 1)]
    assert pool.current() == newest


def test_a_header_word_means_one_field() -> None:
    with (ROOT / "data" / "reference" / "headers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = [row["word"].lower() for row in rows]
    assert len(set(words)) == len(words)
    assert {row["field"] for row in rows} == {*sources.RECORD_COLUMNS, "ignored"} - {"seized_until"}
