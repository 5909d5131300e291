"""Limits stand in one place, and a file or a variable changes them."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from postflow import cli, limits
from postflow.errors import PoolError
from postflow.limits import Limits

ROOT = Path(__file__).resolve().parent.parent


def test_what_nobody_changed_is_as_the_code_says() -> None:
    assert limits.current() == Limits()


def test_a_file_in_the_home_changes_a_limit_and_a_variable_goes_first(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_home.mkdir()
    (own_home / "limits.toml").write_text("memory_mb = 700\ncolumns = 20\n", encoding="utf-8")
    monkeypatch.setenv("POSTFLOW_LIMIT_MEMORY_MB", "900")
    assert limits.current() == Limits(memory_mb=900, columns=20)


WRONG = {
    "no such limit": ("memory = 3", "There is no such limit. (file {}, field memory)"),
    "zero": ("columns = 0", "A limit is a whole number above zero. (file {}, field columns, value '0')"),
    "half": ("seconds = 1.5", "field seconds, value '1.5'"),
    "a yes": ("seconds = true", "field seconds, value 'True'"),
    "text": ('seconds = "ten"', "field seconds, value 'ten'"),
    "a section": ("[seconds]\nmost = 3", "field seconds"),
    "no TOML": ("seconds", "The limits cannot be read"),
    "no text": ("\udc80", "The limits cannot be read"),
    "deep": ("a = " + "[" * 5_000, "The limits cannot be read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_limit_that_is_none_is_refused_in_words(case: str, own_home: Path) -> None:
    text, said = WRONG[case]
    own_home.mkdir()
    path = own_home / "limits.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(PoolError) as refused:
        limits.current()
    assert said.format(path) in str(refused.value)


@pytest.mark.parametrize("value", ["", "-1", "1e3", "a lot", "٣", "9" * 40])
def test_a_variable_that_is_no_number_is_refused_in_words(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTFLOW_LIMIT_SECONDS", value)
    with pytest.raises(PoolError, match="whole number above zero"):
        limits.current()


def test_a_small_file_gets_little_and_a_large_one_no_more_than_the_limit() -> None:
    assert Limits().memory_mb_of(0) == 400
    assert Limits().memory_mb_of(10_000_000) == 400 + 600
    assert Limits().memory_mb_of(10**12) == Limits().memory_mb
    assert Limits(memory_mb=100).memory_mb_of(0) == 100
    assert Limits().seconds_of(0) == 8
    assert Limits().seconds_of(10**12) == Limits().seconds


def test_every_limit_is_documented_with_its_value() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    for item in fields(Limits):
        assert f"| `{item.name}` | {item.default:,} |" in page


def test_the_server_takes_no_larger_file_than_the_limit() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] == Limits().upload_mb


def test_serve_tells_the_server_the_limit_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Server:
        def __init__(self, command: list[str], **_: object) -> None:
            started.append(command)

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None: ...

        def poll(self) -> int:
            return 0

        def wait(self) -> int:
            return 0

        def terminate(self) -> None: ...

    monkeypatch.setenv("POSTFLOW_LIMIT_UPLOAD_MB", "7")
    monkeypatch.setattr(cli.cli_exports, "in_use", lambda name: name)
    monkeypatch.setattr(cli.subprocess, "Popen", Server)
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    cli.main(["serve", "--port", "8600"])
    assert started[0][-4:] == ["--server.port", "8600", "--server.maxUploadSize", "7"]
