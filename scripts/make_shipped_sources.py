"""Write the shipped CSV files of data/sources from a folder of compiled public figures, and print their checksums.

Run: ``python scripts/make_shipped_sources.py FOLDER``; the result is committed, and each checksum stands in its source.toml.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "data" / "sources"

FILES = {
    "unodc_ids_counts": ("unodc_ids_mdma_ketamine_2011_2016.csv", "seizures_by_month.csv"),
    "us_cbp_counts": ("us_cbp_ecstasy_ketamine_fy2019_fy2026_apr.csv", "seizures_by_month_and_office.csv"),
    "unodc_annual": ("unodc_annual_mdma_ketamine_2019_2023.csv", "annual_totals.csv"),
    "published_figures": ("published_figures.csv", "published_figures.csv"),
}
MEASURES = {
    "kg", "lbs", "grams", "tablets", "n_seizures", "n_mail_items", "n_detections", "litres", "eur_per_tablet", "aud_per_tablet",
    "n_arrests", "n_investigations", "kg_gross", "lbs_gross",
}  # fmt: skip
"""Estimates, percentages of checked items and market values are not figures of seizures and are left out."""


def is_defensible(row: dict[str, str]) -> bool:
    """A figure that can be checked: dated, with an address, about a measure of seizures, follow-up or price."""
    doubtful = any(words in row["note"].lower() for words in ("undated", "not in stored text", "ambiguous", "unclear"))
    return bool(row["period_start"] and row["period_end"] and row["url"] and row["value"]) and row["measure"] in MEASURES and not doubtful


def main(folder: Path) -> None:
    """Copy each table in a fixed order, leaving out what cannot be defended."""
    for source, (theirs, ours) in FILES.items():
        with (folder / theirs).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            heads, rows = list(reader.fieldnames or []), list(reader)
        kept = [row for row in rows if source != "published_figures" or is_defensible(row)]
        kept.sort(key=lambda row: [row[head] for head in heads])
        target = SOURCES / source / ours
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
        print(source, len(kept), "of", len(rows), hashlib.sha256(target.read_bytes()).hexdigest())  # noqa: T201 - a script's report


if __name__ == "__main__":
    main(Path(sys.argv[1]))
