"""What a file leaves open, so that a person is asked and nothing is guessed in silence."""

from __future__ import annotations

from collections.abc import Iterator

from postflow.draft import columns, headers
from postflow.draft.value import FISCAL_YEARS, STRICT, Draft, Question

UNITS = ("kg", "g", "tablets", "mg", "lb", "oz")
TLPS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")


def open_questions(draft: Draft) -> Iterator[Question]:
    """The questions, those on which numbers depend first."""
    yield from _places_and_days(draft)
    yield from _amounts(draft)
    yield from _columns(draft)
    yield from _terms(draft)


def _places_and_days(draft: Draft) -> Iterator[Question]:
    if not any(draft.has(name) for name in ("seized_on", "year", "fiscal_year", "month")):
        yield Question("fields", "No column tells when. Which one is the date of seizure?", "")
    if draft.dates.open and not draft.said.day:
        yield Question("day", draft.dates.open, (draft.dates.day or ("",))[0], (*draft.dates.day, *draft.dates.other))
    if not draft.header_of("seizure_country") and not draft.said.seizure_country:
        yield Question(
            "seizure_country",
            "No column tells the seizing country. In which country were all of these seized (two letters)?",
            draft.seizing_country(),
        )
    if (draft.wide.fiscal or draft.has("fiscal_year")) and not draft.said.fiscal_basis:
        yield Question(
            "fiscal_basis",
            "Some years are fiscal years: do they begin in October (us_fy), July (au_fy) or April (uk_fy)?",
            FISCAL_YEARS.get(draft.country, ""),
            ("us_fy", "au_fy", "uk_fy"),
        )


def _amounts(draft: Draft) -> Iterator[Question]:
    if draft.marks.open and not draft.said.marks:
        yield Question(
            "marks",
            draft.marks.open,
            f"{draft.marks.decimal} {draft.marks.thousands}".strip(),
            (".", ", .", ",", ". ,"),
        )
    has_unit = draft.header_of("unit") or draft.unit()
    if draft.wide.measure and not draft.said.measure:
        yield Question(
            "measure", "What do the cells of the wide table count?", draft.wide.measure, ("seizures", "quantity")
        )
    is_bare = draft.header_of("quantity") or draft.wide.needs_unit
    if is_bare and not has_unit:
        yield Question("unit", "No column and no header tells the unit of the amounts. Which is it?", "", UNITS)
    if draft.header_of("item_weight") and not draft.said.item_weight_unit and not item_weight_unit(draft):
        yield Question(
            "item_weight_unit", "Which unit has the weight of the whole item?", "kg", ("kg", "g", "lb", "oz")
        )
    if not draft.has("drug"):
        yield Question("fields", "No column tells the drug. Which one is it?", "")
    is_listed = draft.header_of("record_id") or draft.has("seizures") or draft.said.each_row
    if not is_listed:
        yield Question(
            "each_row",
            "Nothing numbers the rows and nothing counts. What does a row stand for?",
            "no count" if draft.by_year() and draft.has("quantity") else "one seizure",
            ("one seizure", "no count"),
        )


def _columns(draft: Draft) -> Iterator[Question]:
    for column in draft.columns:
        if columns.is_country_column(column):
            yield Question(
                "fields", f"{column.header!r} holds countries: of departure, of destination, or of which end?", ""
            )
    day = next((column for column in draft.columns if column.field == "seized_on"), None)
    if day and day.by != "hand" and headers.field_of(day.header)[1] < headers.HOLDS_PHRASE:
        yield Question("fields", f"Is {day.header!r} the date of seizure? Its name does not quite say so.", "seized_on")
    if not draft.header_of("record_id") and not draft.has("seizures") and not draft.by_year():
        yield Question(
            "fields",
            "No column numbers the records: rows that are alike in all cells will be marked as possible duplicates.",
            "",
        )
    if not draft.said.supersedes:
        yield Question(
            "supersedes",
            "Does the next file hold new records only, whole months anew, or everything anew?",
            "record",
            ("record", "month", "series"),
        )


def _terms(draft: Draft) -> Iterator[Question]:
    if not draft.said.contributor:
        yield Question("contributor", "Which service gives the file?", STRICT["contributor"])
    if not draft.said.country:
        yield Question(
            "country", "Of which country is it (two letters; ZZ for an international body)?", STRICT["country"]
        )
    if not draft.said.licence:
        yield Question(
            "licence",
            "Under which licence may its rows be passed on? Until somebody says so they may not.",
            STRICT["licence"],
            ("not-stated", "permission", "CC-BY-4.0", "CC0-1.0", "US-public-domain"),
        )
    if not draft.said.tlp:
        yield Question("tlp", "How may its rows be handled?", STRICT["tlp"], TLPS)


def item_weight_unit(draft: Draft) -> str:
    """The unit that the header of the whole item's weight tells."""
    return headers.unit_of(draft.header_of("item_weight"))
