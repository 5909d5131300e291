"""Postal tracking numbers: checked against UPU standard S10 and kept only as a keyed hash.

An S10 number is two letters (service), eight digits, a check digit and two letters (country of the issuing post); UPU
standard S10, check digit by the weights 8 6 4 2 3 5 9 7. Numbers may be used again after twelve months, so the year
belongs to the key. The key itself stays outside the pool; whoever has only the hash cannot get the number back.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

from postflow import keys

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
"""UPU standard S10-12, §5.4."""

KEY_VARIABLE = "POSTFLOW_TRACKING_KEY"
KEY_FILE = "tracking.key"
"""Beside the pool in the home, never inside a build."""

EXERCISE_KEY = b"the numbers of the exercise are made up; their key is no secret"
"""Fixed, so that two builds of one exercise are equal. No real number is ever hashed with it."""

FEWEST_SIGNS = 8
"""The shortest numbers of posts and couriers have nine; what is shorter is a word or a sign for none."""
FEWEST_DIGITS = 6
"""PostNL's 3S numbers hold eight; ``unknown 2024`` holds four."""

_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)
_PLAIN = re.compile(r"[0-9A-Z]+", re.ASCII)
_DATE = re.compile(
    r"(19|20)\d\d([-./ ]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])|(0[1-9]|[12]\d|3[01])([-./])(0[1-9]|1[0-2])\6(19|20)\d\d",
    re.ASCII,
)
"""A day that slid into the column."""
_WORD = re.compile(r"[A-Z]{6,}", re.ASCII)
"""No carrier's form has six letters in a row (PostNL's 3S and four letters have five): ``UNKNOWN 20240115`` is a remark."""
_ROUNDED = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]?\d{1,3}|\d{15,}[.,]0+|[1-9]\d{14}0{3,}", re.ASCII)
"""E notation, and what a spreadsheet held to fifteen digits: the number is lost, and unlike ones look equal."""


def normalise(number: str) -> str:
    """The number in capitals without spaces, dots, hyphens and slashes; people write ``RR 123 456 785 NL``."""
    return re.sub(r"[\s.\-/]", "", number).upper()


def s10_check_digit(serial: str) -> int:
    """The check digit of eight digits: 11 minus the weighted sum modulo 11; 10 is written 0, 11 is written 5."""
    total = sum(weight * int(digit) for weight, digit in zip(S10_WEIGHTS, serial, strict=True))
    remainder = 11 - total % 11
    return {10: 0, 11: 5}.get(remainder, remainder)


def s10_is_valid(number: str) -> bool:
    """Whether the number, however spaced, has the form of S10 and the right check digit."""
    plain = normalise(number)
    return bool(_S10.fullmatch(plain)) and s10_check_digit(plain[2:10]) == int(plain[10])


def s10_is_mistyped(number: str) -> bool:
    """Whether the number has the form of S10 and a wrong check digit; other kinds of number cannot be judged."""
    return bool(_S10.fullmatch(normalise(number))) and not s10_is_valid(number)


def is_number(number: str) -> bool:
    """Whether it can tell items apart: no word for none, no filler such as 00000000 or 12345678, no date, not rounded."""
    plain = normalise(number)
    digits = re.sub(r"\D", "", plain, flags=re.ASCII)
    return (
        bool(_PLAIN.fullmatch(plain))
        and len(plain) >= FEWEST_SIGNS
        and len(digits) >= FEWEST_DIGITS
        and not _WORD.search(plain)
        and not _is_filler(digits, has_check_digit=s10_is_valid(number))
        and not _ROUNDED.fullmatch(re.sub(r"\s", "", number).upper())
        and not _DATE.fullmatch(number.strip())
    )


def _is_filler(digits: str, *, has_check_digit: bool) -> bool:
    """One or two digits over and over, digits in order, or hardly anything but zeros; a right check digit is no accident."""
    if has_check_digit and digits[:8].strip("0"):
        return False
    return (
        len(set(digits)) == 1
        or digits in "01234567890123456789"
        or digits in "98765432109876543210"
        or re.fullmatch(r"(\d\d)\1{2,}\d?", digits, re.ASCII) is not None
        or len(digits.strip("0")) <= FEWEST_DIGITS - 4
    )


def key_of(pool: str, folder: Path) -> bytes:
    """The key of a pool: the environment's, else the file's in the home; empty where there is none.

    Args:
        pool: ``exercise`` has a fixed key.
        folder: the home.

    Raises:
        PoolError: the file is empty, cannot be read, or other accounts may read it.
    """
    if pool == "exercise":
        return EXERCISE_KEY
    return keys.kept(KEY_VARIABLE, folder / KEY_FILE, "the tracking numbers")


def fingerprint(key: bytes) -> str:
    """What may be known of the key: enough to tell two keys apart; empty without a key."""
    return keys.fingerprint(key, "postflow tracking key")


def keyed_hash(number: str, year: int, key: bytes) -> str:
    """HMAC-SHA256 of the normalised number and the year, in hex; equal numbers of different years differ.

    Raises:
        ValueError: the key is empty; without a key no tracking number may be kept at all.
    """
    if not key:
        raise ValueError("A tracking number is only kept under a key.")
    return hmac.new(key, f"{normalise(number)}|{year}".encode(), hashlib.sha256).hexdigest()


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer pad of HMAC-SHA256 (RFC 2104), with which ``keyed_hash`` of ``queries/macros.sql`` hashes rows.

    Raises:
        ValueError: the key is empty.
    """
    if not key:
        raise ValueError("Without a key nothing is hashed.")
    whole = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in whole), bytes(byte ^ 0x5C for byte in whole)
