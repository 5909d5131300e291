"""Stage two of linkage: how likely two services' records tell of one seizure, by Splink on DuckDB.

A Fellegi–Sunter model, trained on the records themselves and nothing else: how often unlike records agree by chance comes
from random pairs, how often like ones agree from expectation–maximisation over pairs that share a tracking number and
pairs that share a gross weight. Only pairs of two series are compared. Fixed seed, one thread where pairs are drawn.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from postflow import disk

if TYPE_CHECKING:
    from splink import Linker, SettingsCreator
    from splink.internals.comparison_creator import ComparisonCreator

SEED = 20261123
RANDOM_PAIRS = 2e6
MEMORY = "2GB"
KEPT_FROM = 0.02
"""Pairs less likely than this are not kept, not even for review."""

_DATES_MEET = "l.day_from <= r.day_to + 3 and r.day_from <= l.day_to + 3"
_NOT_BOTH_ENDS = "coalesce(l.is_sender <> r.is_sender, true)"
_WEIGHTS_MEET = "(coalesce(l.gross_gram = r.gross_gram, false) or abs(ln(l.kg / r.kg)) <= case when l.is_counted <> r.is_counted then 0.3 else 0.2 end)"
_WHERE = f"{_DATES_MEET} and {_NOT_BOTH_ENDS}"
# The year is part of the hash; as the macro same_number in queries/macros.sql.
_SAME_NUMBER = """case year_l - year_r when 0 then tracking_hash_l = tracking_hash_r
    when -1 then tracking_hash_l = tracking_hash_before_r when 1 then tracking_hash_before_l = tracking_hash_r end"""
_MONTHS = ("month", "month_ahead", "month_back")


def _blocks() -> list[str]:
    """Which pairs are compared at all: equal on a few keys, near in time, not both the sending or both the receiving side."""
    same_drug = "l.drug = r.drug"
    rules = [
        "l.tracking_hash = r.tracking_hash",
        "l.tracking_hash = r.tracking_hash_before",
        "l.tracking_hash_before = r.tracking_hash",
    ]
    for month in _MONTHS:
        near = f"l.{month} = r.{month} and {_WHERE}"
        rules.append(f"l.gross_gram = r.gross_gram and {near} and coalesce({same_drug}, true)")
        rules += [
            f"{same_drug} and l.departure_code = r.departure_code and l.{bin_} = r.{bin_} and {near}"
            for bin_ in ("kg_bin", "kg_bin_between")
        ]
        rules.append(
            f"l.information_code = r.information_code and {near} and coalesce({same_drug}, true) and {_WEIGHTS_MEET}"
        )
        rules.append(
            f"l.is_controlled = r.is_controlled and l.is_controlled and {near} and coalesce({same_drug}, true) and {_WEIGHTS_MEET}"
        )
    return rules


def _level(condition: str, label: str, m: float, u: float) -> dict[str, object]:
    return {"sql_condition": condition, "label_for_charts": label, "m_probability": m, "u_probability": u}


def _null(condition: str) -> dict[str, object]:
    return {"sql_condition": condition, "label_for_charts": "not stated", "is_null_level": True}


def _by_rarity(column: str) -> dict[str, object]:
    """To agree on what is rare says more than to agree on what is common: the level's chance is that of the value met."""
    return {"tf_adjustment_column": column, "tf_minimum_u_value": 1e-5}


def _comparison(name: str, *levels: dict[str, object]) -> dict[str, object]:
    return {"output_column_name": name, "comparison_levels": list(levels)}


def _equal(column: str, m: float, u: float) -> dict[str, object]:
    return _comparison(
        column,
        _null(f"{column}_l is null or {column}_r is null"),
        _level(f"{column}_l = {column}_r", "equal", m, u) | _by_rarity(column),
        _level("ELSE", "unequal", 1 - m, 1 - u),
    )


def _comparisons() -> list[ComparisonCreator | dict[str, Any]]:
    """What is compared; the numbers are where training starts, and what holds where too few pairs can teach."""
    ratio = "abs(ln(kg_l / kg_r))"
    same_gross = "gross_gram_l = gross_gram_r"
    no_gross = "(gross_gram_l is null or gross_gram_r is null)"
    return [
        _comparison(
            "date",
            _level(
                "is_day_known_l and is_day_known_r and abs(date_diff('day', seized_on_l, seized_on_r)) <= 3",
                "within three days",
                0.68,
                0.0016,
            ),
            _level(
                "(not is_day_known_l or not is_day_known_r) and day_from_l <= day_to_r + 3 and day_from_r <= day_to_l + 3",
                "month",
                0.3,
                0.004,
            ),
            _level("ELSE", "apart", 0.02, 0.9944),
        ),
        _comparison(
            "weight",
            _null(f"(kg_l is null or kg_r is null) and {no_gross}"),
            _level(f"{same_gross} and {ratio} <= 0.02", "gross weight to the gram, net within 2 %", 0.55, 0.002)
            | _by_rarity("gross_gram"),
            _level(f"{same_gross}", "gross weight to the gram", 0.14, 0.003) | _by_rarity("gross_gram"),
            _level(f"{no_gross} and {ratio} <= 0.02", "net within 2 %, no gross weight", 0.2, 0.005),
            _level(f"{no_gross} and {ratio} <= 0.06", "net within 6 %, no gross weight", 0.06, 0.01),
            _level(
                f"{no_gross} and is_counted_l <> is_counted_r and {ratio} <= 0.3",
                "net within a tablet's weight",
                0.03,
                0.03,
            ),
            _level("ELSE", "unlike", 0.02, 0.95),
        ),
        _equal("drug", 0.98, 0.45),
        _equal("form", 0.97, 0.4),
        _equal("departure_code", 0.97, 0.3),
        _equal("destination_code", 0.97, 0.2),
        _equal("channel", 0.95, 0.5),
        _equal("concealment", 0.9, 0.2),
        _equal("declared_contents", 0.9, 0.15),
        _comparison(
            "tracking_number",
            _null(f"({_SAME_NUMBER}) is null"),
            _level(_SAME_NUMBER, "equal", 0.99, 0.0001),
            _level("ELSE", "unequal", 0.01, 0.9999),
        ),
        _comparison(
            "place",
            _level(
                "seizure_country_code_l = seizure_country_code_r", "both name the same country of seizure", 0.35, 0.002
            ),
            _level("ELSE", "each its own", 0.65, 0.998),
        ),
        _comparison(
            "worked_together",
            _level(
                "information_code_l = information_code_r or (is_controlled_l and is_controlled_r)",
                "both say so",
                0.75,
                0.001,
            ),
            _level(
                "information_code_l is not null or information_code_r is not null or is_controlled_l or is_controlled_r",
                "one says so",
                0.15,
                0.12,
            ),
            _level("ELSE", "neither says so", 0.1, 0.879),
        ),
    ]


def score(records: pa.Table) -> pa.Table:
    """Pairs that may be one seizure.

    Args:
        records: the rows of ``queries/duplicates/linkable.sql``.

    Returns:
        ``one``, ``other`` (seizure ids, in order), ``weight`` (log2 Bayes factor with prior, rounded to 3 digits) and
        ``probability`` (6 digits), for pairs of at least ``KEPT_FROM``.
    """
    # Splink is heavy and only needed where two services' records overlap.
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule

    logging.getLogger("splink").setLevel(logging.ERROR)
    # Candidate pairs grow with the square of the density: beyond the cap they go to disk.
    with (
        disk.work_folder() as folder,
        duckdb.connect(config={"threads": 2, "memory_limit": MEMORY, "temp_directory": str(folder)}) as con,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        con.execute("set enable_progress_bar = false")
        con.register("records", records)
        con.execute(
            "create table linkable as select * exclude (seizure_id, series_id), seizure_id as unique_id, 'x' as pooled, series_id from records"
        )
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=_comparisons(),
            blocking_rules_to_generate_predictions=[
                CustomRule(f"({rule}) and l.series_id <> r.series_id") for rule in _blocks()
            ],
            probability_two_random_records_match=max(1e-9, _prior(con)),
            retain_matching_columns=False,
            em_convergence=1e-3,
            # What never differs in a true pair goes to nothing by powers: more rounds teach no more and end below what a float holds.
            max_iterations=8,
        )

        def linker(model: SettingsCreator | dict[str, Any]) -> Linker:
            return Linker(DuckDBAPI(con).register("linkable"), model, log_level=logging.ERROR)

        return _predicted(con, _trained(con, linker, settings))


def _prior(con: duckdb.DuckDBPyConnection) -> float:
    """How likely two random records are one seizure: pairs that share a tracking number, over their share of all pairs.

    Where numbers are rare, one record in thirty is taken to be told twice.
    """
    row = con.execute(
        """with shared as (
            select count(*) as pairs from linkable as l inner join linkable as r
            on l.tracking_hash = r.tracking_hash and l.series_id < r.series_id
        )
        select pairs, count(*), count(tracking_hash) / count(*) from linkable, shared group by pairs"""
    ).fetchall()
    pairs, records, share = row[0]
    expected = pairs / share if pairs >= 20 else records / 30
    return float(expected / (records * records / 2))


def _trained(
    con: duckdb.DuckDBPyConnection,
    linker: Callable[[SettingsCreator | dict[str, Any]], Linker],
    settings: SettingsCreator,
) -> Linker:
    con.execute("set threads = 1")
    trained = linker(settings)
    trained.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    con.execute("set threads = 2")
    for block in (
        "l.tracking_hash = r.tracking_hash and l.series_id <> r.series_id",
        f"l.gross_gram = r.gross_gram and l.drug = r.drug and l.month = r.month and l.series_id <> r.series_id and {_WHERE}",
    ):
        one, other = con.table("linkable").set_alias("l"), con.table("linkable").set_alias("r")
        if one.join(other, f"l.unique_id < r.unique_id and {block}").limit(30).count("*").fetchall()[0][0] >= 30:
            before = trained.misc.save_model_to_json()
            try:
                trained.training.estimate_parameters_using_expectation_maximisation(block)
            except ValueError:
                # Few pairs can drive a level's share to nothing, which Splink refuses half-way: what was known before then stands.
                trained = linker(before)
    return trained


def _predicted(con: duckdb.DuckDBPyConnection, linker: Linker) -> pa.Table:
    found = linker.inference.predict(threshold_match_probability=KEPT_FROM)
    columns = (
        "least(unique_id_l, unique_id_r) as one, greatest(unique_id_l, unique_id_r) as other,"
        "round(match_weight, 3) as weight, round(match_probability, 6) as probability"
    )
    return con.table(found.physical_name).project(columns).order("one, other").to_arrow_table()
