"""Handling marks: TLP 2.0 and Europol's codes, and which of several marks an output must carry.

Strictest wins on any mix, and an aggregate does not lower a mark by itself. Europol's H1, H2 and H3 forbid different
things, so an output keeps all of them. Sources: first.org/tlp (TLP 2.0); EU Manual on Law Enforcement Information
Exchange (handling codes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

TLP = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
"""The most open first."""
EUROPOL = ("H0", "H1", "H2", "H3")
SYNTHETIC = "SYNTHETIC"
"""The mark of the exercise pool: no row behind it is real."""

WORDS = {
    "TLP:CLEAR": "No limit on passing it on.",
    "TLP:GREEN": "For the community; not on public channels.",
    "TLP:AMBER": "For your organisation and its clients, who need to know.",
    "TLP:AMBER+STRICT": "For your organisation only, who need to know.",
    "TLP:RED": "For the named recipients only.",
    "H0": "H0: only to prevent and combat crime.",
    "H1": "H1: not as evidence without the provider's leave.",
    "H2": "H2: not to be passed on without the provider's leave.",
    "H3": "H3: other limits apply; ask the provider.",
    SYNTHETIC: "Invented rows, exercise pool. No figure is a real seizure.",
}

INK = {
    "TLP:CLEAR": "#FFFFFF",
    "TLP:GREEN": "#33FF00",
    "TLP:AMBER": "#FFC000",
    "TLP:AMBER+STRICT": "#FFC000",
    "TLP:RED": "#FF2B2B",
}
"""FIRST's own text colours, on black."""

SYNTHETIC_GROUND = "#7A1FA2"


def joined(tlp: str, europol: str = "") -> str:
    """A source's two codes as one mark: ``TLP:AMBER · H2``."""
    return " · ".join(part for part in (tlp, europol) if part)


def strictest(marks: Iterable[str]) -> str:
    """The mark that an output of all these must carry.

    Args:
        marks: ``TLP:AMBER``, ``TLP:GREEN · H1``, ``SYNTHETIC``. A mark that nobody knows, or an empty one, counts as
            ``TLP:RED``: a spelling mistake must not open a file.

    Returns:
        ``TLP:CLEAR`` for no marks at all; ``SYNTHETIC`` alone where nothing behind it is stricter than clear.
    """
    rank, codes, synthetic, real = 0, set(), False, False
    for mark in marks:
        for part in _parts(mark):
            if part == SYNTHETIC:
                synthetic = True
            elif part in EUROPOL:
                codes.add(part)
            else:
                real, rank = True, max(rank, TLP.index(part) if part in TLP else len(TLP) - 1)
    kept = [code for code in EUROPOL if code in codes and (code != "H0" or codes == {"H0"})]
    if synthetic and not rank and not kept:
        return SYNTHETIC
    shown = [SYNTHETIC] * synthetic + ([TLP[rank]] if real or not synthetic else []) + ["+".join(kept)] * bool(kept)
    return " · ".join(shown)


def _parts(mark: str) -> list[str]:
    """``tlp:amber · H1+H2`` → ``TLP:AMBER``, ``H1``, ``H2``; ``TLP:RED`` for an empty mark."""
    text = mark.upper()
    codes = re.findall(r"\bH[0-3]\b", text)
    rest = [part.strip() for part in re.split(r"[·,;|]", re.sub(r"\bH[0-3]\b\+?", "", text))]
    return [part for part in rest if part] + codes or ["TLP:RED"]


def is_synthetic(mark: str) -> bool:
    """Whether a mark says that the rows are invented."""
    return SYNTHETIC in _parts(mark)


def level(mark: str) -> str:
    """The part that gives a mark its colour: ``SYNTHETIC`` or the TLP level."""
    parts = _parts(mark)
    return SYNTHETIC if SYNTHETIC in parts else next((part for part in parts if part in TLP), "TLP:RED")


def colours(mark: str) -> tuple[str, str]:
    """Ground and text colour of a mark's label."""
    return (SYNTHETIC_GROUND, "#FFFFFF") if level(mark) == SYNTHETIC else ("#000000", INK[level(mark)])


def words(mark: str) -> str:
    """A mark in sentences."""
    return " ".join(WORDS[part] for part in _parts(mark) if part in WORDS)
