"""What a header says: the field that it names, and what a wide table keeps in it (a drug, a period, a measure, a unit)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from postflow import vocabulary
from postflow.reshape import HEADER_JOIN

YEAR = re.compile(r"(?:cy ?)?((?:19|20)\d\d)[*†]?")
FISCAL_YEAR = re.compile(r"(?:fy|ye) ?(?:19|20)?\d\d(?: ?[/–-] ?\d{2,4})?|(?:19|20)\d\d ?[/–] ?\d{2,4}")
YEAR_MONTH = re.compile(r"(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[/.](?:19|20)\d\d")
TOTALS = {
    "total",
    "totals",
    "sum",
    "all",
    "totaal",
    "gesamt",
    "summe",
    "summa",
    "totalt",
    "totale",
    "iš viso",
    "kokku",
    "celkem",
}
EXACTLY, HOLDS_PHRASE, HOLDS_WORD = 1.0, 0.9, 0.75
"""How surely a header names a field: it says just that, holds a phrase for it, or a single word."""
FILLERS = {"of", "in", "the", "and", "no", "i", "de", "per"}


@dataclass(frozen=True)
class WideHeader:
    """What a header of a wide table tells; empty where it does not."""

    drug: str = ""
    period_field: str = ""
    """year, fiscal_year, month or seized_on."""
    period: str = ""
    """As it is written."""
    measure: str = ""
    """seizures or quantity."""
    unit: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it tells of which rows the cells are."""
        return bool(self.drug or self.period)


def plain(header: str) -> str:
    """Folded, with camels and underscores parted and no marks: ``SeizureDate_2`` is ``seizure date 2``."""
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    return re.sub(r"[\s_\-–./:#*]+", " ", vocabulary.fold(parted)).strip()


@cache
def _named() -> Mapping[str, str]:
    return {plain(row["word"]): row["field"] for row in vocabulary.rows("headers")}


def unit_of(header: str) -> str:
    """The unit that stands in a header, as it is written: ``Mängd (kg)``, ``weight_g``, ``Kg``; empty where none does."""
    told = re.findall(r"[(\[]([^)\]]{1,20})[)\]]", header)
    words = plain(re.sub(r"[(\[].*?[)\]]", " ", header)).split()
    for word in [*told, *words[-1:], *words[:1]]:
        canonical = vocabulary.shared_words().get(("unit", vocabulary.fold(word.removeprefix("in "))))
        if canonical not in (None, "", "other", "unknown", "unit"):
            return word.removeprefix("in ").strip()
    return ""


def field_of(header: str) -> tuple[str, float]:
    """The field that a header names, ``ignored`` for what is not kept, and how surely; empty: none."""
    bare = plain(re.sub(r"[(\[].*?[)\]]", " ", header)) or plain(header)
    known = _named()
    unit = unit_of(header)
    without_unit = " ".join(word for word in bare.split() if word != vocabulary.fold(unit))
    for words in (plain(header), bare, without_unit):
        if words in known:
            return known[words], EXACTLY
    parts = bare.split()
    runs = [" ".join(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
    held = [run for run in runs if len(run) > 3 and run in known]
    if held:
        longest = max(held, key=len)
        return known[longest], HOLDS_PHRASE if " " in longest else HOLDS_WORD
    return ("quantity", EXACTLY) if unit and not without_unit else ("", 0.0)


# ---------- wide tables ----------


def wide(header: str) -> WideHeader | None:
    """What a header of a wide table tells; None where a word of it is not understood."""
    told: dict[str, str] = {}
    for piece in header.split(HEADER_JOIN):
        found = _whole(piece) or _by_words(piece)
        if found is None or set(found) & set(told):
            return None
        told |= found
    return WideHeader(**told)


def _whole(piece: str) -> dict[str, str] | None:
    """What one piece of a header tells as a whole: ``Ecstasy (MDMA)`` is one drug."""
    folded = vocabulary.fold(piece)
    drug = vocabulary.shared_words().get(("drug", folded))
    if drug and drug not in ("other", "unknown"):
        return {"drug": drug}
    period = _period(folded, piece.strip())
    return period or _measure(folded)


def _period(folded: str, written: str) -> dict[str, str] | None:
    if YEAR_MONTH.fullmatch(folded):
        return {"period_field": "seized_on", "period": written}
    if found := YEAR.fullmatch(folded):
        return {"period_field": "seized_on", "period": found[1] if found[1] == folded else written}
    if FISCAL_YEAR.fullmatch(folded):
        return {"period_field": "fiscal_year", "period": written}
    if re.fullmatch(r"[^\W\d_]{3,12}\.? (19|20)\d\d", folded) and _is_month(folded.split()[0]):
        return {"period_field": "seized_on", "period": written}
    return {"period_field": "month", "period": written} if _is_month(folded) else None


@cache
def _months() -> frozenset[str]:
    english = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
    told = {vocabulary.fold(row["word"]).rstrip(".") for row in vocabulary.rows("months")}
    return frozenset(told | set(english) | {name[:3] for name in english} | {"sept"})


def _is_month(word: str) -> bool:
    return word.rstrip(".") in _months() and not word.isdigit()


def _measure(folded: str) -> dict[str, str] | None:
    known = _named().get(plain(folded), "")
    if known == "seizures":
        return {"measure": "seizures"}
    unit = vocabulary.shared_words().get(("unit", folded.removeprefix("in ")), "")
    if unit and unit not in ("other", "unknown", "unit"):
        return {"measure": "quantity", "unit": folded.removeprefix("in ")}
    return {"measure": "quantity"} if known == "quantity" else None


def _by_words(piece: str) -> dict[str, str] | None:
    """The same of a piece of several things: ``MDMA_kg``, ``Ketamine number 2023``."""
    words = [word for word in re.split(r"[\s_()\[\],:-]+", vocabulary.fold(piece)) if word]
    told: dict[str, str] = {}
    place = 0
    while place < len(words):
        found = next(
            (
                (end, got)
                for end in range(len(words), place, -1)
                if (got := _whole(" ".join(words[place:end]))) is not None
            ),
            None,
        )
        if found is None and words[place] in FILLERS:
            place += 1
            continue
        if found is None or (set(found[1]) & set(told)) - {"measure"}:
            return None
        place = found[0]
        told |= found[1]
    return told or None


def is_total(header: str) -> bool:
    """Whether a column of a wide table adds up the others."""
    return any(
        part in TOTALS
        for piece in header.split(HEADER_JOIN)
        for part in [vocabulary.fold(piece), *plain(piece).split()]
    )
