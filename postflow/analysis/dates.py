"""Dates as callers give them, made into what pandas counts with."""

from __future__ import annotations

from datetime import date
from typing import cast

import pandas as pd

Day = date | str
"""A date, a timestamp, or text such as ``2024-02`` or ``2024-02-01``."""
Span = tuple[Day, Day]
"""First and last month of a period, both included."""


def day(value: Day) -> pd.Timestamp:
    """The date itself."""
    return cast("pd.Timestamp", pd.Timestamp(value))


def month(value: Day) -> pd.Timestamp:
    """The first day of its month."""
    return day(value).to_period("M").to_timestamp()


def spell_month(value: Day) -> str:
    """``May 2024``."""
    return f"{day(value):%b %Y}"
