"""What is typed: a wrong word names the near one, and no word whatever ends in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from postflow import cli
from postflow.errors import nearest

MISTYPED = {
    "query charts/corridors --destinaton NZ": (2, "no option --destinaton. Is it --destination"),
    "query charts/corridors --destinaton=NZ": (2, "no option --destinaton. Is it --destination"),
    "add demo_customs x.csv --pol real": (2, "no option --pol. Is it --pool"),
    "exercise --zzzzzzzz": (2, "no option --zzzzzzzz. See --help."),
    "buidl": (2, "Is it build?"),
    "build again": (2, "one word too many: again"),
    "--pool reel build": (2, "Is it real?"),
    "query charts/totals --format cvs": (2, "Is it csv?"),
    "query charts/totals --period yaer": (2, "Is it year?"),
    "query charts/coridors": (1, "Is it charts/corridors"),
    "query charts/totals --drug ketamyne": (1, "Is it ketamine"),
    "query charts/totals --departure Netherlnds": (1, "Is it netherlands"),
    "query charts/totals --departure benelx": (1, "Is it benelux"),
    "query charts/totals --channel pots": (1, "Is it post"),
    "query charts/totals --side exprot": (1, "Is it export"),
    "query charts/totals --source us_cbp_dru": (1, "value 'us_cbp_dru'"),
    "query charts/totals --drug ,": (1, "A filter needs a value."),
    "query charts/totals --from 2021 --to 2020": (1, "Write --from 2020 --to 2021"),
    "query charts/totals --from 2020-02 --to 2020-01": (1, "The period ends before it starts."),
    "query charts/seizures_by_period --param perod=year": (1, "Is it period?"),
    "query charts/seizures_by_period --param period=yaer": (1, "Is it year?"),
    "query charts/seizures_by_period --param period": (1, "Write it as --param NAME=VALUE."),
    "query charts/seizures_by_period --param scope=1": (1, "The filters are no parameter."),
    "query charts/tablets_by_period --param dimension=chanel": (1, "Is it channel?"),
    "query charts/reference_figures --param reporters=Atlantis": (1, "Not a country or group."),
    "query charts/reference_figures --param drugs=ketamyne": (1, "Is it ketamine"),
    "query records/seizures --param row_limit=-1": (1, "Not a whole number."),
    "query records/seizures --param row_limit=²": (1, "Not a whole number."),
    "query records/seizures --param row_offset=99999999999999999999": (1, "Not a whole number."),
    "query mapping/accepted": (1, "works on a file while it is read"),
    "query ../../etc/passwd": (1, "There is no such query."),
    "exercise --scale nan": (2, "A scale is a number above 0"),
    "exercise --scale -1": (2, "A scale is a number above 0"),
    "exercise --scale 1e300": (2, "A scale is a number above 0"),
    "exercise --seed -1": (2, "A seed is a whole number"),
    "exercise --seed 99999999999999999999": (2, "A seed is a whole number"),
    "serve --port 70000": (2, "A port is a whole number"),
    "serve --port http": (2, "A port is a whole number"),
    "sources_": (2, "Is it sources?"),
}


@pytest.mark.parametrize("words", MISTYPED)
def test_a_wrong_word_is_answered_with_the_near_one(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, said = MISTYPED[words]
    try:
        code = cli.main(words.split())
    except SystemExit as ended:
        code = ended.code
    captured = capsys.readouterr()
    assert code == wanted
    assert captured.out == ""
    assert said in captured.err


@pytest.mark.parametrize(
    "words",
    [
        ["query", "a" * 5000],
        ["query", "charts/\0"],
        ["query", "charts/totals", "--drug", "\0"],
        ["query", "charts/totals", "--from", "٢٠٢٠-١٩"],
        ["query", "charts/totals", "--departure", "\udcff\ud800"],
        ["query", "charts/totals", "--out", "\0.csv"],
        ["add", "\0", "x"],
        ["add", "a" * 5000, "x"],
        ["add", "a" * 5000 + "/source.toml", "x"],
        ["add", "demo_customs", "a" * 5000],
        ["withdraw", "\0", "\udcff"],
        ["brief", "--link", "?drug=\0&from=" + "x" * 100_000],
        ["deck", "\0", "--out", "x.pptx"],
        ["deck", "a" * 5000, "--out", "x.pptx"],
        ["deck", ".", "--out", "x.pptx"],
    ],
)
def test_words_that_no_file_or_filter_can_have_are_refused_in_words(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 1
    assert capsys.readouterr().err.startswith("postflow: ")


def test_a_port_of_the_environment_stops_no_other_verb(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "none")
    assert cli.main(["queries"]) == 0
    assert "charts/corridors" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["serve"])
    assert "A port is a whole number" in capsys.readouterr().err


def test_a_name_that_is_like_nothing_gets_the_list() -> None:
    assert nearest("Qqqqqq", ["drug", "channel"], "There are: drug, channel.") == "There are: drug, channel."
    assert nearest("KETAMIN", ["ketamine"]) == "Is it ketamine?"
    assert nearest("x" * 10_000_000, ["y" * 80]) == ""


def test_a_folder_is_no_delivery(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["add", "us_cbp_drugs", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("postflow: ")
