"""Write the shipped CSV files of data/sources from a folder of compiled public figures, and stamp their checksums.

What is left out of the published figures, and why, is decided here and nowhere else; docs/sources.md repeats it.

Run: ``python scripts/make_shipped_sources.py FOLDER``, with the publishers' own files in ``FOLDER/../data``. The result is
committed.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections import Counter
from pathlib import Path

from python_calamine import CalamineWorkbook

SOURCES = Path(__file__).resolve().parent.parent / "data" / "sources"

FILES = {
    "unodc_ids_counts": ("unodc_ids_mdma_ketamine_2011_2016.csv", "seizures_by_month.csv"),
    "us_cbp_counts": ("us_cbp_ecstasy_ketamine_fy2019_fy2026_apr.csv", "seizures_by_month_and_office.csv"),
    "unodc_annual": ("unodc_annual_mdma_ketamine_2019_2023.csv", "annual_totals.csv"),
    "published_figures": ("published_figures.csv", "published_figures.csv"),
}

ANNUAL_EDITIONS = (
    ("unodc_annual_seizures_2018_2022.xlsx", "Annual drug seizures 2018–2022, earlier edition of annex 7.1"),
    ("", "World Drug Report 2025, annex 7.1"),
)
"""Oldest first: file beside the folder (the newest is the compiled table itself) and how it is cited."""

AMOUNTS = {
    "kg",
    "lbs",
    "grams",
    "litres",
    "tablets",
    "kg_gross",
    "lbs_gross",
    "n_seizures",
    "n_detections",
    "n_mail_items",
    "n_arrests",
    "n_investigations",
    "eur_per_tablet",
    "aud_per_tablet",
}
"""Amounts, follow-up and prices. Not carried over: shares, estimates, rates, market values, "tablet equivalents"."""

DOUBTS = (
    "undated",
    "not in stored text",
    "ambiguous",
    "unclear",
    "may mean",
    "other outlets say",
    "headline says",
    "welt.de says",
)
"""Words of a note that say the figure, its period or its substance is in doubt. The release behind the last one gives
2,000 letters for August to December 2016, but its 170 kg as seized up to April 2017."""

ARCHIVES = ("corpora.tika.apache.org",)
"""A copy in a crawl is no address at which a reader can check its publisher."""


def reason_to_leave_out(row: dict[str, str]) -> str:
    """Why a published figure cannot be defended; empty if it can.

    Args:
        row: publisher, report, url, period_start, period_end, substance, measure, value, note, all text.
    """
    if not (row["period_start"] and row["period_end"]):
        return "no date"
    if not row["url"] or any(host in row["url"] for host in ARCHIVES):
        return "no address of a publisher"
    if row["measure"] not in AMOUNTS:
        return "a share, estimate, rate or conversion, not an amount"
    if any(words in row["note"].lower() for words in DOUBTS):
        return "figure, period or substance in doubt"
    return ""


def tidy_note(note: str) -> str:
    """A note without the scars of quotations that were cut out of it."""
    note = re.sub(r"\s+", " ", note).strip()
    note = re.sub(r",? (?=[;,])", "", note).lstrip(":-; ")
    return "" if note.endswith(" says") else note


def shipped(source: str, rows: list[dict[str, str]]) -> tuple[list[dict[str, str]], Counter[str]]:
    """The rows to ship, in a fixed order, and how many were left out for which reason."""
    left_out: Counter[str] = Counter()
    kept = []
    for row in rows:
        reason = reason_to_leave_out(row) if source == "published_figures" else ""
        left_out[reason] += bool(reason)
        if not reason:
            kept.append(row | {"note": tidy_note(row["note"])} if "note" in row else row)
    return sorted(kept, key=lambda row: list(row.values())), +left_out


def annual_totals(folder: Path, newest: list[dict[str, str]]) -> list[dict[str, str]]:
    """National totals of all editions, each with its own citation; of a year that two tell, the newest edition alone.

    Args:
        folder: the publishers' files.
        newest: iso3, country, year, drug, kg of the newest edition; an earlier one gives the same drugs.
    """
    drugs = {row["drug"] for row in newest}
    found: list[dict[str, str]] = []
    for name, report in ANNUAL_EDITIONS:
        told = newest
        if name:
            _, head, *cells = CalamineWorkbook.from_path(folder / name).get_sheet_by_index(0).to_python()
            rows = [dict(zip(head, row, strict=True)) for row in cells]
            # A cell without a number is no total: nobody said zero.
            told = [
                {
                    "iso3": str(row["msCode"]),
                    "country": str(row["Country"]),
                    "year": f"{row['Reference year']:.0f}",
                    "drug": str(row["DrugName"]),
                    "kg": str(row["Kilograms"]),
                }
                for row in rows
                if row["DrugName"] in drugs and row["Kilograms"] != ""
            ]
        years = {row["year"] for row in told}
        found = [row for row in found if row["year"] not in years]
        found += [row | {"report": report} for row in told]
    return found


def write(path: Path, heads: list[str], rows: list[dict[str, str]]) -> str:
    """Write one CSV (UTF-8, comma, LF) and return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp(declaration: Path, sha256: str) -> None:
    """Put the checksum into the source.toml, if it is there."""
    if declaration.is_file():
        words = declaration.read_text(encoding="utf-8")
        stamped = re.sub(r'^sha256 = ".*"$', f'sha256 = "{sha256}"', words, flags=re.M)
        declaration.write_text(stamped, encoding="utf-8", newline="\n")


def main(folder: Path, target: Path = SOURCES) -> None:
    """Write every shipped file from the folder's tables."""
    for source, (theirs, ours) in FILES.items():
        with (folder / theirs).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            heads, rows = list(reader.fieldnames or []), list(reader)
        if source == "unodc_annual":
            heads, rows = [*heads, "report"], annual_totals(folder.parent / "data", rows)
        kept, left_out = shipped(source, rows)
        sha256 = write(target / source / ours, heads, kept)
        stamp(target / source / "source.toml", sha256)
        print(f"{source}: {len(kept)} of {len(rows)} rows, sha256 {sha256}")
        for reason, count in left_out.most_common():
            print(f"  left out {count}: {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
