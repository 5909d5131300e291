"""`query` as a file passes the gate of the page: licences, marks, the synthetic label, small numbers, the caption."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from postflow import cli, home, redraw, sources
from postflow.exports.gate import gate, may_leave
from postflow.figure import Figure
from tests.test_exports_cases import CAPTION, VIEW
from tests.test_pool import DEMO, HEAD, ROWS

CLOSED = "Shut customs, rows that may not be passed on"


def declare(folder: Path, source_id: str, title: str, tlp: str, is_open: bool) -> None:
    text = (DEMO / "source.toml").read_text(encoding="utf-8")
    text = text.replace('path = "seizures.csv"\n', "").replace("rows = [14, 14]\n", "")
    text = text.replace('id = "demo_customs"', f'id = "{source_id}"').replace("TLP:GREEN", tlp)
    text = text.replace("redistribute = true", f"redistribute = {str(is_open).lower()}")
    text = "\n".join(f'title = "{title}"' if line.startswith("title = ") else line for line in text.splitlines())
    (folder / source_id).mkdir(parents=True)
    (folder / source_id / "source.toml").write_text(text, encoding="utf-8")


def add(folder: Path, source_id: str, *rows: str) -> None:
    path = folder / f"{source_id}.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    assert cli.main(["add", source_id, str(path)]) == 0


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An open source of two records; a closed one of two that are equal; a closed one with a row in quarantine."""
    folder = tmp_path_factory.mktemp("leaves")
    declare(folder / "declared", "open_customs", "Open customs", "TLP:CLEAR", True)
    declare(folder / "declared", "shut_customs", CLOSED, "TLP:AMBER", False)
    declare(folder / "declared", "held_customs", "Held customs", "TLP:RED", False)
    unnumbered = ROWS[0].replace("A1;", ";").replace("500", "777,25")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTFLOW_HOME", str(folder / "home"))
        patch.setattr(sources, "FOLDER", folder / "declared")
        add(folder, "open_customs", *ROWS[:2])
        add(folder, "shut_customs", unnumbered, unnumbered)
        add(folder, "held_customs", ROWS[3], ROWS[0].replace("500", "-31337"))
    return folder / "home", folder / "declared"


@pytest.fixture(autouse=True)
def pooled(made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(made[0]))
    monkeypatch.setattr(sources, "FOLDER", made[1])


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    assert cli.main(["query", *words]) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("name", ["records/seizures", "records/largest", "data_room/possible_duplicates"])
def test_single_records_of_a_closed_source_do_not_leave(
    form: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = told(capsys, name, "--format", form)
    assert "shut_customs" not in out
    assert "777,25" not in out
    assert "come from sources whose licence does not let single records be passed on" in err
    assert ("open_customs" in out) == name.startswith("records/")
    shown, _ = told(capsys, name)
    assert "777,25" in shown, "on the screen they are"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_row_in_quarantine_is_held_to_its_licence_and_mark(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, "data_room/quarantine", "--format", form)
    assert "31337" not in out
    assert "Handling: TLP:RED" in err


def test_rows_of_a_source_that_nothing_is_counted_of_still_have_its_licence() -> None:
    columns = ["source_id", "title", "may_redistribute", "tlp", "europol_handling", "is_synthetic", "seizures"]
    counted = pd.DataFrame([("a", "A", True, "TLP:CLEAR", "", False, 4)], columns=columns)
    every = pd.DataFrame([("a", "A", True, "TLP:CLEAR", ""), ("b", "B", False, "TLP:RED", "")], columns=columns[:5])
    figure = Figure("q", "q", "q", CAPTION, pd.DataFrame({"source_id": ["a", "b"], "raw_row": ["x", "y"]}))
    behind = redraw.sources(figure, lambda name, **_: counted if name == "charts/sources" else every, VIEW)
    assert behind["source_id"].tolist() == ["a", "b"]
    assert may_leave(figure.rows, behind)[0]["raw_row"].tolist() == ["x"]
    assert gate(figure, VIEW, "csv", sources=behind).mark == "TLP:RED"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_caption_and_the_strictest_mark_come_with_the_rows(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, "charts/totals", "--format", form)
    assert "5" in out
    assert err.startswith("5 seizures.")
    assert "Filters: any drug" in err
    assert f"Source: Open customs; {CLOSED}; Held customs · Data to" in err
    assert "Handling: TLP:RED." in err
    _, err = told(capsys, "charts/totals", "--format", form, "--source", "open_customs")
    assert "Handling: TLP:CLEAR." in err
    assert CLOSED not in err


def test_rows_on_standard_output_stay_bare_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = told(capsys, "charts/totals", "--format", "csv")
    assert pd.read_csv(io.StringIO(out)).seizures.tolist() == [5]
    out, _ = told(capsys, "charts/totals", "--format", "json")
    assert json.loads(out)[0]["seizures"] == 5


def test_a_file_holds_its_caption_and_mark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("csv", "json", "xlsx"):
        out, err = told(capsys, "records/seizures", "--out", str(tmp_path / f"rows.{form}"))
        assert out == ""
        assert f"rows.{form}: 2 rows, marked TLP:RED." in err
    text = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    assert "# Handling: TLP:RED." in text
    assert "# Totals only: 3 records (3 seizures)" in text
    assert "777,25" not in text
    whole = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert whole["mark"] == "TLP:RED"
    assert whole["caption"][-1].startswith("Handling: TLP:RED.")
    assert [row["source_id"] for row in whole["rows"]] == ["open_customs"] * 2
    about = openpyxl.load_workbook(tmp_path / "rows.xlsx")["About"]
    assert ("Handling mark", "TLP:RED") in [(row[0].value, row[1].value) for row in about.iter_rows()]


def test_a_form_that_no_file_has_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["query", "charts/totals", "--out", str(tmp_path / "x.xls")]) == 1
    assert "End the name in .csv, .json, .xlsx or .parquet." in capsys.readouterr().err
    assert not list(tmp_path.glob("x*.xls"))
    assert cli.main(["query", "charts/totals", "--out", str(tmp_path / "none" / "x.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_invented_rows_say_so(exercise_pool: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSTFLOW_HOME", str(exercise_pool.path.parent.parent))  # type: ignore[attr-defined]
    for form in ("csv", "json"):
        path = tmp_path / f"rows.{form}"
        assert cli.main(["--pool", "exercise", "query", "charts/totals", "--out", str(path)]) == 0
        assert "SYNTHETIC: invented rows, exercise pool." in path.read_text(encoding="utf-8-sig")


def test_what_is_sensitive_leaves_moved_and_what_tells_of_single_seizures_not_at_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, _ = told(capsys, "charts/contents_by_form", "--format", "json")
    assert not any(row["seizures"] in (1, 2) for row in json.loads(out))
    out, _ = told(capsys, "charts/follow_up", "--format", "json")
    later = [row["seizures"] for row in json.loads(out) if row["step"] != "seized"]
    assert len(later) >= 4 and set(later) == {None}, "years of fewer than ten are not split"
    assert cli.main(["query", "ui/review", "--format", "csv"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "can be asked" in captured.err


def test_rows_are_utf_8_on_any_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "postflow", "query", "data_room/sources", "--format", "json"],
        env={"POSTFLOW_HOME": str(home.folder()), "PYTHONIOENCODING": "ascii", "PATH": ""},
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert "Customs" in done.stdout.decode("utf-8")
