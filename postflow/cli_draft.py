"""The verb ``draft``: a first source.toml for a file that no source describes yet, and what would happen with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from postflow import disk, draft, home, pool, reading, trial
from postflow.draft import Draft, Said
from postflow.errors import PostflowError, SourceError, plain
from postflow.mapping import Delivery
from postflow.numbers import count, plural


def arguments(made: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    made.add_argument("file", metavar="FILE", type=Path)
    made.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where the folder of the source is made")
    made.add_argument("--id", default="", help="id of the source; else made of the file's name")
    made.add_argument("--contributor", default="", metavar="NAME", help="the service that gives the file")
    made.add_argument(
        "--country",
        default="",
        metavar="CC",
        help="its country, two letters; also of every seizure where no column tells",
    )
    made.add_argument("--sheet", default="", help="which sheet; else the one whose header is understood best")
    made.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="HEADER=FIELD",
        help="what a column is, such as Datum=seized_on or Namn=ignored",
    )


def run(args: argparse.Namespace) -> int:
    """Write the draft, and say on standard error what it is made of, what is open and what would happen."""
    with disk.work_folder() as work:
        glance = reading.look(args.file, work)
    known = {name: source for name, source in pool.every_source(args.pool).items() if not source.file.path}
    if found := draft.recognise(glance, known):
        _say(f"This file has the form of {found}: `python -m postflow add {found} {args.file}`. No draft is needed.")
        return 0
    said = Said(
        id=args.id,
        contributor=args.contributor,
        country=args.country.upper(),
        sheet=args.sheet,
        fields=_fields(args.field),
    )
    made = draft.draft(glance, home.today(), said)
    source = draft.source(made)
    path = args.out / source.id / "source.toml"
    if path.exists():
        raise SourceError("There is a declaration already.", file=str(path), next_step="Choose another --id or --out.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft.toml(made), encoding="utf-8")
    _say_draft(made)
    _say_trial(args, made)
    _say(f"\nWritten: {path}. Answer what is open in it, then `python -m postflow check {path} {args.file}`.")
    print(path)
    return 0


def _fields(told: Iterable[str]) -> dict[str, str]:
    fields = {}
    for pair in told:
        header, mark, name = pair.rpartition("=")
        if not mark:
            raise SourceError(
                "Say which column is which field.", field="--field", value=pair, next_step="Write HEADER=FIELD."
            )
        fields[header] = name
    return fields


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _say_draft(made: Draft) -> None:
    for warning in made.glance.warnings:
        _say(f"look at: {warning}")
    sheet = f", sheet {', '.join(made.table.sheets)}" if made.table.sheets else ""
    _say(f"{made.glance.file_name}: {made.glance.format}{sheet}, header in row {made.table.header_row}")
    for column in made.columns:
        what = {"ignored": "left aside", "part": "a part of the row"}.get(column.field, column.field)
        is_kept = column.field != "ignored" or not column.by
        seen = ", ".join(cell[:24] for cell in column.samples[:3]) if is_kept else ""
        _say(
            f"  {plain(column.header) or '(no name)'}: {what}, as {column.reason}"
            + (f"  [{plain(seen)}]" if seen else "")
        )
    if made.questions:
        _say("\nOpen:")
    for question in made.questions:
        _say(f"  ? {question.words}" + (f" Until then: {question.taken}." if question.taken else ""))


def _say_trial(args: argparse.Namespace, made: Draft) -> None:
    """What would happen with the draft as it stands; where it can't be read so, that is said and the draft stays."""
    name = disk.plain_name(args.file.name)
    try:
        told = trial.look(args.pool, Delivery(draft.source(made), args.file, name, home.today()))
    except PostflowError as error:
        _say(f"\nAs it stands the file cannot be read: {error}")
        return
    report = told.report
    _say(
        f"\nAs it stands: {count(report.rows_in)} rows = {count(report.rows_accepted)} accepted + {count(report.rows_quarantined)} held; "
        f"{count(report.possible_duplicates)} possible duplicate{plural(report.possible_duplicates)}, "
        f"{count(report.outliers)} beyond belief in weight."
    )
    for row in told.held.to_dict("records"):
        where = f"first row {row['first_row']}, {row['field']} {row['first_value']!r}"
        _say(f"  held: {count(row['rows'])} by “{row['reason'].rstrip('.')}”, {where}")
    for word in told.words:
        near = f"; near: {', '.join(word.near)}" if word.near else ""
        _say(f"  not known: {word.field} {word.word!r}, {count(word.rows)} row{plural(word.rows)}{near}")
