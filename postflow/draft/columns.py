"""Each column of a table to the field that it tells: by its name, by the words found in it, by the type of its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from postflow import tracking, vocabulary
from postflow.draft import headers, marks
from postflow.draft.table import Table

DATE_FIELDS = ("seized_on", "seized_until", "reported_on", "case_opened_on", "prosecuted_on", "verdict_on")
NUMBER_FIELDS = ("quantity", "seizures", "item_weight", "purity_pct", "suspects", "arrests")
COUNTRY_FIELDS = (
    "seizure_country",
    "departure_country",
    "destination_country",
    "production_country",
    "information_country",
)
WORD_FIELDS = (
    *("drug", "unit", "form", "transport", "channel_detail", "operator", "hiding_place", "place_type", "routing"),
    *("detection_method", "declared_contents", "advance_data"),
)
BY_WORDS = ("drug", "unit", "form", "transport", "hiding_place", "detection_method", "operator")
"""Fields that their words give away, whatever the column is called."""
SAMPLES = 8
NEARLY_ALL, MOST, HARDLY = 0.9, 0.6, 0.1
FEW_ROWS = 20
SENDER = {
    "sender",
    "afzender",
    "absender",
    "expéditeur",
    "avsändare",
    "afsender",
    "odesílatel",
    "mittente",
    "siuntėjas",
    "saatja",
    "remitente",
}
RECIPIENT = {
    "recipient",
    "consignee",
    "addressee",
    "ontvanger",
    "empfänger",
    "destinataire",
    "mottagare",
    "modtager",
    "příjemce",
    "destinatario",
    "gavėjas",
    "saaja",
}


@dataclass(frozen=True)
class Column:
    """One column of the file, and what it is taken for."""

    header: str
    field: str
    """The canonical column; ``ignored``: left aside; ``part``: one of the columns of a wide table."""
    reason: str
    by: str
    """name, words, type, shape, hand, or empty where nothing tells."""
    filled: int
    distinct: int
    samples: tuple[str, ...]
    """The commonest cells."""


@dataclass(frozen=True)
class Kinds:
    """What the cells of a column may be, as shares of those that are not blank."""

    header: str
    cells: tuple[str, ...]

    @cached_property
    def counted(self) -> Counter[str]:
        """Each cell and how often it stands there."""
        return Counter(self.cells)

    def share(self, is_so: Callable[[str], bool]) -> float:
        """The share of the cells that are no mark for missing; 0 of none."""
        return sum(rows for cell, rows in self.distinct.items() if is_so(cell)) / len(self.told) if self.told else 0.0

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The cells without marks for missing."""
        return tuple(cell for cell in self.cells if cell.lower() not in marks.MISSING)

    @cached_property
    def distinct(self) -> Counter[str]:
        """The same, each once, and how often it stands there."""
        return Counter(self.told)

    @cached_property
    def date(self) -> float:
        """Days, months or years."""
        return self.share(lambda cell: bool(marks.date_kind(cell)))

    @cached_property
    def day(self) -> float:
        """Days."""
        return self.share(lambda cell: marks.date_kind(cell) == "day")

    @cached_property
    def number(self) -> float:
        """Numbers in whatever marks."""
        return self.share(marks.is_number)

    @cached_property
    def integer(self) -> float:
        """Whole numbers."""
        return self.share(marks.is_integer)

    @cached_property
    def tracking(self) -> float:
        """Numbers with the check digit of an S10 number."""
        return self.share(tracking.s10_is_valid)

    @property
    def is_unique(self) -> bool:
        """Whether no cell stands there twice."""
        return bool(self.cells) and len(self.counted) == len(self.cells)

    def known(self, field: str) -> float:
        """Cells that are words of the field."""
        of = "concealment" if field == "hiding_place" else vocabulary.field_of(field)
        words = vocabulary.shared_words()
        return self.share(lambda cell: not cell.isdigit() and words.get((of, vocabulary.fold(cell))) not in (None, ""))

    def samples(self) -> tuple[str, ...]:
        """The commonest cells, the first of equally common ones first."""
        return tuple(cell for cell, _ in self.counted.most_common(SAMPLES))


@dataclass(frozen=True)
class _Guess:
    score: float
    field: str
    reason: str
    by: str


def match(table: Table, by_hand: Mapping[str, str], taken: Mapping[str, str]) -> tuple[Column, ...]:
    """Each column with its field, in the order of the file; a field is given once.

    Args:
        by_hand: header → field, as a person said it.
        taken: header → why it is one of the columns of a wide table.
    """
    kinds = {
        header: Kinds(header, tuple(table.cells(place)))
        for place, header in enumerate(table.head)
        if header or table.cells(place)
    }
    guesses = {
        header: _guesses(kind) for header, kind in kinds.items() if header not in by_hand and header not in taken
    }
    given = {
        header: _Guess(9, field, "a person chose it", "hand") for header, field in by_hand.items() if header in kinds
    }
    given |= {header: _Guess(9, "part", reason, "shape") for header, reason in taken.items() if header in kinds}
    given = _give(given, guesses)
    return tuple(_column(kind, given.get(header)) for header, kind in kinds.items())


def _give(given: dict[str, _Guess], guesses: Mapping[str, Sequence[_Guess]]) -> dict[str, _Guess]:
    """The best guess of all first; each column and each field once."""
    fields = {guess.field for guess in given.values()} - {"ignored", "part"}
    order = sorted(
        ((-guess.score, place, header, guess) for place, (header, own) in enumerate(guesses.items()) for guess in own),
        key=lambda item: item[:2],
    )
    for _, _, header, guess in order:
        if header in given or guess.field in fields:
            continue
        given[header] = guess
        if guess.field != "ignored":
            fields.add(guess.field)
    return _counts_or_amounts(_days_or_parts(given))


def _days_or_parts(given: dict[str, _Guess]) -> dict[str, _Guess]:
    """Where a column tells the day, columns of its year, month and day say nothing more."""
    fields = {guess.field: header for header, guess in given.items()}
    if "seized_on" not in fields or given[fields["seized_on"]].by == "type":
        return given
    for field in ("year", "month", "day", "fiscal_year"):
        header = fields.get(field)
        if header and given[header].by != "hand":
            given[header] = _Guess(1, "ignored", f"{fields['seized_on']!r} tells the date already", "shape")
    return given


def _counts_or_amounts(given: dict[str, _Guess]) -> dict[str, _Guess]:
    """A number that is called a count, beside a unit and without another amount, is the amount: ``Antal`` ``st``."""
    fields = {guess.field: header for header, guess in given.items()}
    header = fields.get("seizures", "")
    if header and "unit" in fields and "quantity" not in fields and given[header].by == "name":
        given[header] = _Guess(
            1, "quantity", f"{header!r} stands beside the unit {fields['unit']!r}, so it is the amount", "shape"
        )
    return given


def _column(kind: Kinds, guess: _Guess | None) -> Column:
    guess = guess or _Guess(0, "ignored", _nothing(kind), "")
    return Column(kind.header, guess.field, guess.reason, guess.by, len(kind.cells), len(kind.counted), kind.samples())


def _nothing(kind: Kinds) -> str:
    if not kind.cells:
        return "it is empty"
    if headers.is_total(kind.header):
        return "it adds up other columns"
    return "neither its name nor its cells say what it is"


# ---------- guesses ----------


def _guesses(kind: Kinds) -> list[_Guess]:
    field, surely = headers.field_of(kind.header)
    found = [*_by_name(kind, field, surely), *_by_words(kind), *_by_type(kind)]
    return [guess for guess in found if guess.score > 0]


def _by_name(kind: Kinds, field: str, surely: float) -> list[_Guess]:
    # A country of which the name says no more than that it is one may be of any end.
    if not field or (field == "seizure_country" and surely < headers.HOLDS_PHRASE):
        return []
    if field == "ignored":
        return [
            *_people(kind),
            _Guess(0.7, "ignored", "its name promises names, addresses or remarks, which are not kept", "name"),
        ]
    fit, said = fits(kind, field)
    if field == "seizures" and kind.is_unique and kind.integer > NEARLY_ALL and len(kind.cells) > FEW_ROWS:
        return [_Guess(0.8, "record_id", "it is a number that no other row has", "type")]
    if field == "month" and kind.date > MOST and kind.share(str.isdigit) < HARDLY:
        field = "seized_on"
    if fit < HARDLY:
        return []
    name = "its name says so" if surely == headers.EXACTLY else "its name holds a word for it"
    return [_Guess(surely * (0.5 + fit / 2), field, f"{name}{'; ' + said if said else ''}", "name")]


def _people(kind: Kinds) -> list[_Guess]:
    """A column of senders or recipients that holds countries only."""
    if kind.known("seizure_country") < NEARLY_ALL:
        return []
    name = headers.plain(kind.header)
    side = "departure_country" if name in SENDER else "destination_country" if name in RECIPIENT else ""
    return [_Guess(0.8, side, "its name says whose, its cells are countries", "words")] if side else []


def _is_year(cell: str) -> bool:
    return bool(marks.YEAR.fullmatch(cell) or headers.FISCAL_YEAR.fullmatch(cell.lower()))


def fits(kind: Kinds, field: str) -> tuple[float, str]:
    """How far the cells may be values of a field, 0 to 1, and a word on it; 1 where nothing can be said against it."""
    if not kind.told:
        return 1.0, "it is empty"
    if field in DATE_FIELDS:
        return kind.date, f"{kind.date:.0%} of its cells are dates"
    if field == "year":
        return kind.share(_is_year), ""
    if field in NUMBER_FIELDS:
        return kind.number, f"{kind.number:.0%} of its cells are numbers"
    if field in (*COUNTRY_FIELDS, *WORD_FIELDS):
        known = kind.known(field)
        # A word that is not known is asked about; a column of numbers is no column of words.
        return (
            0.0 if kind.number > MOST or kind.day > MOST else 0.6 + 0.4 * known
        ), f"{known:.0%} of its cells are words that are known"
    return 1.0, ""


def _by_words(kind: Kinds) -> list[_Guess]:
    """A field whose words most cells are; countries need a name, as they may be of any end."""
    if not kind.told or kind.number > MOST:
        return []
    found = [(kind.known(field), field) for field in BY_WORDS]
    return [
        _Guess(0.55 * share, field, f"{share:.0%} of its cells are words for {field.replace('_', ' ')}", "words")
        for share, field in found
        if share >= MOST
    ]


def _by_type(kind: Kinds) -> list[_Guess]:
    if kind.tracking > MOST:
        return [_Guess(0.9, "tracking_number", "its cells are tracking numbers of the post", "type")]
    if kind.day > NEARLY_ALL and len(kind.told) > 1:
        return [_Guess(0.3, "seized_on", f"{kind.day:.0%} of its cells are days", "type")]
    looks_like_one = all(re.search(r"\d", cell) and re.search(r"[^\W\d_]", cell) for cell in kind.told[:FEW_ROWS])
    if kind.is_unique and len(kind.cells) > FEW_ROWS and looks_like_one:
        return [_Guess(0.25, "record_id", "no two of its cells are alike", "type")]
    return []


def is_country_column(column: Column) -> bool:
    """Whether a column that is left aside holds countries, so that a person should say of which end."""
    words = [vocabulary.shared_words().get(("country", vocabulary.fold(cell))) for cell in column.samples]
    return column.by == "" and bool(words) and sum(word is not None for word in words) >= MOST * len(words)
