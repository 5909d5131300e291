"""What breaks between receiving a file and showing it: nothing is lost or changed in silence, and every message is a sentence."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from test_pool import HEAD, ROWS, delivery, only_demo, totals

from postflow import builds, cli, disk, home, pool, sources, tracking
from postflow.errors import PoolError, SourceError

__all__ = ["only_demo"]

pytestmark = pytest.mark.usefixtures("only_demo")
OTHER = '[file]\nformat = "csv"'


def add(path: Path, source: str = "demo_customs") -> int:
    return cli.main(["add", source, str(path)])


def in_use() -> tuple[int, float]:
    found = pool.current()
    assert found
    records, _, kg = totals(found)
    return int(str(records)), float(str(kg or 0))


def own_source(folder: Path, source_id: str, path: str = "") -> Path:
    """A source.toml of one's own, in a folder of its name."""
    text = (sources.FOLDER / "demo_customs" / "source.toml").read_text(encoding="utf-8")
    text = text.replace('id = "demo_customs"', f'id = "{source_id}"')
    if path:
        text = text.replace("[file]\n", f"[file]\npath = {json.dumps(path)}\n")
    target = folder / source_id / "source.toml"
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")
    return target


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Two sources with a file each: 1 and 2 records."""
    assert add(delivery(tmp_path / "one.csv", ROWS[0])) == 0
    assert add(delivery(tmp_path / "two.csv", ROWS[1], ROWS[3]), str(own_source(tmp_path / "own", "own_customs"))) == 0
    assert in_use()[0] == 3
    return [home.kept_path("real", receipt) for receipt in home.receipts("real")]


# ---------- add ----------


@pytest.mark.parametrize(
    "name", ["a" * 238 + ".csv", "é" * 119 + ".csv", "a" * 251 + ".csv", "a\nb\u2028.csv", "x.part"]
)
def test_a_file_of_any_name_is_kept_and_stays(name: str, tmp_path: Path) -> None:
    assert add(delivery(tmp_path / name, *ROWS[:2])) == 0
    assert pool.build()[0] == pool.current()
    assert in_use()[0] == 2
    assert len(home.receipts("real")) == 1


def test_a_folder_that_cannot_be_written_costs_nothing_and_publishes_nothing(
    tmp_path: Path, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(delivery(tmp_path / "one.csv", ROWS[0])) == 0
    blocked = own_home / "delivered" / "real" / "own_customs"
    blocked.write_text("in the way", encoding="utf-8")
    assert add(delivery(tmp_path / "two.csv", *ROWS), str(own_source(tmp_path / "own", "own_customs"))) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert in_use()[0] == 1
    assert not (own_home / "sources").exists()
    blocked.unlink()
    pool.build()
    assert in_use()[0] == 1


@pytest.mark.parametrize("step", ["begin", "keep"])
def test_what_fails_at_a_step_leaves_nothing(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert add(delivery(tmp_path / "one.csv", ROWS[0])) == 0
    before = pool.current()

    def full(*_: object, **__: object) -> None:
        raise PoolError("No space left.")

    with monkeypatch.context() as patch:
        patch.setattr(home, step, full)
        assert add(delivery(tmp_path / "two.csv", *ROWS)) == 1
    assert pool.current() == before
    assert pool.build()[0] == before


def test_a_refused_add_leaves_no_declaration_and_later_builds_go_on(tmp_path: Path, own_home: Path) -> None:
    (tmp_path / "bad.csv").write_text("NOT;THE;COLUMNS\n1;2;3\n", encoding="utf-8")
    assert add(tmp_path / "bad.csv", str(own_source(tmp_path / "own", "own_customs"))) == 1
    assert not (own_home / "sources" / "own_customs").exists()
    assert [path.name for path in (own_home / "delivered").rglob("*.csv")] == []
    assert add(delivery(tmp_path / "one.csv", ROWS[0])) == 0


@pytest.mark.parametrize(
    "path",
    ["../../secret.csv", "/etc/passwd", "C:\\x.csv", "C:x.csv", "\\\\host\\x.csv", "a/../../b.csv", "..\\b.csv", "\\x"],
)
def test_a_declaration_cannot_reach_outside_its_folder(path: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="inside the source's folder"):
        sources.load(own_source(tmp_path / "own", "own_customs", path))


def test_a_link_to_elsewhere_is_no_file_of_a_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared = own_source(tmp_path / "own", "own_customs", "inside.csv")
    (declared.parent / "inside.csv").symlink_to(delivery(tmp_path / "secret.csv", *ROWS))
    assert add(delivery(tmp_path / "one.csv", ROWS[0]), str(declared)) == 1
    assert "outside its folder" in capsys.readouterr().err


def test_a_file_beside_its_declaration_comes_with_it(tmp_path: Path) -> None:
    declared = own_source(tmp_path / "own", "own_customs", "inside.csv")
    delivery(declared.parent / "inside.csv", ROWS[0])
    assert add(delivery(tmp_path / "one.csv", ROWS[3]), str(declared)) == 0
    assert in_use()[0] == 2


# ---------- what was received ----------


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text(HEAD),
        lambda path: path.write_bytes(path.read_bytes()[:-5]),
    ],
)
def test_a_harmed_file_is_named_and_left_out_and_the_others_build(
    harm: Callable[[Path], object], two: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    whole = two[1].read_bytes()
    harm(two[1])
    assert cli.main(["status"]) == 0
    assert "two.csv" in capsys.readouterr().err
    assert cli.main(["build"]) == 0
    said = capsys.readouterr().err
    assert "LEFT OUT own_customs: two.csv: A received file is" in said
    assert "withdraw" in said
    assert in_use()[0] == 1
    assert cli.main(["query", "data_room/left_out", "--format", "csv"]) == 0
    assert "two.csv" in capsys.readouterr().out
    assert cli.main(["status"]) == 0
    assert "LEFT OUT own_customs" in capsys.readouterr().out
    two[1].write_bytes(whole)
    pool.build()
    assert in_use()[0] == 3


def test_a_file_is_withdrawn_and_does_not_come_back(two: list[Path]) -> None:
    assert cli.main(["withdraw", "own_customs", "two.csv"]) == 0
    assert in_use()[0] == 1
    assert not two[1].exists()
    assert cli.main(["withdraw", "own_customs", "two.csv"]) == 1
    pool.build()
    assert in_use()[0] == 1


@pytest.mark.parametrize(
    ("text", "with_journal"),
    [
        (None, True),
        ("", True),
        ("[]", True),
        ("[1]", True),
        ("doubled", True),
        ("", False),
        ("[]", False),
        (None, False),
    ],
)
def test_whatever_becomes_of_the_list_no_file_is_dropped(
    text: str | None, with_journal: bool, two: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(two) == 2
    listed = home.delivered_folder("real") / "received.json"
    if text is None:
        listed.unlink()
    else:
        listed.write_text(
            json.dumps(json.loads(listed.read_text()) * 2) if text == "doubled" else text, encoding="utf-8"
        )
    if not with_journal:
        (home.delivered_folder("real") / "journal.jsonl").unlink()
    capsys.readouterr()
    assert cli.main(["build"]) == 0
    assert "list" in capsys.readouterr().err
    assert in_use()[0] == 3
    assert len(json.loads(listed.read_text())) == 2
    capsys.readouterr()
    assert cli.main(["build"]) == 0
    assert "list" not in capsys.readouterr().err, "said once"


def test_a_file_that_nobody_received_is_named(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    delivery(two[0].parent / "stray.csv", *ROWS)
    assert cli.main(["build"]) == 0
    assert "stray.csv: A file lies among the added ones" in capsys.readouterr().err
    assert in_use()[0] == 3


@pytest.mark.parametrize("text", [None, "not toml [", "id = 1"])
def test_a_lost_declaration_costs_its_own_source_alone(
    text: str | None, two: list[Path], own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(two) == 2
    path = own_home / "sources" / "own_customs" / "source.toml"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    assert cli.main(["build"]) == 0
    assert "LEFT OUT own_customs: two.csv: Its source.toml" in capsys.readouterr().err
    assert in_use()[0] == 1


# ---------- builds ----------


@pytest.mark.parametrize("harm", ["cut", "garbled", "empty", "gone", "turned"])
def test_a_harmed_build_is_told_and_made_again(harm: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(delivery(tmp_path / "one.csv", *ROWS))
    found, before = pool.current(), in_use()
    assert found
    data = found.path.read_bytes()
    third = len(data) // 3
    harmed = {
        "cut": data[:third],
        "garbled": b"x" * len(data),
        "empty": b"",
        "turned": data[:third] + bytes(255 - byte for byte in data[third : third + 999]) + data[third + 999 :],
    }
    found.path.unlink() if harm == "gone" else found.path.write_bytes(harmed[harm])
    capsys.readouterr()
    cli.main(["status"])
    assert "build" in capsys.readouterr().err
    if harm != "turned":
        assert cli.main(["query", "charts/totals"]) == 1
        assert "python -m postflow build" in capsys.readouterr().err
    assert cli.main(["build"]) == 0
    assert in_use() == before
    assert builds.is_whole(found.path)


@pytest.mark.parametrize("text", ["", "[]", '{"file": 3}', '{"file": "../x", "build_id": "", "data_through": ""}'])
def test_a_harmed_pointer_opens_the_last_build_and_says_so(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(delivery(tmp_path / "one.csv", ROWS[0]))
    add(delivery(tmp_path / "two.csv", *ROWS))
    whole, before = pool.current(), in_use()
    (home.builds_folder() / "real.json").write_text(text, encoding="utf-8")
    found = pool.current()
    assert found
    assert whole
    assert found.path == whole.path
    assert "cannot be read" in found.amiss
    capsys.readouterr()
    assert cli.main(["query", "charts/totals"]) == 0
    assert "cannot be read" in capsys.readouterr().err
    pool.build()
    assert pool.current() == whole
    assert in_use() == before


# ---------- closed, and swept ----------


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists")
def test_what_is_stored_is_closed_to_others_also_what_was_open_before(tmp_path: Path, own_home: Path) -> None:
    old = os.umask(0)
    try:
        add(delivery(tmp_path / "one.csv", *ROWS))
        for path in own_home.rglob("*"):
            path.chmod(0o777 if path.is_dir() else 0o666)
        pool.build()
    finally:
        os.umask(old)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in own_home.rglob("*")}
    assert modes <= {0o700, 0o600}
    assert stat.S_IMODE(own_home.stat().st_mode) == 0o700


def test_on_windows_a_folder_gets_an_access_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERDOMAIN", "OFFICE")
    monkeypatch.setenv("USERNAME", "ann")
    called: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        called.append(command)
        return subprocess.CompletedProcess(command, 5, "", "Access is denied.")

    said = disk.close_on_windows(tmp_path, run)
    assert called[0][:3] == ["icacls", str(tmp_path), "/inheritance:r"]
    assert "OFFICE\\ann:(OI)(CI)F" in called[0]
    assert said == [f"The access list of {tmp_path} cannot be set: Access is denied."]


def test_a_key_that_others_may_read_or_that_is_empty_is_refused(own_home: Path) -> None:
    home.replace_text(own_home / tracking.KEY_FILE, "a key")
    assert tracking.key_of("real", own_home) == b"a key"
    (own_home / tracking.KEY_FILE).chmod(0o644)
    with pytest.raises(PoolError, match="chmod 600"):
        tracking.key_of("real", own_home)
    home.replace_text(own_home / tracking.KEY_FILE, " \n")
    with pytest.raises(PoolError, match="empty"):
        tracking.key_of("real", own_home)


def test_every_work_folder_is_made_by_disk_and_so_names_its_process() -> None:
    """One without a process in its name looks left behind, and a build beside it would sweep it while it is used."""
    makers = {
        path.name
        for path in (Path(disk.__file__).parent).glob("**/*.py")
        if "TemporaryDirectory(" in path.read_text(encoding="utf-8") or "mkdtemp(" in path.read_text(encoding="utf-8")
    }
    assert makers == {"disk.py"}


def test_what_killed_processes_left_is_swept_and_a_living_ones_is_not(own_home: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    folder = disk.private_folder(own_home / "builds")
    for name in ("work-abcdef", f"work-{gone.pid}-x", "work-1-x"):
        (folder / name).mkdir()
        (folder / name / "raw.csv").write_text("a row", encoding="utf-8")
    (folder / f".{gone.pid}-x.part").write_text("half", encoding="utf-8")
    pool.build()
    assert sorted(path.name for path in folder.glob("*work*")) == ["work-1-x"]
    assert list(folder.glob(".*.part")) == []
