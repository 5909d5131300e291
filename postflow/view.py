"""What one reader is looking at: the scope, how periods and measures are read, and which data they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from postflow.scope import Scope

Fetch = Callable[..., pd.DataFrame]
"""``fetch("charts/corridors", scope=scope)`` → rows; the page's is cached, the CLI's is not."""


@dataclass(frozen=True)
class Data:
    """The pool behind a view."""

    pool: str
    """``real`` or ``exercise``."""
    build_id: str
    data_through: str
    """Last month that any counted record falls in: ``2026-04``."""

    @property
    def is_synthetic(self) -> bool:
        """Whether its rows are invented."""
        return self.pool == "exercise"

    @property
    def version(self) -> str:
        """As captions print it."""
        return f"Data to {self.data_through} · build {self.build_id}"


@dataclass(frozen=True)
class View:
    """Everything that a link, a caption and an export must carry."""

    data: Data
    scope: Scope = field(default_factory=Scope)
    basis: str = "year"
    """Calendar for yearly figures: year, us_fy, au_fy or uk_fy."""
    measure: str = "count"
    """count or kg: which of the two leads; both are always shown."""
    largest_left_out: int = 0
    """0, 1, 3 or 5: how many of the heaviest records the kilograms leave out."""

    @property
    def from_the_start(self) -> View:
        """The same without the period's start: what comparisons read, for a month left out is not an unreported one."""
        return replace(self, scope=self.scope.without("month_from"))
