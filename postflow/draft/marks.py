"""How a file writes its numbers, dates and gaps, told from its cells; what they leave open is said to be open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from postflow import vocabulary

MISSING = {
    "na",
    "n/a",
    "n.a.",
    "nan",
    "null",
    "nil",
    "#n/a",
    "..",
    "...",
    "k.a.",
    "k. a.",
    "i.u.",
    "n.d.",
    "-",
    "--",
    "–",
    "—",
    ".",
}
"""What services write where they have nothing to say."""
NUMBER = re.compile(r"[<>≤≥~]? ?[+-]?(\d[\d.,'’` ]*|[.,]\d+)( ?%| ?[^\W\d_][^\d]{0,14})?")
DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")
TIME = re.compile(r"[T, ]+\d{1,2}:\d{2}.*$")
DAY_FORMS = {
    r"\d{4}-\d{1,2}-\d{1,2}": ("%Y-%m-%d",),
    r"\d{4}/\d{1,2}/\d{1,2}": ("%Y/%m/%d",),
    r"\d{4}\.\d{1,2}\.\d{1,2}\.?": ("%Y.%m.%d",),
    r"\d{1,2}\.\d{1,2}\.\d{4}": ("%d.%m.%Y", "%m.%d.%Y"),
    r"\d{1,2}/\d{1,2}/\d{4}": ("%d/%m/%Y", "%m/%d/%Y"),
    r"\d{1,2}-\d{1,2}-\d{4}": ("%d-%m-%Y", "%m-%d-%Y"),
    r"\d{1,2}\. \d{1,2}\. \d{4}": ("%d. %m. %Y",),
    r"\d{1,2}\.\d{1,2}\.\d{2}": ("%d.%m.%y", "%m.%d.%y"),
    r"\d{1,2}/\d{1,2}/\d{2}": ("%d/%m/%y", "%m/%d/%y"),
    r"\d{1,2}-\d{1,2}-\d{2}": ("%d-%m-%y", "%m-%d-%y"),
    r"(?:19|20)\d{6}": ("%Y%m%d",),
}
"""How a day looks, and the forms that it may have; where there are two, the cells or a person must say which."""
PLAIN_DAYS = {"%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"}
MONTH_FORMS = {
    r"(?:19|20)\d{2}-\d{1,2}": "%Y-%m",
    r"(?:19|20)\d{2}/\d{1,2}": "%Y/%m",
    r"(?:19|20)\d{2}\.\d{1,2}": "%Y.%m",
    r"\d{1,2}/(?:19|20)\d{2}": "%m/%Y",
    r"\d{1,2}\.(?:19|20)\d{2}": "%m.%Y",
    r"\d{1,2}-(?:19|20)\d{2}": "%m-%Y",
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])": "%Y%m",
}
IN_WORDS = re.compile(
    r"(\d{1,2}\.?[ -/]?)?(?:de |of )?([^\W\d_]{3,12})\.?[ -/,]*(?:de |of )?(\d{1,2},? )?((?:19|20)\d{2})|(?:19|20)\d{2}[ -]([^\W\d_]{3,12})"
)
YEAR = re.compile(r"(?:19|20)\d{2}[*†]?")
ENGLISH = {
    name[:3]
    for name in [
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
}


@dataclass(frozen=True)
class Marks:
    """Decimal and thousands mark."""

    decimal: str = "."
    thousands: str = ""
    open: str = ""
    """The question that the cells leave open; empty where they do not."""


@dataclass(frozen=True)
class Dates:
    """The forms that a file's dates have."""

    day: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    open: str = ""
    other: tuple[str, ...] = ()
    """The forms that are as possible, where the order is open."""


def written(cell: str) -> str:
    """A cell with single spaces."""
    return vocabulary.one_space(cell)


def is_number(cell: str) -> bool:
    """Whether it may be a number in whatever marks, with or without its unit."""
    return bool(NUMBER.fullmatch(cell)) and not DATE.fullmatch(cell)


def is_integer(cell: str) -> bool:
    """A whole number, or an interval or a sign of one."""
    return bool(re.fullmatch(r"[<>≤≥]?=? ?\d{1,7}\+?|\d{1,6} ?[-–] ?\d{1,6}|\*", cell))


def marks(cells: Iterable[str], delimiter: str, *, is_workbook: bool) -> Marks:
    """Decimal and thousands mark of the cells that are numbers.

    Args:
        is_workbook: its number cells need no marks and are written with a point here; a comma is a person's.
    """
    votes: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        votes.update(_votes(re.sub(r"[^\d.,'’` ].*$", "", cell.lstrip("<>≤≥~+- ")).strip()))
    if is_workbook and votes["decimal", ","]:
        votes["decimal", "."] = 0
    points, commas = votes["decimal", "."], votes["decimal", ","]
    unsure = {mark: votes["either", mark] for mark in ".,"}
    decimal = "," if commas > points else "." if points else ""
    said = "Some numbers are written with a decimal point, some with a decimal comma." if points and commas else ""
    if not decimal:
        decimal, said = _by_groups(votes, unsure, delimiter, is_workbook=is_workbook)
    groups = [mark for mark in (" ", "'", ".", ",") if votes["thousands", mark] and mark != decimal]
    other = "," if decimal == "." else "."
    if not groups and unsure[other]:
        groups = [other]
    return Marks(decimal, groups[0] if groups else "", said)


def _by_groups(
    votes: Counter[tuple[str, str]], unsure: dict[str, int], delimiter: str, *, is_workbook: bool
) -> tuple[str, str]:
    """The decimal mark where no number shows it: the one that parts no thousands; and the question."""
    for mark, other in ((".", ","), (",", ".")):
        if votes["thousands", mark]:
            return other, ""
    usual = "," if delimiter == ";" and not is_workbook else "."
    shown = [mark for mark in ".," if unsure[mark]]
    if not shown or (is_workbook and shown == ["."]):
        return usual, ""
    mark = shown[0]
    return usual, f"Is 1{mark}234 one and a bit, or more than a thousand? No number of the file tells."


def _votes(number: str) -> list[tuple[str, str]]:
    told = []
    if re.search(r"\d[ ]\d{3}(?!\d)", number):
        told.append(("thousands", " "))
    if re.search(r"\d['’`]\d{3}", number):
        told.append(("thousands", "'"))
    found = re.findall(r"[.,]", number)
    if len(set(found)) == 2:
        return [*told, ("decimal", found[-1]), ("thousands", found[0])]
    if len(found) > 1:
        return [*told, ("thousands", found[0])]
    if found:
        before, _, behind = number.replace(" ", "").replace("'", "").partition(found[0])
        is_either = len(behind) == 3 and 0 < len(before) < 4 and before != "0" and not told
        told.append(("either" if is_either else "decimal", found[0]))
    return told


# ---------- dates ----------


def day_of(cell: str, form: str) -> bool:
    """Whether the cell is a day in that form."""
    try:
        return datetime.strptime(cell.rstrip("."), form).year >= 1950
    except ValueError:
        return False


def date_kind(cell: str) -> str:
    """``day``, ``month`` or ``year`` where the cell may be one; empty where it is none."""
    cell = TIME.sub("", cell).strip()
    if any(
        re.fullmatch(shape, cell) and any(day_of(cell, form) for form in forms) for shape, forms in DAY_FORMS.items()
    ):
        return "day"
    if any(re.fullmatch(shape, cell) for shape in MONTH_FORMS):
        return "month"
    if YEAR.fullmatch(cell):
        return "year"
    found = IN_WORDS.fullmatch(cell)
    if not found or not month_languages([cell], is_any=True):
        return ""
    return "day" if found[1] or found[3] else "month"


def dates(cells: Sequence[str], *, is_month_first: bool = False) -> Dates:
    """The forms that the cells have, most first, and the languages of their months.

    Args:
        is_month_first: what is taken where the cells leave the order of day and month open.
    """
    cells = [TIME.sub("", cell).strip() for cell in cells]
    day: list[str] = []
    other: list[str] = []
    said = ""
    for shape, forms in DAY_FORMS.items():
        own = [cell for cell in cells if re.fullmatch(shape, cell)]
        if not own:
            continue
        hits = [sum(day_of(cell, form) for cell in own) for form in forms]
        if len(forms) == 2 and hits[0] == hits[1] and hits[0]:
            said = f"Is {next(cell for cell in own if day_of(cell, forms[0]))} day first or month first? No date of the file tells."
            forms = forms[::-1] if is_month_first else forms
            other.append(forms[1])
        elif len(forms) == 2:
            forms = forms if hits[0] > hits[1] else forms[::-1]
            if min(hits) > 0 and max(hits) < len(own):
                said = "Some dates can only be day first, others only month first."
                other.append(forms[1])
        if any(hits):
            day.append(forms[0])
    months = [form for shape, form in MONTH_FORMS.items() if any(re.fullmatch(shape, cell) for cell in cells)]
    return Dates(
        tuple(form for form in day if form not in PLAIN_DAYS),
        tuple(form for form in months if form != "%Y-%m"),
        month_languages(cells),
        said,
        tuple(other),
    )


def month_languages(cells: Iterable[str], *, is_any: bool = False) -> tuple[str, ...]:
    """The fewest languages that know the names of the months in the cells; none where English does.

    Args:
        is_any: English counts as one, so that a cell without a month's name can be told.
    """
    words = {
        word.rstrip(".").lower()
        for cell in cells
        for word in re.findall(r"[^\W\d_]{3,12}\.?", cell)
        if word.lower() not in ("den", "the")
    }
    left = {word for word in words if word[:3] not in ENGLISH or not word.isascii()}
    if is_any and words and not left:
        return ("en",)
    told: list[str] = []
    known = _by_language()
    while left:
        best = max(known, key=lambda language: len(left & known[language]))
        if not left & known[best]:
            break
        told.append(best)
        left -= known[best]
    return tuple(told)


def _by_language() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in vocabulary.rows("months"):
        found.setdefault(row["language"], set()).add(vocabulary.fold(row["word"]).rstrip("."))
    return found
