"""Departure, who stopped it, destination as recorded and as read: the nodes and links of a flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from postflow.drawing import Drawing, Flow, Link, Node
from postflow.errors import NothingToDraw
from postflow.numbers import short, spell
from postflow.scope import UNKNOWN
from postflow.style import DESTINATION

SIDES = {  # key → (words, colour, hatched)
    "import_inferred": ("Receiving side, inferred", "import", True),
    "import": ("Receiving side, stated", "import", False),
    "transit": ("In transit", "transit", False),
    "export": ("Sending side", "export", False),
    "domestic": ("Domestic", "domestic", False),
    "unknown": ("Not known", "unknown", True),
}
SENDERS_SHOWN, RECEIVERS_SHOWN, READ_SHOWN = 5, 6, 4
REST = "(rest)"
"""What stands for all codes that have no node of their own."""


def interceptions(rows: pd.DataFrame, names: Mapping[str, str], lead: str, ghosts: Sequence[str]) -> Drawing:
    """Departure → who stopped it → destination as recorded → as read.

    Args:
        rows: ``charts/interceptions``: departure_country_code, interception_side, destination_basis,
            destination_recorded_code, destination_country_code, seizures, quantity_kg.
        names: code → label.
        lead: ``seizures`` or ``quantity_kg``: what the widths are. Rows without kilograms are not drawn by kilograms.
        ghosts: destinations that no row reaches, drawn empty.

    Raises:
        NothingToDraw: no row has an amount.
    """
    rows = _rows(rows, lead)
    if rows.empty:
        raise NothingToDraw("Nothing to draw in this scope: no row has an amount.")
    nodes = _senders(rows, names) + _sides(rows) + _recorded(rows, names, ghosts)
    links = _links(rows, "left", "l:", "side", "s:") + _links(rows, "side", "s:", "recorded", "r:")
    heads, spots, large = ["Departure", "Who stopped it", "Recorded as"], (0.0, 0.42, 0.84), (0.0, 0.42, 0.84)
    inferred = rows[rows.destination_basis == "inferred"]
    if len(inferred):
        heads, spots, large = [*heads, "Read as"], (0.0, 0.36, 0.76, 1.0), (0.0, 0.24, 0.69, 1.0)
        more_nodes, more_links = _read(inferred, names)
        nodes, links = nodes + more_nodes, links + more_links
    return Drawing("flow", flow=Flow(tuple(nodes), tuple(links), tuple(heads), lead, spots, large))


def _rows(rows: pd.DataFrame, lead: str) -> pd.DataFrame:
    """Rows of some amount with ``value``, and which node of each column they belong to."""
    rows = rows.assign(value=pd.to_numeric(rows[lead]).astype(float).fillna(0.0))
    rows = rows[rows.value > 0]
    known = rows.interception_side.where(rows.interception_side.isin(SIDES), "unknown")
    read = (known == "import") & (rows.destination_basis == "inferred")
    return rows.assign(
        side=known.where(~read, "import_inferred"),
        left=_top(rows, "departure_country_code", SENDERS_SHOWN, ()),
        recorded=_top(rows, "destination_recorded_code", RECEIVERS_SHOWN, tuple(DESTINATION)),
    )


def _top(rows: pd.DataFrame, column: str, shown: int, always: tuple[str, ...]) -> pd.Series:
    """The largest codes by name, the rest as one; what is not stated, and what is named here, keep their names."""
    codes = rows[column].fillna(UNKNOWN)
    most = rows.groupby(codes).value.sum().sort_values(ascending=False, kind="stable")
    kept = {*most.index[:shown], UNKNOWN, *always}
    return codes if len(most) <= shown + 1 else codes.where(codes.isin(kept), REST)


def _order(rows: pd.DataFrame, column: str, first: str | None = None) -> list[str]:
    """Most first; the rest and what is not stated last, unless it is to come first."""
    sizes = rows.groupby(column).value.sum()
    late = {REST: 1, UNKNOWN: 2}
    return sorted(
        (str(code) for code in sizes.index),
        key=lambda code: (code != first, 0 if code == first else late.get(code, 0), -float(sizes[code]), code),
    )


def _label(code: str, names: Mapping[str, str]) -> str:
    return short(names.get(code, "Not stated" if code == UNKNOWN else code), 26)


def _senders(rows: pd.DataFrame, names: Mapping[str, str]) -> list[Node]:
    nodes = []
    for code in _order(rows, "left"):
        unsaid = code == UNKNOWN
        rest = rows[rows.left == REST].departure_country_code.nunique()
        label = f"{spell(rest).capitalize()} others" if code == REST else _label(code, names)
        nodes.append(Node(f"l:{code}", 0, label, "unknown" if unsaid else "ink2", hatched=unsaid))
    return nodes


def _sides(rows: pd.DataFrame) -> list[Node]:
    found = set(rows.side)
    return [Node(f"s:{key}", 1, words, tint, hatched) for key, (words, tint, hatched) in SIDES.items() if key in found]


def _recorded(rows: pd.DataFrame, names: Mapping[str, str], ghosts: Sequence[str]) -> list[Node]:
    nodes = []
    for code in _order(rows, "recorded", first=UNKNOWN):
        unsaid = code == UNKNOWN
        label = "Elsewhere" if code == REST else _label(code, names)
        tint = "unknown" if unsaid else DESTINATION.get(code, "ink2")
        nodes.append(Node(f"r:{code}", 2, label, tint, hatched=unsaid))
    known = {node.key for node in nodes}
    empty = [code for code in dict.fromkeys(ghosts) if f"r:{code}" not in known]
    return nodes + [Node(f"r:{code}", 2, _label(code, names), DESTINATION.get(code, "ink2")) for code in empty]


def _read(inferred: pd.DataFrame, names: Mapping[str, str]) -> tuple[list[Node], list[Link]]:
    """One more column for what is read from the place of seizure: the largest destinations, then all others."""
    sizes = inferred.groupby("destination_country_code").value.sum()
    sizes = sizes.sort_values(ascending=False, kind="stable")
    shown = sizes if len(sizes) <= READ_SHOWN + 1 else sizes.head(READ_SHOWN)
    words = "read from the place of seizure" if len(sizes) == 1 else ""
    nodes = [
        Node(f"i:{code}", 3, _label(str(code), names), DESTINATION.get(str(code), "ink2"), hatched=True, note=words)
        for code in shown.index
    ]
    if len(shown) < len(sizes):
        label = f"{spell(len(sizes) - len(shown)).capitalize()} others"
        nodes.append(Node(f"i:{REST}", 3, label, "ink2", hatched=True))
    codes = inferred.destination_country_code.where(inferred.destination_country_code.isin(shown.index), REST)
    by = inferred.assign(read=codes).groupby(["recorded", "read"]).value.sum()
    tints = {node.key: node.colour for node in nodes}
    links = [Link(f"r:{a}", f"i:{b}", float(n), tints[f"i:{b}"], hatched=True) for (a, b), n in by.items()]
    return nodes, links


def _links(rows: pd.DataFrame, source: str, a: str, target: str, b: str) -> list[Link]:
    """Links take the side's slate; only what a row does not say is hatched."""
    found = []
    for (left, right), value in rows.groupby([source, target]).value.sum().items():
        side = str(right if target == "side" else left)
        _, tint, hatched = SIDES[side]
        stated = target == "side" and side == "import_inferred"
        found.append(Link(f"{a}{left}", f"{b}{right}", float(value), tint, hatched=hatched and not stated))
    return found
