"""``query``: rows of a query by name. What can be passed on as a file passes the one gate, as on the page.

Rows go to standard output, bare, so that programs can read them; caption and handling mark go to standard error. A file
that ``--out`` names holds both.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import duckdb
import pandas as pd

from postflow import builds, captions, cli_exports, exports, queries, redraw, wording
from postflow.cli_filters import codes, drugs, filter_arguments, scope_of
from postflow.errors import ExportError, QueryError, ScopeError, nearest
from postflow.exports import Outgoing, cells
from postflow.exports.gate import may_leave
from postflow.figure import Figure
from postflow.pool import PoolFile
from postflow.scope import PERIOD_BASES, Scope
from postflow.view import Data, View

MORE_ROWS = 1_000_000_000
OPEN = ("charts", "data_room", "records")
"""The folders whose queries work on a pool as it is; the others need a file that is being read."""
DIMENSIONS = ("drug", "departure", "destination", "corridor", "channel", "side", "reporter", "source")
FILES = ("csv", "json", "xlsx", "parquet")


def arguments(made: argparse.ArgumentParser) -> None:
    """Options of ``query``."""
    made.add_argument("name", metavar="NAME", help="such as charts/corridors")
    filter_arguments(made)
    made.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="another parameter of the query"
    )
    made.add_argument("--format", choices=("table", "csv", "json"), default="table", help="on standard output")
    made.add_argument(
        "--out", type=Path, metavar="FILE", help=f"a file with its caption inside: {', '.join(FILES)}, by its suffix"
    )


def query(args: argparse.Namespace) -> int:
    """Run it and write its rows."""
    if args.name.split("/")[0] not in OPEN and args.name in queries.names():
        raise QueryError(
            "This query works on a file while it is read, not on a pool.",
            field="query",
            value=args.name,
            next_step="`python -m postflow queries` lists those that can be asked.",
        )
    form = _form(args.out)
    params = _params(args)
    found = cli_exports.in_use(args.pool)
    with builds.reading(found) as con:
        rows = queries.released(con, args.name, **params)
        if not form and args.format == "table":
            print(_table(rows))
            return 0
        out, rows = _let_out(con, found, args, rows, form or "csv", params.get("scope"))
    if form:
        exports.save(_file(out, rows, form), args.out)
        _say(f"{args.out}: {len(rows)} rows, marked {out.mark}.")
        return 0
    print(_json(rows) if args.format == "json" else cells.csv(_joined(rows), "\n"), end="")
    for line in out.caption:
        _say(line)
    return 0


def _form(out: Path | None) -> str:
    form = out.suffix.removeprefix(".").lower() if out else ""
    if out and form not in FILES:
        raise ExportError(
            "No such format for rows.",
            field="--out",
            value=out.name,
            next_step=f"End the name in {wording.joined([f'.{name}' for name in FILES], ' or ')}.",
        )
    return form


def _let_out(
    con: duckdb.DuckDBPyConnection,
    found: PoolFile,
    args: argparse.Namespace,
    rows: pd.DataFrame,
    form: str,
    asked: queries.Value,
) -> tuple[Outgoing, pd.DataFrame]:
    """The rows through the gate, and those of them that may be passed on as they came from the pool."""
    scope = asked if isinstance(asked, Scope) else Scope()

    def fetch(name: str, **params: queries.Value) -> pd.DataFrame:
        return queries.run(con, name, **params)

    basis = args.period if args.period in wording.BASES else "year"
    view = View(Data(found.pool, found.build_id, found.data_through), scope, basis)
    figure = Figure(
        args.name.replace("/", "_"),
        queries.grain(args.name),
        args.name,
        captions.caption(fetch, view),
        _joined(rows),
        is_context=not isinstance(asked, Scope),
    )
    behind = redraw.sources(figure, fetch, view)
    kept, withheld = may_leave(rows, behind)
    out = exports.gate(figure, view, "csv" if form == "json" else form, sources=behind)
    if withheld:
        _say(f"postflow: {withheld}")
    return out, kept


def _params(args: argparse.Namespace) -> dict[str, queries.Value]:
    """What the query takes, from the filters and from --param.

    Raises:
        QueryError, ScopeError: a parameter or a value is not known.
    """
    wanted = queries.parameters(args.name)
    own = _pairs(args.param, wanted)
    params: dict[str, queries.Value] = {
        "scope": scope_of(args),
        "period": args.period,
        "dimension": "drug",
        "row_limit": MORE_ROWS,
        "row_offset": 0,
        "reporters": None,
        "drugs": None,
    }
    missing = wanted - params.keys() - own.keys()
    if missing:
        raise ScopeError(
            "The query needs more parameters.",
            field="--param",
            value=", ".join(sorted(missing)),
            next_step="Give each as --param NAME=VALUE.",
        )
    params |= {name: _value(name, text) for name, text in own.items()}
    return {name: params[name] for name in wanted}


def _pairs(given: list[str], wanted: frozenset[str]) -> dict[str, str]:
    own = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign:
            raise QueryError(
                "A parameter needs a value.", field="--param", value=pair, next_step="Write it as --param NAME=VALUE."
            )
        if name not in wanted or name == "scope":
            takes = ", ".join(sorted(wanted - {"scope"})) or "none"
            raise QueryError(
                "The filters are no parameter." if name == "scope" else "The query has no such parameter.",
                field="--param",
                value=name,
                next_step="Use --drug, --departure, --from and the other options."
                if name == "scope"
                else nearest(name, wanted, f"It takes: {takes}."),
            )
        own[name] = value
    return own


def _value(name: str, text: str) -> queries.Value:
    if name in ("row_limit", "row_offset"):
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise ScopeError("Not a whole number.", field=f"--param {name}", value=text, next_step="Write 0, 1, 2 …")
        return int(text)
    if name == "reporters":
        return list(codes([text]) or ())
    if name == "drugs":
        return list(drugs([text]) or ())
    known = {"period": PERIOD_BASES, "dimension": DIMENSIONS}.get(name, ())
    if known and text not in known:
        raise ScopeError(
            f"Not a {name}.",
            field=f"--param {name}",
            value=text,
            next_step=nearest(text, known, f"There are: {', '.join(known)}."),
        )
    return text


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    """Days as they are written, and a list in one cell parted by semicolons, as files write it."""
    rows = rows.copy()
    for name in rows.select_dtypes(include="datetime").columns:
        rows[name] = rows[name].dt.strftime("%Y-%m-%d")
    for name in rows.columns:
        rows[name] = rows[name].map(
            lambda cell: (
                ";".join(str(item) for item in cell)
                if hasattr(cell, "__iter__") and not isinstance(cell, str)
                else cell
            )
        )
    return rows


def _table(rows: pd.DataFrame) -> str:
    return _joined(rows).to_string(index=False, na_rep="–") if len(rows) else "No rows in this scope."


def _json(rows: pd.DataFrame) -> str:
    return f"{rows.to_json(orient='records', date_format='iso', force_ascii=False)}\n"


def _file(out: Outgoing, rows: pd.DataFrame, form: str) -> bytes:
    if form != "json":
        return exports.make(out)
    told = {"caption": out.caption, "mark": out.mark, "synthetic": out.is_synthetic, "rows": json.loads(_json(rows))}
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
