"""Every example of docs/add-a-source.md builds, with the rows that it promises; the schema for editors is that of the code."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from pydantic import BaseModel

from postflow import pool, sources
from postflow.errors import DeliveryError, SourceError
from postflow.mapping import Delivery

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
FIRST = tomllib.loads(EXAMPLES[0])

Book = dict[str, list[list[object]]]


def declared(text: str) -> sources.Source:
    """The example, put into the first one: its sections take the place of those."""
    own = tomllib.loads(text)
    base: dict[str, Any] = {
        key: value for key, value in FIRST.items() if key not in ("values", "dates", "columns", "constants")
    }
    base["file"] = {"format": "csv"}
    base["id"] = "example"
    return sources.Source.model_validate(base | own)


def told(source: sources.Source, path: Path) -> list[tuple[object, ...]]:
    """seized_on, precision, drug, seizures, most, kilograms of the accepted rows; and the rules of those held."""
    published, _ = pool.add("real", [Delivery(source, path, path.name, date(2026, 11, 20))])
    assert published
    with pool.connect(published.path) as con:
        rows = con.execute(
            """select seized_on::varchar, date_precision, drug, seizures, seizures_high, quantity_kg::double
            from seizure where source_id = $id order by row_number, drug, unit, seized_on""",
            {"id": source.id},
        ).fetchall()
        held = con.execute(
            "select row_number, rule from quarantine where source_id = $id order by 1", {"id": source.id}
        )
        return rows + held.fetchall()


def written(folder: Path, content: str | Book, encoding: str = "utf-8") -> Path:
    if isinstance(content, str):
        path = folder / "delivered.csv"
        path.write_text(content, encoding=encoding)
        return path
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "delivered.xlsx"
    book.save(path)
    return path


@pytest.fixture(autouse=True)
def own_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "declared"
    folder.mkdir()
    monkeypatch.setattr(sources, "FOLDER", folder)
    kept = {}
    monkeypatch.setattr(pool, "every_source", lambda _: kept)
    real_add = pool.add

    def add(name: str, added: list[Delivery]) -> object:
        kept.update({item.source.id: item.source for item in added})
        return real_add(name, added)

    monkeypatch.setattr(pool, "add", add)


MONTHS: Book = {
    "2023": [
        ["Land", "Månad", "Ämne", "MDMA"],
        ["", "", "", "Antal"],
        ["SE", "3", "MDMA", 4],
        [None, "4", "MDMA", "NA"],
    ],
    "2024": [["Land", "Månad", "Ämne", "MDMA"], ["", "", "", "Antal"], ["SE", "3", "MDMA", 5]],
}
WIDE: Book = {
    "a": [["Year", "MDMA", None, "Ketamine", None], [None, "Number", "Kg", "Number", "Kg"], [2023, 10, 5, 4, 2.5]]
}

CASES: dict[str, tuple[int, str | Book, list[tuple[object, ...]]]] = {
    "the complete one": (
        0,
        "Ärende;Datum;Från;Till;Ämne;Mängd;Enhet;Namn;Adress\n1;05.03.2024;NL;SE;partydrog;1,5;kg;N;A\n",
        [("2024-03-05", "day", "MDMA", 1, 1, 1.5)],
    ),
    "sheets, two header rows, missing, filled down": (
        1,
        MONTHS,
        [
            ("2023-03-01", "month", "MDMA", 4, 4, None),
            ("2024-03-01", "month", "MDMA", 5, 5, None),
            ("2023-04-01", "month", "MDMA", 0, None, None),
        ],
    ),
    "year, month and day apart, months by name": (
        2,
        "År,Månad,Dag,Land,Ämne\n2024,oktober,5,SE,MDMA\n2024,März,6,SE,MDMA\n2024,listopad,6,SE,MDMA\n2024,2,30,SE,MDMA\n",
        [
            ("2024-10-05", "day", "MDMA", 1, 1, None),
            ("2024-03-06", "day", "MDMA", 1, 1, None),
            (4, "no_usable_date"),
            (5, "no_usable_date"),
        ],
    ),
    "fiscal years": (
        3,
        "FY,Month,Country,Drug,Count\nFY24,OCT,US,MDMA,3\n2023/24,9,US,MDMA,2\n2020-2024,9,US,MDMA,2\n2024,Q1,US,MDMA,9\n",
        [
            ("2023-10-01", "month", "MDMA", 3, 3, None),
            ("2024-09-01", "month", "MDMA", 2, 2, None),
            (4, "no_usable_date"),
            (5, "no_certain_month"),
        ],
    ),
    "from and to": (
        4,
        "From,To,Country,Drug\n2024-03-01,2024-03-31,SE,MDMA\n2024-03-30,2024-04-02,SE,MDMA\n",
        [("2024-03-01", "month", "MDMA", 1, 1, None), (3, "no_certain_month")],
    ),
    "units of weights": (
        5,
        'Nr,Datum,Land,Ämne,Bruttovikt\n1,2024-03-01,SE,MDMA,"1.500,5"\n',
        [("2024-03-01", "day", "MDMA", 1, 1, None)],
    ),
    "kilograms without a count": (
        6,
        "Month,Country,Drug,Kg\n2024-03,SE,MDMA,2.5\n",
        [("2024-03-01", "month", "MDMA", 0, None, 2.5)],
    ),
    "two quantities": (
        7,
        "ID,Date,Country,Drug,Kg,Tablets\n1,2024-03-01,SE,MDMA,2,400\n2,2024-03-01,SE,MDMA,,400\n",
        [
            ("2024-03-01", "day", "MDMA", 1, 1, 2.0),
            ("2024-03-01", "day", "MDMA", 0, 0, 0.1),
            ("2024-03-01", "day", "MDMA", 1, 1, 0.1),
        ],
    ),
    "as wide as its drugs": (
        8,
        WIDE,
        [("2023-01-01", "year", "MDMA", 10, 10, 5.0), ("2023-01-01", "year", "ketamine", 4, 4, 2.5)],
    ),
    "as wide as its years": (
        9,
        "Country,Drug,2022,2023,2024\nNL,MDMA,10,,<5\n",
        [("2022-01-01", "year", "MDMA", 10, 10, None), ("2024-01-01", "year", "MDMA", 1, 4, None)],
    ),
    "two drugs in a cell": (
        10,
        "ID,Date,Country,Drug\n1,2024-03-01,SE,MDMA + ketamine\n2,2024-03-01,SE,MDMA\n",
        [
            ("2024-03-01", "day", "MDMA", 1, 1, None),
            ("2024-03-01", "day", "ketamine", 1, 1, None),
            ("2024-03-01", "day", "MDMA", 1, 1, None),
        ],
    ),
    "rows that are none": (
        11,
        "Year,Country,Drug,Number,Status\n2023,SE,MDMA,3,\n2023,SE,ketamine,4,\n2023,SE,MDMA,9,Cancelled\n2023,SE,All kinds,7,\n",
        [
            ("2023-01-01", "year", "MDMA", 3, 3, None),
            ("2023-01-01", "year", "ketamine", 4, 4, None),
            (4, "a_row_left_out"),
            (5, "a_total"),
        ],
    ),
    "all the rest": (
        12,
        "id,seized,reported,country,office,from,town,via,to,made in,direction,transport,item,carrier,number,hidden in,place,drug,form,"
        "amount,unit,purity,found by,declared,ead,step,agency,controlled,tip from,series,opened,suspects,arrests,prosecuted,"
        "verdict on,verdict\n"
        "1,2024-03-05,2024-04-01,SE,Arlanda,NL,Tilburg,DE,NZ,NL,export,post,parcel,PostNord,,toy,sorting centre,MDMA,powder,"
        "1.5,kg,80,X-ray,toys,good,exit,customs,no,NL,s1,2024-03-06,2,1,2024-06-01,2024-09-01,convicted\n",
        [("2024-03-05", "day", "MDMA", 1, 1, 1.5)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_documented_example_builds_what_it_promises(case: str, tmp_path: Path) -> None:
    place, content, rows = CASES[case]
    source = declared(EXAMPLES[place]) if place else sources.Source.model_validate(FIRST)
    found = told(source, written(tmp_path, content, "cp1252" if not place else "utf-8"))
    assert sorted(map(str, found)) == sorted(map(str, rows))


def named(model: type[BaseModel]) -> set[str]:
    """Every key of a declaration with its section: ``file.sheet``."""
    found = set()
    for name, item in model.model_fields.items():
        found.add(name)
        kinds = [item.annotation, *get_args(item.annotation)]
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= {f"{name}.{key}" for key in kind.model_fields}
    return found


def written_keys(tables: dict[str, Any]) -> set[str]:
    found = set()
    for name, value in tables.items():
        found.add(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                found |= {f"{name}.{key}" for key in one}
    return found


def test_every_key_and_every_column_stands_in_an_example() -> None:
    examples = [tomllib.loads(text) for text in EXAMPLES]
    shown = {key for example in examples for key in written_keys(example)}
    assert named(sources.Source) - shown == set()
    columns = {
        name
        for example in examples
        for part in [example, *example.get("part", [])]
        for name in (
            *part.get("columns", {}),
            *part.get("constants", {}),
            *[example.get("unpivot", {}).get("cell", "")],
        )
    }
    assert set(sources.RECORD_COLUMNS) - columns == set()


def test_a_file_beyond_its_rows_or_years_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "ID,Date,Country,Drug\n1,2024-03-01,SE,MDMA\n2,2031-03-01,SE,MDMA\n3,2010-03-01,SE,MDMA\n")
    example = declared(EXAMPLES[10])
    for expect, words in (
        (sources.Expect(years=(2011, 2026)), "tells of 2010 to 2024; its source expects 2011 to 2026"),
        (sources.Expect(rows=(1, 2)), "has 3 rows; its source expects 1 to 2"),
    ):
        with pytest.raises(DeliveryError, match=words):
            told(example.model_copy(update={"expect": expect}), path)


def test_the_documented_reference_builds(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Country,Year,Drug,Kg\nSE,2023,MDMA,2.5\nSE,2024-13,MDMA,1\nSE,2023,Blaue,1\nTotal,2023,MDMA,5\nSE,2023,MDMA,-\nSE,2030,MDMA,1\n",
    )
    source = declared(EXAMPLES[13])
    published, reports = pool.add("real", [Delivery(source, path, path.name, date(2026, 11, 20))])
    assert published
    with pool.connect(published.path) as con:
        figures = con.execute(
            "select period_from::varchar, period_to::varchar, drug, value from figure order by row_number"
        )
        assert figures.fetchall() == [
            ("2023-01-01", "2023-12-31", "MDMA", 2.5),
            ("2023-01-01", "2023-12-31", "other", 1.0),
        ]
    assert [(row, rule) for row, rule, *_ in reports[0].held] == [
        (3, "no_usable_date"),
        (5, "a_total"),
        (6, "figure_without_value"),
        (7, "seized_after_delivery"),
    ]
    assert reports[0].unlisted == (("drug", "Blaue", 1),)


def test_every_example_is_tried() -> None:
    assert sorted([place for place, _, _ in CASES.values()] + [13]) == list(range(len(EXAMPLES)))


def test_a_total_that_is_not_the_sum_of_its_rows_is_refused(tmp_path: Path) -> None:
    text = "Year,Country,Drug,Number,Status\n2023,SE,MDMA,3,\n2023,SE,All kinds,7,\n2022,SE,MDMA,4,\n"
    with pytest.raises(DeliveryError, match=r"total says 7; the rows that it adds up come to 3.*row 3"):
        told(declared(EXAMPLES[11]), written(tmp_path, text))


def test_the_schema_for_editors_is_that_of_the_code() -> None:
    kept = (ROOT / "data" / "sources" / "source.schema.json").read_text(encoding="utf-8")
    assert json.loads(kept) == json.loads(json.dumps(sources.schema()))


def test_one_run_names_every_fault_of_a_declaration_and_what_may_be_meant(tmp_path: Path) -> None:
    folder = tmp_path / "faulty"
    folder.mkdir()
    text = EXAMPLES[0].replace('"xx_customs" ', '"faulty" ').replace('title = "Customs of X, postal seizures"\n', "")
    text = (
        text.replace('unit = "month"', 'units = "month"')
        .replace('"MDMA"', '"Ecstasy"')
        .replace('seizure_country = "SE"', 'seizure_contry = "SE"')
    )
    (folder / "source.toml").write_text(text.replace('tlp = "TLP:AMBER"', 'tlp = "AMBER"'), encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        sources.load(folder / "source.toml")
    said = str(refused.value)
    for fault in (
        "title",
        "TLP:AMBER",
        "is it 'unit'?",
        "'Ecstasy' is no canonical value; write 'MDMA'",
        "is it 'seizure_country'?",
    ):
        assert fault in said
