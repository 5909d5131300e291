"""What is sensitive, and how counts of it are protected: cell-key perturbation (docs/method.md, docs/adr/0017).

A count is sensitive once a sensitive field is its row, column, split or filter. The queries move such counts (the macro
``protected`` of queries/macros.sql), so that pages, files and the command line cannot differ; nothing here counts.
Every record has a key, drawn from its id under a secret; the sums of the keys choose the noise.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from postflow import keys

SENSITIVE = frozenset(
    (
        "detection_method",
        "advance_data",
        "information_country_code",
        "is_controlled_delivery",
        "linked_series",
        "declared_contents",
        "concealment",
        "departure_place",
        "barrier_step",
        "case_opened_on",
        "suspects",
        "arrests",
        "prosecuted_on",
        "verdict_on",
        "verdict",
    )
)
"""Columns of a record that no reader sees of a single one, and whose counts are protected."""

LEAST = 10
"""A plain count below it is not split by what is sensitive: it is exact, and would tell its parts. As in ``protected``."""
MOST_NOISE, NOISE_VARIANCE = 9, 4.25
"""What the two draws of data/reference/perturbation.csv add to a count: never more, and of that variance; the mean is zero."""
LEAST_LISTED = 5
"""The smallest protected count that may stand out in a list: a smaller one may be noise alone."""

WORD = "hidden"
"""How a number is printed that is not told."""
MOVED = f"Sensitive counts are moved by chance, by {MOST_NOISE} at most and mostly by 2 or less: parts and totals need not add up."
"""What every caption beside protected counts says."""

KEY_VARIABLE = "POSTFLOW_DISCLOSURE_KEY"
KEY_FILE = "disclosure.key"
"""Beside the pool in the home, never inside a build."""


def words(hidden: int) -> str:
    """What a caption says beside protected counts, and of those that are not told."""
    if not hidden:
        return MOVED
    groups = "1 group" if hidden == 1 else f"{hidden} groups"
    return (
        f"{MOVED} {groups} of fewer than {LEAST} seizures may not be split and {'is' if hidden == 1 else 'are'} hidden."
    )


def key_of(pool: str, folder: Path) -> bytes:
    """The home's own secret; empty where there is none, and always for the exercise, which keeps nobody's secrets.

    Raises:
        PoolError: the file is empty, cannot be read, or other accounts may read it.
    """
    return b"" if pool == "exercise" else keys.kept(KEY_VARIABLE, folder / KEY_FILE, "the record keys")


def fingerprint(key: bytes) -> str:
    """What may be known of the home's secret: enough to tell two apart; empty without one."""
    return keys.fingerprint(key, "postflow disclosure key")


def secret_of_key(key: bytes) -> str:
    """The secret under which a home with a key of its own draws the keys of its records, in hex."""
    return hashlib.sha256(b"postflow record keys|" + key).hexdigest()


def secret_of_file(path: Path) -> str:
    """The secret that a delivered file makes by itself, in hex: who can reckon it holds the file, and so its records.

    It is not the checksum of the file, which is no secret.
    """
    digest = hashlib.sha256(b"postflow record keys|")
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
