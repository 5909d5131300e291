"""``brief`` and ``deck``: files made on the command line from the same figures as on the page, so that cron can make them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from postflow import builds, exports, home, pool, queries, wording
from postflow import choice as choices
from postflow import deck as decks
from postflow.cli_filters import filter_arguments, scope_of
from postflow.errors import ExportError, PoolError
from postflow.scope import Scope
from postflow.view import Data, Fetch, View

DASHBOARD = choices.scope(choices.DEFAULT)
"""What the pages start from."""


def brief_arguments(made: argparse.ArgumentParser) -> None:
    """Options of ``brief``."""
    made.epilog = "Without filters it is the briefing that the dashboard opens with; --any lifts its filters for drug, departure and destination."
    made.add_argument("--format", choices=exports.BRIEFING, default="pdf")
    made.add_argument(
        "--out", type=Path, metavar="FILE", help="default: postflow-briefing and the suffix, here; - is standard output"
    )
    made.add_argument("--link", metavar="LINK", help="a copied link, in place of filters")
    made.add_argument("--any", action="store_true", help="filter nothing that is not asked for")
    made.add_argument(
        "--measure", choices=tuple(wording.MEASURES), default="count", help="which leads; both are always said"
    )
    filter_arguments(made, period="year")


def deck_arguments(made: argparse.ArgumentParser) -> None:
    """Options of ``deck``."""
    made.add_argument("file", metavar="FILE", type=Path, help="a deck that the dashboard saved (.toml or .json)")
    made.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=f"the suffix says which: {', '.join(exports.DECK)}"
    )
    made.add_argument("--template", type=Path, metavar="FILE", help="slides of your own organisation (.pptx)")
    made.add_argument("--strict", action="store_true", help="make nothing when a slide cannot be drawn")


def in_use(pool_name: str, build_id: str = "") -> pool.PoolFile:
    """The build in use, or one of the kept ones; what is amiss with it is said.

    Raises:
        PoolError: there is none.
    """
    found = (pool.kept(pool_name, build_id) if build_id else None) or pool.current(pool_name)
    if found is None:
        raise PoolError(
            "There is no pool yet.",
            next_step="Run `python -m postflow build`."
            if pool_name == "real"
            else "Run `python -m postflow exercise`.",
        )
    if found.amiss:
        _say(f"postflow: {found.amiss}")
    return found


@contextmanager
def opened(pool_name: str, build_id: str = "") -> Generator[tuple[Fetch, Data]]:
    """The pool in use, or one of its kept builds, as rows and as captions name it.

    Raises:
        PoolError: there is none.
    """
    found = in_use(pool_name, build_id)
    with builds.reading(found) as con:
        known: dict[str, pd.DataFrame] = {}

        def fetch(name: str, **params: queries.Value) -> pd.DataFrame:
            said = f"{name} {sorted(params.items())!r}"
            if said not in known:
                known[said] = queries.run(con, name, **params)
            return known[said]

        yield fetch, Data(found.pool, found.build_id, found.data_through)


def brief(args: argparse.Namespace) -> int:
    """Make the briefing."""
    from postflow.figures import briefing  # the statistics behind it cost seconds that other verbs need not pay

    asked = _asked(args)
    name = "".join(asked.get("pool", [])[-1:]) or args.pool
    if name not in home.POOLS:
        raise PoolError(
            "There is no such pool.", field="pool", value=name, next_step=f"There are: {', '.join(home.POOLS)}."
        )
    with opened(name, "".join(asked.get("build", [])[-1:])) as (fetch, data):
        view = _view(args, fetch, data)
        made = briefing.make(fetch, view)
        out = exports.gate(made, view, args.format, sources=fetch("charts/sources", scope=view.scope))
        _write(exports.make(out), args.out or Path(f"postflow-briefing{exports.FORMATS[args.format].suffix}"), out.mark)
    return 0


def _asked(args: argparse.Namespace) -> Mapping[str, list[str]]:
    return parse_qs(_query(args.link)) if args.link else {}


def _query(link: str) -> str:
    """What a link asks for, whether it is a whole address or only what follows its question mark.

    Raises:
        ExportError: it is no address.
    """
    try:
        return urlsplit(link).query or link.lstrip("?")
    except ValueError as error:
        raise ExportError(
            f"The link cannot be read: {error}.",
            field="--link",
            value=link[:80],
            next_step="Copy it whole from the address bar of the dashboard.",
        ) from None


def _view(args: argparse.Namespace, fetch: Fetch, data: Data) -> View:
    if args.link:
        from postflow import redraw

        view, _, said = redraw.view_of(_query(args.link), fetch, data)
        for words in said:
            _say(f"postflow: {words}")
        return view
    asked = scope_of(args)
    start = Scope() if args.any else DASHBOARD
    kept = {
        name: getattr(start, name) if getattr(asked, name) is None else getattr(asked, name)
        for name in ("drugs", "departures", "destinations")
    }
    basis = args.period if args.period in wording.BASES else "year"
    return View(data, replace(asked, **kept), basis, args.measure)


def deck(args: argparse.Namespace) -> int:
    """Draw a saved deck on today's data and say what changed since it was made."""
    from postflow import redraw

    saved, form = decks.open_file(args.file), args.out.suffix.removeprefix(".").lower()
    if form not in exports.DECK:
        raise ExportError(
            "No such format for a deck.",
            field="--out",
            value=str(args.out.name),
            next_step=f"End the name in {wording.joined([f'.{name}' for name in exports.DECK], ' or ')}.",
        )
    if not saved.slides:
        raise ExportError(
            "The deck has no slides.", file=str(args.file), next_step="Add figures to it in the dashboard."
        )
    name = parse_qs(saved.slides[0].link).get("pool", ["real"])[-1]
    with opened(name if name in home.POOLS else args.pool) as (fetch, data):
        drawn = redraw.deck(saved, fetch, data)
        for part, change in zip(drawn, decks.compare(saved, [part.figure for part in drawn]), strict=True):
            _say("\n".join([change.words, *(f"  {words}" for words in part.said)]))
        lost = sum(part.figure is None for part in drawn)
        if lost and args.strict:
            raise ExportError(
                f"{lost} of {len(drawn)} slides cannot be drawn; nothing was made.",
                file=str(args.file),
                next_step="Leave --strict away, or mend the deck.",
            )
        out = exports.gate(redraw.items(drawn), View(data), form, title=saved.title)
        options = {"template": args.template} if args.template and form == "pptx" else {}
        _write(exports.make(out, **options), args.out, out.mark)
    return 0


def _write(data: bytes, path: Path, mark: str) -> None:
    if str(path) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        exports.save(data, path)
        _say(f"{path}: {len(data) / 1000:.0f} kB, marked {mark}.")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
