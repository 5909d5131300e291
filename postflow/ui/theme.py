"""Follow the reader's theme while a page is open: colours of text follow by themselves, pictures must be drawn anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from postflow.ui import blocks

_SCRIPT = (Path(__file__).parent / "theme.js").read_text(encoding="utf-8")


@cache
def _mount() -> Callable[..., Any]:
    return st.components.v2.component(
        "postflow_theme", html="<i class='pf-style' hidden></i>", js=_SCRIPT, isolate_styles=False
    )


def follow() -> None:
    """Run the page again when light turns to dark, or back."""
    if os.environ.get("POSTFLOW_PLOT") != "streamlit":
        _mount()(key="theme", data={"mode": blocks.mode()}, height="content", on_switched_change=lambda: None)
