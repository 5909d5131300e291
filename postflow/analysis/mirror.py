"""Mirror: what the sending side stopped beside what the receiving side stopped, per corridor.

Precedent: two official sources on the same legal trade differ widely for reasons of recording (CITES permits against
actual trade), so
the share without a destination stands beside each number, and both ways of counting destinations are given.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from postflow.analysis.result import NAN, NOISE_ONLY, Table

METHOD = "(receiving - sending) / (receiving + sending), exact binomial interval"
UNKNOWN = "ZZ"
BASES = {"recorded": "destination as recorded", "read": "destination recorded or inferred"}
KEYS = ["departure_country_code", "destination_country_code"]


def mirror(rows: pd.DataFrame, *, by: tuple[str, ...] = (), phi: float = 1.0) -> Table:
    """One row per corridor and counting basis, with the asymmetry of who stops it.

    An inferred destination is read from the place of seizure, so it can only add to the receiving side: on the basis
    ``recorded`` such rows count as unknown.

    Args:
        rows: ``charts/interceptions`` — departure_country_code, destination_country_code, interception_side,
            destination_basis,
            seizures, quantity_kg; plus the columns named in ``by`` (such as period_start).
        by: split further, for asymmetry over time.
        phi: dispersion of the counts; divides the number that the interval rests on.

    Returns:
        rows — departure_country_code, destination_country_code, *by, basis, sender (E), receiver (I), transit,
        sender_kg, receiver_kg, asymmetry, low, high, share_destination_unknown (of all seizures with this departure),
        can_say, sentence.
    """
    known = rows[rows["departure_country_code"] != UNKNOWN] if not rows.empty else rows
    if known.empty or not known["interception_side"].isin(["export", "import"]).any():
        return Table.cannot(
            METHOD, "No seizure here has a known departure and a known side of interception, so nothing mirrors."
        )
    table = pd.concat([_basis(known, basis, by, phi) for basis in BASES], ignore_index=True)
    if table.empty:
        return Table.cannot(METHOD, "No seizure here has a known destination, so no corridor can be mirrored.")
    table = table.sort_values([*KEYS, *by, "basis"], ignore_index=True)
    unknown = known.loc[_unknown(known, "recorded"), "seizures"].sum() / max(1, known["seizures"].sum())
    sides = table[table["basis"] == "recorded"][["sender", "receiver"]].sum()
    notes = (
        f"{unknown:.0%} of seizures state no destination; they are in no corridor on the recorded basis.",
        "The difference mixes what moves with how hard each side looks and what it writes down.",
        NOISE_ONLY,
    )
    return Table(
        method=METHOD,
        n=int(known["seizures"].sum()),
        unit="asymmetry",
        rows=table,
        warnings=notes,
        estimate=NAN,
        sentence=f"With a recorded destination, the sending side stopped {sides['sender']:,} and the receiving side "
        f"{sides['receiver']:,}.",
    )


def _unknown(rows: pd.DataFrame, basis: str) -> pd.Series:
    nowhere = rows["destination_country_code"] == UNKNOWN
    return nowhere | (rows["destination_basis"] != "reported") if basis == "recorded" else nowhere


def _basis(rows: pd.DataFrame, basis: str, by: tuple[str, ...], phi: float) -> pd.DataFrame:
    unknown = _unknown(rows, basis)
    lead = ["departure_country_code", *by]
    whole = rows.groupby(lead)["seizures"].sum()
    lost = rows[unknown].groupby(lead)["seizures"].sum().reindex(whole.index, fill_value=0) / whole
    found: list[dict[str, Any]] = []
    for key, part in rows[~unknown].groupby([*KEYS, *by]):
        names = dict(zip([*KEYS, *by], key, strict=True))
        at = tuple(names[name] for name in lead)
        share = float(lost[at] if by else lost[at[0]])
        found.append(names | {"basis": basis} | _sides(part) | {"share_destination_unknown": share})
    return pd.DataFrame([row | asymmetry(row["sender"], row["receiver"], phi) for row in found])


def _sides(part: pd.DataFrame) -> dict[str, float]:
    counts = part.groupby("interception_side")["seizures"].sum()
    kg = part.assign(kg=pd.to_numeric(part["quantity_kg"])).groupby("interception_side")["kg"].sum()
    return {
        "sender": int(counts.get("export", 0)),
        "receiver": int(counts.get("import", 0)),
        "transit": int(counts.get("transit", 0)),
        "sender_kg": float(kg.get("export", 0.0)),
        "receiver_kg": float(kg.get("import", 0.0)),
    }


def asymmetry(sent: float, received: float, phi: float = 1.0) -> dict[str, Any]:
    """The asymmetry with its exact binomial interval: asymmetry, low, high, can_say, sentence."""
    both = sent + received
    if both == 0:
        return {
            "asymmetry": NAN,
            "low": NAN,
            "high": NAN,
            "can_say": False,
            "sentence": "Neither end stopped any here.",
        }
    low, high = proportion_confint(received / phi, both / phi, method="beta")
    value, low, high = (received - sent) / both, 2 * float(low) - 1, 2 * float(high) - 1
    side = (
        "the receiving side stops more" if low > 0 else "the sending side stops more" if high < 0 else "no clear side"
    )
    words = (
        f"{sent:,.0f} stopped by the sending side, {received:,.0f} by the receiving side: {value:+.2f} "
        f"({low:+.2f} to {high:+.2f}), {side}."
    )
    return {"asymmetry": value, "low": low, "high": high, "can_say": True, "sentence": words}
