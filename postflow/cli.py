"""The command line: ``python -m postflow <verb>``. Data go to standard output, words about them to standard error.

Exit codes: 0 done; 1 refused, with a message that says what to do; 2 the command was not understood; 130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from postflow import builds, cli_exports, cli_query, disk, home, limits, pool, queries, sources
from postflow.cli_parser import Parser, port, scale, seed
from postflow.errors import PoolError, PostflowError, SourceError, nearest
from postflow.mapping import Delivery
from postflow.numbers import count

ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    _speak_utf8()
    args = _parser().understood(argv)
    try:
        return args.run(args) or 0
    except PostflowError as error:
        print(f"postflow: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _speak_utf8() -> None:
    """Rows are UTF-8 on every machine; a name that is no text is written out rather than stopping half-way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if stream is sys.stdout else None, errors="backslashreplace")


def _parser() -> Parser:
    parser = Parser(prog="python -m postflow", description="Pooled drug-seizure data: trends, flows, evidence.")
    parser.add_argument("--pool", choices=home.POOLS, default="real", help="which pool; the exercise pool is synthetic")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run: object, help_text: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=help_text, description=help_text)
        made.add_argument("--pool", choices=home.POOLS, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        made.set_defaults(run=run, parser=made)
        return made

    verb("build", _build, "make the pool from every shipped and added file, and publish it")
    for name, help_text in (
        ("add", "check files, keep them and publish the pool with them"),
        ("check", "say what add would do, keeping nothing"),
    ):
        made = verb(name, _add, help_text)
        made.set_defaults(keep=name == "add")
        made.add_argument("source", metavar="SOURCE", help="id of a source, or the path of a source.toml")
        made.add_argument("files", metavar="FILE", nargs="+", type=Path)
    from postflow import cli_draft

    cli_draft.arguments(
        verb("draft", cli_draft.run, "write a first source.toml for a file that no source describes yet")
    )
    made = verb("withdraw", _withdraw, "take an added file out of the pool, and build it without")
    made.add_argument("source", metavar="SOURCE", help="id of its source")
    made.add_argument("file", metavar="FILE", help="the name it was delivered under, or its checksum")
    cli_query.arguments(verb("query", cli_query.query, "rows of a query, as table, csv or json"))
    cli_exports.brief_arguments(verb("brief", cli_exports.brief, "one page that says what changed, as a file"))
    cli_exports.deck_arguments(verb("deck", cli_exports.deck, "a saved deck drawn on today's data, as a file"))
    made = verb("exercise", _exercise, "write the synthetic exercise with its known truth, and build its pool")
    made.add_argument(
        "--seed", type=seed, default=20261123, help="which made-up world; the same seed gives the same bytes"
    )
    made.add_argument("--scale", type=scale, default=1.0, help="1 is about 40,000 seizures")
    made.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="where the delivered files and the truth go"
    )
    made.add_argument("--if-missing", action="store_true", help="do nothing where this exercise is in use already")
    verb("sources", _sources, "the sources of the pool")
    verb("queries", _queries, "the queries, and what one row of each is")
    verb("status", _status, "the build in use and what is in it")
    made = verb("serve", _serve, "start the dashboard on this machine and print its address")
    made.add_argument("--port", type=port, default=os.environ.get("PORT", "8501"))
    return parser


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _build(args: argparse.Namespace) -> int:
    published, reports = pool.build(args.pool, progress=_say)
    for report in reports:
        _say_report(report)
    _say(f"Pool {args.pool}, build {published.build_id}, data to {published.data_through or 'nothing yet'}.")
    return 0


def _add(args: argparse.Namespace) -> int:
    source, declared = _source(args.source, args.pool)
    received = home.today()
    paths = args.files
    beside = Path(args.source).parent / source.file.path if declared and source.file.path else None
    if beside and not any(disk.is_file(path) and path.samefile(beside) for path in paths if beside.exists()):
        paths = [*paths, sources.file_of(source, Path(args.source).parent)]
    added = [Delivery(source, path, disk.plain_name(path.name), received) for path in paths]
    published, reports = pool.add(args.pool, added, keep=args.keep, progress=_say, declared=declared)
    for report in reports:
        _say_report(report)
    _say(
        f"Published: pool {args.pool}, build {published.build_id}, data to {published.data_through}."
        if published
        else "Nothing was kept: this was a check."
    )
    return 0


def _withdraw(args: argparse.Namespace) -> int:
    with pool.locked(args.pool):
        found = [
            receipt
            for receipt in home.receipts(args.pool)
            if receipt.source_id == args.source and args.file in (receipt.file_name, receipt.sha256)
        ]
        if len(found) != 1:
            listed = [f"{one.source_id} {one.sha256} {one.file_name}" for one in found or home.receipts(args.pool)]
            raise SourceError(
                "Several files were received under this name." if found else "No such file was received.",
                file=args.file,
                field="source",
                value=args.source,
                next_step="\n".join(
                    ["Name its checksum. Received were:" if listed else "Nothing was received.", *listed]
                ),
            )
        home.withdraw(args.pool, found[0])
    _say(f"Withdrawn: {found[0].file_name} of {found[0].source_id}, received on {found[0].received_on}.")
    return _build(args)


def _source(name: str, pool_name: str) -> tuple[sources.Source, dict[str, str]]:
    """The source, and the text of its declaration where it is given by path and so not known yet."""
    path = Path(name)
    if path.suffix == ".toml" or disk.is_file(path / "source.toml"):
        path = path if path.suffix == ".toml" else path / "source.toml"
        source = sources.load(path)
        _refuse_other_pool(source, pool_name, path)
        return source, {source.id: sources.text_of(path)}
    known = pool.every_source(pool_name)
    if name in known:
        return known[name], {}
    if name in pool.broken_sources():
        raise pool.broken_sources()[name]
    raise SourceError(
        "There is no such source.",
        field="source",
        value=name,
        next_step=nearest(name, known, f"There are: {', '.join(known)}.")
        + " docs/add-a-source.md says how to add one.",
    )


def _refuse_other_pool(source: sources.Source, pool_name: str, path: Path) -> None:
    other = next(name for name in home.POOLS if name != pool_name)
    if source.synthetic != (pool_name == "exercise"):
        raise SourceError(
            "Real and synthetic sources never share a pool.",
            file=str(path),
            field="synthetic",
            value=str(source.synthetic),
            next_step="Choose the other --pool.",
        )
    if source.id in pool.every_source(other):
        raise SourceError(
            f"The {other} pool has a source of this id, which this one would take the place of.",
            file=str(path),
            field="id",
            value=source.id,
            next_step="Choose another id.",
        )


def _say_report(report: pool.Report) -> None:
    span = f", {report.month_from} to {report.month_to}" if report.month_from else ""
    _say(
        f"{report.source_id}: {report.file_name}: {count(report.rows_in)} rows in = {count(report.rows_accepted)} accepted + {count(report.rows_quarantined)} in quarantine{span}."
    )
    for warning in report.warnings:
        _say(f"  look at: {warning}")
    if report.possible_duplicates or report.outliers:
        _say(
            f"  Marked: {count(report.possible_duplicates)} possible duplicates, {count(report.outliers)} beyond belief in weight; all kept and counted."
        )
    if report.told_by_newer:
        _say(
            f"  {count(report.told_by_newer)} of them are told by a newer edition already:"
            " kept and listed, not counted; what it tells stays as it is."
        )
    for row, _, field, value, reason in report.held:
        _say(f"  row {row}, {field} {value!r}: rule “{reason}”")
    if report.rows_quarantined > len(report.held):
        _say(f"  … and {count(report.rows_quarantined - len(report.held))} more; the Data room lists them all.")
    for field, word, rows in report.unlisted:
        _say(
            f"  not in the vocabulary: {field} {word!r}, {count(rows)} rows; kept as reported, read as unknown. Add it under [values.{field}]."
        )


def _exercise(args: argparse.Namespace) -> int:
    from postflow.exercise import pooling

    if args.if_missing and pooling.is_made(args.seed, args.scale):
        _say("The exercise pool is made already.")
        return 0
    truth, published, reports = pooling.make(args.seed, args.scale, args.out, progress=_say)
    for report in reports:
        _say(
            f"  SYNTHETIC {report.source_id}: {count(report.rows_in)} rows in = {count(report.rows_accepted)} accepted + {count(report.rows_quarantined)} in quarantine."
        )
    _say(f"SYNTHETIC exercise pool, build {published.build_id}; delivered files and truth.json in {truth.folder}.")
    return 0


def _sources(args: argparse.Namespace) -> int:
    for source in pool.every_source(args.pool).values():
        how = "shipped" if source.file.path else "add the file"
        print(f"{source.id:24} {source.kind:10} {source.handling.tlp:12} {how:13} {source.title}")
    for error in pool.broken_sources().values():
        _say(f"postflow: {error}")
    return 0


def _queries(args: argparse.Namespace) -> int:
    del args
    for name in queries.names():
        if name.split("/")[0] in queries.RELEASED:
            print(f"{name:48} {queries.grain(name)}")
    return 0


def _status(args: argparse.Namespace) -> int:
    found = cli_exports.in_use(args.pool)
    print(f"Pool {found.pool}, build {found.build_id}, data to {found.data_through}\n{found.path}")
    with builds.reading(found) as con:
        rows = con.execute(
            """select source_id, file_name, rows_in, rows_accepted, rows_quarantined, rows_superseded
            from delivery order by all"""
        ).df()
        lost = con.execute("select source_id, file_name, reason, next_step from left_out order by all").fetchall()
        inside = {
            row[0]
            for row in con.execute("select sha256 from delivery union all select sha256 from left_out").fetchall()
        }
    print(rows.to_string(index=False))
    for source_id, file_name, reason, next_step in lost:
        print(f"LEFT OUT {source_id}: {file_name}: {reason} {next_step}")
    for words in pool.amiss(args.pool, found, inside):
        _say(words)
    return 0


def _serve(args: argparse.Namespace) -> int:
    """Run Streamlit, wake it, and print where it is; ends when it ends."""
    cli_exports.in_use("real")
    address = f"http://127.0.0.1:{args.port}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that whoever ends this ends the server with it
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(args.port)]
    command += ["--server.maxUploadSize", str(limits.current().upload_mb)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(240):
                if server.poll() is not None:
                    raise PoolError(
                        "The server did not start.",
                        next_step=f"See whether port {args.port} is taken; --port chooses another.",
                    )
                if _answers(f"{address}/_stcore/health"):
                    break
                time.sleep(0.25)
            # Without this, the first deep link to a cold server shows a false "page not found".
            _answers(f"{address}/_stcore/script-health-check")
            print(f"Postflow runs at {address}  (stop with Ctrl+C)", flush=True)
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as reply:  # the address is this machine's own
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False
