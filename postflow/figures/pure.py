"""Pure MDMA in tablets, where it was measured: on the row itself, or as the mean content of the year's tablets."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from postflow import vocabulary
from postflow.analysis import like_for_like
from postflow.numbers import count
from postflow.view import Fetch, View

KG = {"quantity_kg_low": "low", "quantity_kg": "mid", "quantity_kg_high": "high"}
MEASURED = {"quantity_kg_low": "measured_kg_low", "quantity_kg": "measured_kg", "quantity_kg_high": "measured_kg_high"}
MG_A_KG = 1e6
NOTHING = "No MDMA of this scope is counted in tablets of a year whose content was measured, and no row has a purity of its own."


def contents() -> pd.DataFrame:
    """Milligrams of MDMA per tablet by calendar year: low, mid, high; ``data/reference/tablet_content.csv`` cites each."""
    rows = pd.DataFrame(vocabulary.rows("tablet_content")).set_index("year")
    table = rows[["mg_low", "mg_mid", "mg_high"]].astype(float)
    return table.set_axis(table.index.astype(int)).set_axis(["low", "mid", "high"], axis=1)


@dataclass(frozen=True)
class Pure:
    """The kilograms of a trend as pure MDMA, and what has none."""

    rows: pd.DataFrame
    """The trend's rows with pure kilograms; NA where nothing is measured."""
    shown: int
    """Seizures behind the kilograms."""
    without: int
    """MDMA seizures without a measured content."""
    years: tuple[int, ...]
    """Calendar years whose mean content was used."""

    @property
    def words(self) -> str:
        """What the caption says of it."""
        years = (
            f" Mean content per tablet measured in {', '.join(map(str, self.years))}; other years have none."
            if self.years
            else ""
        )
        return (
            f"Kilograms: pure MDMA in counted tablets, {count(self.shown)} seizures; {count(self.without)} MDMA seizures have no measured content and are not shown, nor are other drugs."
            f"{years} Upright lines: low to high content. The heaviest records stay in."
        )


def trend(
    fetch: Fetch, view: View, rows: pd.DataFrame, dimension: str, period: str, panel: like_for_like.Panel | None = None
) -> Pure:
    """The rows of a trend with pure kilograms in place of bulk ones.

    Args:
        fetch: runs ``charts/tablets_by_period``.
        view: what the reader looks at.
        rows: of the trend: period, category and its numbers; the counts stay as they are.
        dimension: what ``category`` holds.
        period: month, quarter or a calendar.
        panel: the reporters present throughout, where only they count.
    """
    told = fetch("charts/tablets_by_period", scope=view.scope, period=period, dimension=dimension)
    if panel is not None and panel.can_say:
        told = like_for_like.keep(told, panel, "service_id")
    table = contents()
    told = told.assign(is_known=told["seized_year"].isin(table.index) & (told["tablets"] > 0))
    shown = told["seizures_measured"] + told["seizures_counted"].where(told["is_known"], 0)
    for column, name in KG.items():
        content = told["seized_year"].map(table[name]).astype(float).fillna(0.0)
        told[column] = told["tablets"].astype(float) * content / MG_A_KG + told[MEASURED[column]].astype(float)
    found = told[shown > 0].groupby(["period", "category"])[list(KG)].sum()
    at = pd.MultiIndex.from_frame(rows[["period", "category"]])
    # The heaviest records are known in bulk only, so none is marked.
    drawn = rows.assign(
        **{column: found[column].reindex(at).to_numpy() for column in KG}, largest_kg=[[] for _ in range(len(rows))]
    )
    years = tuple(sorted({int(year) for year in told.loc[told["is_known"], "seized_year"]}))
    return Pure(drawn, int(shown.sum()), int((told["seizures"] - shown).sum()), years)
