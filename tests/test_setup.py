"""What a fresh clone promises: locks in step, no registry named, a quiet and local server, the files that it serves."""

from __future__ import annotations

import ast
import csv
import hashlib
import importlib
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
FROM_OTHERS = {"choreographer": "kaleido", "starlette": "streamlit", "uvicorn": "streamlit", "packaging": "pytest"}
"""Imported package → the listed package that it is a part of in practice."""


def listed(name: str) -> dict[str, SpecifierSet]:
    """Package → bounds, as a requirements file lists it."""
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-r ")]
    return {requirement.name: requirement.specifier for requirement in found}


def locked(name: str) -> list[tuple[str, str, str]]:
    """(package, version, the rest of the entry) of a lock; a package stands twice where versions differ by Python."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9-]+)==(\S+)(.*?)(?=^[a-z]|\Z)", text, re.MULTILINE | re.DOTALL)


def script(name: str) -> ModuleType:
    """One of the scripts as a module."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "scripts"))


def tracked() -> list[Path]:
    """The files in git; outside a clone there is nothing to hold."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone")
    out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in out.split("\0") if name and (path := ROOT / name).is_file()]


def options(settings: dict[str, object], above: str = "") -> set[str]:
    """Dotted names of every setting."""
    found = set()
    for name, value in settings.items():
        found |= options(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}"}
    return found


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_a_lock_holds_what_is_listed_within_its_bounds(name: str) -> None:
    wanted, pins = listed(f"{name}.txt"), locked(f"{name}.lock")
    asked_for = {package for package, _, rest in pins if f"-r {name}.txt" in rest}
    assert asked_for == set(wanted)
    for package, version, _ in pins:
        assert wanted.get(package, SpecifierSet()).contains(version), f"{package} {version}: run `make lock`"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_hashes_and_no_address(name: str) -> None:
    assert all("--hash=sha256:" in rest for _, _, rest in locked(name))
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_the_development_lock_has_the_versions_that_run() -> None:
    runtime = {(package, version) for package, version, _ in locked("requirements.lock")}
    assert runtime <= {(package, version) for package, version, _ in locked("requirements-dev.lock")}


def test_every_package_has_an_upper_bound() -> None:
    for name, bounds in (listed("requirements.txt") | listed("requirements-dev.txt")).items():
        assert {bound.operator for bound in bounds} <= {"~=", "=="} and len(bounds) == 1, name


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (("app.py", "pages", "postflow"), ("requirements.txt",)),
        (("tests", "scripts", "bench"), ("requirements.txt", "requirements-dev.txt")),
    ],
    ids=["program", "development"],
)
def test_what_is_imported_is_listed(folders: tuple[str, ...], files: tuple[str, ...]) -> None:
    """What a package happens to bring along today may be gone tomorrow."""
    owners = metadata.packages_distributions()
    wanted = {name.lower() for file in files for name in listed(file)}
    paths = [path for folder in folders for path in [ROOT / folder, *(ROOT / folder).rglob("*.py")] if path.is_file()]
    own = {path.stem for path in paths} | {"postflow", "bench", "scripts", "tests"}
    missing = {}
    for path in paths:
        for name in third_party(path) - own:
            package = FROM_OTHERS.get(name) or next(iter(owners.get(name, [name])))
            if package.lower().replace("_", "-") not in wanted:
                missing[name] = path.relative_to(ROOT).as_posix()
    assert not missing, "imported, but not listed in requirements"


def third_party(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.split(".")[0] for name in found} - sys.stdlib_module_names


def test_no_tracked_file_names_a_registry_host() -> None:
    hosts = [
        name.replace(" ", ".") for name in ("pypi org", "pythonhosted org", "npmjs org", "npmjs com", "deb debian org")
    ]
    for path in tracked():
        content = path.read_bytes().lower()
        assert not [host for host in hosts if host.encode() in content], path.relative_to(ROOT)


def test_nothing_of_this_machine_is_tracked() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in tracked()}
    assert not {
        name
        for name in names
        if name.startswith((".venv/", "data/pool/")) or name.endswith((".pyc", ".duckdb", ".wal"))
    }


def test_the_server_is_local_and_quiet() -> None:
    server, client = CONFIG["server"], CONFIG["client"]
    assert server["address"] == "127.0.0.1"
    assert set(server["allowedHosts"]) == {"127.0.0.1", "localhost"}
    assert server["headless"] and server["enableStaticServing"] and server["scriptHealthCheckEnabled"]
    assert not server["showEmailPrompt"]
    assert 1_000 <= server["maxUploadSize"] <= 2_000
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert client["showErrorDetails"] == "none"
    assert client["showErrorLinks"] is False


def test_streamlit_knows_every_option() -> None:
    """A misspelt option would be ignored with a line in a log that nobody reads."""
    from streamlit import config

    assert options(CONFIG) <= set(config.get_config_options())


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_theme_has_ten_colours(mode: str) -> None:
    """With fewer, Streamlit pads the list with a word that no browser takes for a colour."""
    colours = CONFIG["theme"][mode]["chartCategoricalColors"]
    assert len(colours) >= 10
    assert len(set(colours)) == len(colours)
    assert all(re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) for colour in colours)


def test_the_theme_asks_no_other_server_for_anything() -> None:
    assert "://" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")


def test_the_faces_that_the_theme_names_are_there_with_their_licence() -> None:
    faces = CONFIG["theme"]["fontFaces"]
    assert {face["family"] for face in faces} == {"IBM Plex Sans", "IBM Plex Sans Condensed"}
    for face in faces:
        path = ROOT / face["url"].removeprefix("app/")
        assert path.read_bytes()[:4] == b"wOF2", path.name
    assert "SIL OPEN FONT LICENSE" in (ROOT / "static" / "fonts" / "OFL.txt").read_text(encoding="utf-8").upper()


def test_the_maps_are_those_of_the_published_package() -> None:
    made = script("make_geometry")
    for name, checksum in made.MAPS.items():
        assert hashlib.sha256((made.FOLDER / f"{name}.json").read_bytes()).hexdigest() == checksum
    assert made.PACKAGE.split("@")[1] in (made.FOLDER / "LICENCE").read_text(encoding="utf-8")


def test_the_country_files_are_what_their_script_writes() -> None:
    for name, text in script("make_countries").tables().items():
        assert (ROOT / "data" / "reference" / name).read_text(encoding="utf-8") == text, f"{name}: run `make countries`"


def test_names_in_other_languages_are_what_their_script_writes() -> None:
    for name, text in script("make_names").tables().items():
        assert (ROOT / "data" / "reference" / name).read_text(encoding="utf-8") == text, f"{name}: run `make names`"


def test_countries_have_one_code_one_name_and_a_place() -> None:
    rows = table("countries")
    for column in ("country_code", "country_code_alpha3", "country_name"):
        values = [row[column] for row in rows if row[column]]
        assert len(set(values)) == len(values), column
    assert all(re.fullmatch(r"[A-Z]{2}", row["country_code"]) for row in rows)
    assert {row["country_code"] for row in rows if not row["country_code_alpha3"]} == {"ZZ"}
    assert {row["country_code"] for row in rows if not row["latitude"]} == {"ZZ"}
    for row in rows:
        if row["latitude"]:
            assert abs(float(row["latitude"])) <= 90 and abs(float(row["longitude"])) <= 180, row["country_code"]
    assert {row["country_code"] for row in rows if row["is_end_destination"] == "true"} == {"US", "AU", "NZ"}


def test_the_groups_are_those_of_the_control_totals() -> None:
    def members(group: str) -> set[str]:
        return {row["country_code"] for row in table("countries") if group in row["groups"].split(";")}

    western, europe = members("Western Europe"), members("Europe")
    assert members("Benelux") == {"BE", "NL", "LU"}
    assert members("SENN-POST core") == {"BE", "DE", "FR", "LU", "NL"}
    assert western == {"NL", "GB", "DE", "BE", "IE", "FR", "IT", "LU", "ES", "CH"}
    assert (
        western | {"PT", "AT", "DK", "SE", "NO", "FI", "PL", "CZ", "GR", "RO", "BG", "HU", "UA", "RU", "XK"} <= europe
    )
    assert not europe & {"US", "AU", "NZ", "CA", "CN", "TR", "IL", "MA", "ZZ"}


def test_a_word_means_one_country() -> None:
    rows = table("country_words")
    folded = [row["word"].strip().lower() for row in rows]
    assert len(set(folded)) == len(folded)
    assert {row["country_code"] for row in rows} <= {row["country_code"] for row in table("countries")}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Duitsland", "DE"),
        ("Verenigde Staten", "US"),
        ("Allemagne", "DE"),
        ("Vereinigtes Königreich", "GB"),
        ("Vereinigtes Koenigreich", "GB"),
        ("Kroatië", "HR"),
        ("Nouvelle-Zélande", "NZ"),
        ("Macedonia, the former Yugoslav Republic of", "MK"),
        ("Iraq (Kurdistan Region)", "IQ"),
        ("Netherlands Antilles", "CW"),
        ("Kosovo under UNSCR 1244", "XK"),
        ("Multiple Countries", "ZZ"),
        ("Other", "ZZ"),
        ("Unknown", "ZZ"),
        ("NA", "NA"),
        ("nld", "NL"),
    ],
)
def test_words_are_understood(word: str, code: str) -> None:
    assert {row["word"].strip().lower(): row["country_code"] for row in table("country_words")}[word.lower()] == code


def test_a_region_is_not_a_country() -> None:
    assert not {"europe", "eu", "worldwide", "oceania"} & {row["word"].lower() for row in table("country_words")}


def test_every_country_of_the_official_files_is_understood(shared: Path) -> None:
    known = {row["word"].strip().lower() for row in table("country_words")}
    seizures = pd.read_csv(shared / "data" / "unodc_ids_2011_2016.zip", sep=";", dtype=str, keep_default_na=False)
    annual = pd.read_csv(shared / "data" / "unodc_annual_seizures_2019_2023.csv.gz", dtype=str, keep_default_na=False)
    columns = [seizures[name] for name in ("COUNTRY", "DEPARTURE_COUNTRY", "DESTINATION_COUNTRY", "PRODUCING_COUNTRY")]
    words = {word for column in [*columns, annual["country"], annual["iso3"]] for word in column.unique()} - {""}
    assert len(words) > 300
    assert not {word for word in words if word.strip().lower() not in known}


def test_the_environment_script_refuses_what_it_does_not_know() -> None:
    command = [sys.executable, ROOT / "scripts" / "environment.py", "other.lock"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "requirements-dev.lock" in run.stderr


def test_the_check_can_be_run() -> None:
    path = ROOT / ".ci" / "run"
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
