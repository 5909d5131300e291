"""The colours that exports use, as CSS and as PowerPoint wants them."""

from __future__ import annotations

import re

from postflow.style import COLOURS

LIGHT = {name: pair[0] for name, pair in COLOURS.items()}
DARK = {name: pair[1] for name, pair in COLOURS.items()}


def palette(mode: str) -> dict[str, str]:
    """Colours of a mode, by name."""
    return DARK if mode == "dark" else LIGHT


def solid(colour: str, ground: str = LIGHT["paper"]) -> str:
    """Six hex digits of a CSS colour; a translucent one is mixed with its ground. ``5F6B77`` for what it cannot read."""
    if match := re.fullmatch(r"#([0-9a-fA-F]{6})", colour.strip()):
        return match[1].upper()
    if match := re.fullmatch(r"rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)(?:,\s*([\d.]+))?\)", colour.strip()):
        share = float(match[4] or 1)
        under = [int(ground[n : n + 2], 16) for n in (1, 3, 5)]
        return "".join(f"{round(float(match[n + 1]) * share + under[n] * (1 - share)):02X}" for n in range(3))
    return LIGHT["ink3"][1:]
