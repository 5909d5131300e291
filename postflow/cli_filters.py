"""The filters of the command line, as people write them: names, codes or groups, months, quarters or years."""

from __future__ import annotations

import argparse
from datetime import date

from postflow import pool, scope, vocabulary
from postflow.errors import ScopeError, nearest


def filter_arguments(made: argparse.ArgumentParser, period: str = "month") -> None:
    """The filters, as every verb takes them."""
    for option in ("drug", "departure", "destination", "channel", "side", "source"):
        made.add_argument(
            f"--{option}", action="append", metavar="VALUE", help="may be repeated, or listed with commas"
        )
    made.add_argument("--from", dest="month_from", metavar="PERIOD", help="2016, 2016-03, 2016-Q1 or FY2016")
    made.add_argument("--to", dest="month_to", metavar="PERIOD")
    made.add_argument("--period", choices=scope.PERIOD_BASES, default=period, help="length and calendar of a period")
    made.add_argument("--without-duplicates", action="store_true", help="leave possible duplicates out")
    made.add_argument("--without-inferred", action="store_true", help="read inferred destinations as not stated")
    made.add_argument("--without-outliers", action="store_true", help="leave records of weight beyond belief out")
    made.add_argument("--before-linking", action="store_true", help="count a seizure that two services reported twice")


def codes(values: list[str] | None) -> tuple[str, ...] | None:
    """Countries as people write them, or named groups, as codes.

    Raises:
        ScopeError: a country is not known.
    """
    if values is None:
        return None
    words, found = vocabulary.shared_words(), []
    groups = {vocabulary.fold(name): codes for name, codes in vocabulary.country_groups().items()}
    for value in _split(values):
        if vocabulary.fold(value) in groups:
            found += groups[vocabulary.fold(value)]
        elif ("country", vocabulary.fold(value)) in words:
            found.append(words["country", vocabulary.fold(value)])
        else:
            listed = f"Write an ISO code, a name, or one of: {', '.join(vocabulary.country_groups())}."
            known = [*groups, *(word for field, word in words if field == "country" and len(word) > 3)]
            raise ScopeError(
                "Not a country or group.", field="country", value=value, next_step=nearest(value, known, listed)
            )
    return tuple(dict.fromkeys(found))


def _split(values: list[str]) -> list[str]:
    parts = [part.strip() for value in values for part in value.split(",") if part.strip()]
    if not parts:
        raise ScopeError("A filter needs a value.", next_step="Leave the option away, or write what it is to keep.")
    return parts


def _listed(values: list[str] | None, field: str, known: dict[str, str]) -> tuple[str, ...] | None:
    """Values that must be one of the known ones; case and their words of the vocabulary do not matter."""
    if values is None:
        return None
    found = []
    for value in _split(values):
        if vocabulary.fold(value) not in known:
            raise ScopeError(
                f"Not a {field} in this pool.",
                field=field,
                value=value,
                next_step=nearest(value, known, f"There are: {', '.join(sorted(set(known.values()))[:40])}."),
            )
        found.append(known[vocabulary.fold(value)])
    return tuple(dict.fromkeys(found))


def drugs(values: list[str] | None) -> tuple[str, ...] | None:
    """Drugs in any word of the vocabulary, as it writes them.

    Raises:
        ScopeError: a drug is not known.
    """
    words = {word: canonical for (field, word), canonical in vocabulary.shared_words().items() if field == "drug"}
    return _listed(values, "drug", words)


def _span(args: argparse.Namespace) -> tuple[date | None, date | None]:
    first = None if args.month_from is None else scope.months_of(args.month_from, args.period)[0]
    last = None if args.month_to is None else scope.months_of(args.month_to, args.period)[1]
    if first and last and first > last:
        raise ScopeError(
            "The period ends before it starts.",
            field="--from, --to",
            value=f"{args.month_from}, {args.month_to}",
            next_step=f"Write --from {args.month_to} --to {args.month_from}, or leave one end open.",
        )
    return first, last


def scope_of(args: argparse.Namespace) -> scope.Scope:
    """The filters of a command line; what was not asked for is not filtered.

    Raises:
        ScopeError: a value is not known.
    """
    channels = {
        row["canonical"]: row["canonical"] for row in vocabulary.rows("vocabulary") if row["field"] == "channel"
    }
    sides = {side: side for side in ("export", "transit", "import", "domestic", "unknown")}
    series = {name: name for source in pool.every_source(args.pool).values() for name in (source.id, source.series_id)}
    first, last = _span(args)
    return scope.Scope(
        drugs=drugs(args.drug),
        departures=codes(args.departure),
        destinations=codes(args.destination),
        channels=_listed(args.channel, "channel", channels),
        sides=_listed(args.side, "side", sides),
        sources=_listed(args.source, "source", series),
        month_from=first,
        month_to=last,
        possible_duplicates=not args.without_duplicates,
        inferred_destinations=not args.without_inferred,
        outliers=not args.without_outliers,
        same_seizure_once=not args.before_linking,
    )
