"""Killed, full, set back, several at once: nothing is lost. The whole measurement is `make bench ARGS="--only faults --only inputs"`."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

if not hasattr(os, "fork"):
    pytest.skip("this system does not fork", allow_module_level=True)

from bench import faults

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.mark.parametrize(
    ("kind", "tries"), [(faults.of_add, 6), (faults.of_build, 5), (faults.of_review, 10), (faults.of_deck, 10)]
)
def test_a_kill_loses_nothing(kind: Callable[[int, random.Random], faults.Row], tries: int) -> None:
    row = kind(tries, random.Random(5))
    assert (row.tried, row.lost, row.wrong, row.stuck) == (tries, 0, 0, 0)
    assert row.hit >= 1


def test_a_full_disk_loses_nothing() -> None:
    row = faults.of_full_disk(4, random.Random(2))
    assert (row.tried, row.lost, row.wrong, row.stuck) == (4, 0, 0, 0)


def test_a_disk_that_becomes_read_only_loses_nothing() -> None:
    row = faults.of_read_only(5, random.Random(4))
    assert (row.tried, row.lost, row.wrong, row.stuck) == (5, 0, 0, 0)


def test_a_clock_set_back_changes_no_total() -> None:
    row = faults.of_clock(3)
    assert (row.tried, row.wrong) == (3, 0)


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_at_once_lose_nothing(processes: int) -> None:
    row = faults.of_several(1, processes)
    assert (row.tried, row.lost, row.stuck) == (1, 0, 0)
