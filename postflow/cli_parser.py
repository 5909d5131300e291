"""The command line as it is typed: what is not understood ends with 2, and the near word is named."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from typing import NoReturn

from postflow.disk import plain_name
from postflow.errors import nearest

LARGEST_SCALE = 1_000
LARGEST_SEED = 2**31 - 1
_CHOICE = re.compile(r"invalid choice: (?P<word>'.*'|\".*\") \(choose from (?P<known>.*)\)", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """An argument parser that says what an unknown word was meant to be."""

    def understood(self, words: Sequence[str] | None = None) -> argparse.Namespace:
        """What the words ask for; ends the process with 2 where one is not known."""
        found, unknown = self.parse_known_args(words)
        if unknown:
            verb = getattr(found, "parser", self)
            word = unknown[0].partition("=")[0]
            if word.startswith("-"):
                known = [option for action in verb._actions for option in action.option_strings]
                verb.error(f"there is no option {word[:80]}. {nearest(word, known, 'See --help.')}")
            verb.error(f"one word too many: {word[:80]}. See --help.")
        return found

    def error(self, message: str) -> NoReturn:
        """Usage, the message with the near word, and the end of the process."""
        if told := _CHOICE.search(message):
            known = re.findall(r"'([^']*)'", told["known"])
            word = told["word"][1:-1]
            message = f"there is no '{word[:80]}' here. {nearest(word, known)} There are: {', '.join(known)}."
        super().error(plain_name(message[:2_000]))


def port(text: str) -> int:
    """A port that a server may have.

    Raises:
        ArgumentTypeError: it is none.
    """
    return _whole(text, 1, 65_535, "A port")


def seed(text: str) -> int:
    """The number of a made-up world.

    Raises:
        ArgumentTypeError: it is none.
    """
    return _whole(text, 0, LARGEST_SEED, "A seed")


def scale(text: str) -> float:
    """How large a made-up world is.

    Raises:
        ArgumentTypeError: not a number, not above 0, or larger than a machine holds.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= LARGEST_SCALE:
        raise argparse.ArgumentTypeError(f"A scale is a number above 0 and up to {LARGEST_SCALE:,}, not {text[:40]!r}.")
    return number


def _whole(text: str, least: int, most: int, what: str) -> int:
    number = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else -1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{what} is a whole number from {least} to {most}, not {text[:40]!r}.")
    return number
