"""TOML that people wrote, read in a time that grows with its length."""

from __future__ import annotations

import re
import tomllib
from typing import Any

DEEPEST = 50
_PART = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_DEEP = re.compile(rf"(?<![\w\"'-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{DEEPEST}}}", re.ASCII)


def read(text: str) -> dict[str, Any]:
    """The tables of a text.

    Raises:
        ValueError: it is no TOML, a number has thousands of digits, or a key has more parts than any of ours: the time
            that tomllib takes grows with the square of their number.
        RecursionError: it is nested too deeply.
    """
    if _DEEP.search(text):
        raise ValueError(f"a key has more than {DEEPEST} parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise ValueError("a number has thousands of digits") from None
