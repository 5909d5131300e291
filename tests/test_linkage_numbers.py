"""A tracking number links two records that agree in what else they say; what contradicts waits for a person."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from postflow import cli, pool, sources

TRIALS = Path(__file__).parent / "data" / "trials" / "src"
HEAD = "ID,Date,Country,From,To,Drug,Qty,Unit,Track,Channel,Form,Gross\n"
MORE = 'tracking_number = "Track"\ntransport = "Channel"\nform = "Form"\nitem_weight = "Gross"\n'
SAID = "Netherlands,United States,MDMA,1.5,kg,{number},Post,Powder,2"
CONTRADICTED = {
    "drug": ("MDMA", "ketamine"),
    "quantity": ("1.5,kg", "50,kg"),
    "departure": ("Netherlands", "Germany"),
    "destination": ("United States", "New Zealand"),
    "channel": ("Post", "Sea freight"),
    "form": ("Powder", "Tablets"),
    "gross": (",2", ",9"),
}
AGREED = {
    "all": SAID,
    "silent": ",,MDMA,,,{number},,,",
    "nearly": "Netherlands,United States,,1400,g,{number},Post,,2.1",
}


def declare(folder: Path) -> None:
    """A sender's and a receiver's service."""
    for name, country in (("ph_a", "NL"), ("ph_b", "US")):
        shutil.copytree(TRIALS / name, folder / name)
        text = (folder / name / "source.toml").read_text(encoding="utf-8")
        text = text.replace('tracking_number = "Track"\n', MORE).replace('country = "NL"', f'country = "{country}"')
        (folder / name / "source.toml").write_text(text, encoding="utf-8")


def test_a_number_links_what_agrees_and_what_contradicts_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(tmp_path / "declared")
    monkeypatch.setattr(sources, "FOLDER", tmp_path / "declared")
    monkeypatch.setenv("POSTFLOW_TRACKING_KEY", "a key of the tests")
    pairs = {name: (SAID, SAID.replace(*change)) for name, change in CONTRADICTED.items()}
    pairs |= {name: (SAID, told) for name, told in AGREED.items()}
    lines: dict[str, list[str]] = {"ph_a": [], "ph_b": []}
    for place, (name, told) in enumerate(pairs.items()):
        month, number = f"{2020 + place // 4}-{3 * (place % 4) + 1:02}", f"1Z999AA10123456{place:03}"
        lines["ph_a"].append(f"{name},{month}-10,Netherlands,{told[0].format(number=number)}\n")
        lines["ph_b"].append(f"{name},{month}-12,United States,{told[1].format(number=number)}\n")
    # A parcel of two drugs is two records of each service, with one number: its MDMA is not held against its ketamine.
    for drug in ("MDMA", "ketamine"):
        told = SAID.format(number="1Z999AA10123456999").replace("MDMA", drug)
        lines["ph_a"].append(f"two {drug},2024-01-10,Netherlands,{told}\n")
        lines["ph_b"].append(f"two {drug},2024-01-12,United States,{told}\n")
    for name, rows in lines.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(HEAD + "".join(rows), encoding="utf-8")
        assert cli.main(["add", name, str(path)]) == 0
    found = pool.current()
    assert found
    with pool.connect(found.path) as con:
        linked = con.execute("select min(record_id), max(record_id) from seizure group by event_id having count(*) > 1")
        assert sorted(linked.fetchall()) == sorted((name, name) for name in [*AGREED, "two MDMA", "two ketamine"])
        waiting = con.execute(
            """select seizure.record_id, rule from link_candidate inner join seizure using (seizure_id)
            where decided = 'queue' and rule is not null order by all"""
        )
        rule = "same tracking number, but the records contradict each other"
        assert waiting.fetchall() == sorted((name, rule) for name in CONTRADICTED)
