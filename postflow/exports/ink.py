"""The colours that exports use, as CSS and as PowerPoint wants them."""

from __future__ import annotations

import re

LIGHT = {
    "paper": "#FBFAF7", "panel": "#F3F0E9", "raise": "#FFFFFF", "hair": "#DDD8CD", "grid": "#E9E5DC", "ink": "#16202A",
    "ink2": "#505C68", "ink3": "#5F6B77", "void": "#C9C3B6", "mdma": "#CC2A66", "ketamine": "#1496A9", "us": "#2E55CC",
    "au": "#BA8B12", "nz": "#1F5A2A", "synth": "#7A1FA2", "warn": "#8A4B00",
}  # fmt: skip
DARK = {
    "paper": "#11161C", "panel": "#1A2129", "raise": "#1F2730", "hair": "#323C46", "grid": "#262F38", "ink": "#F2EFE8",
    "ink2": "#B4BCC4", "ink3": "#8E99A4", "void": "#46515C", "mdma": "#EC6F97", "ketamine": "#5FE0E6", "us": "#7A92F7",
    "au": "#FFD84D", "nz": "#6A9A44", "synth": "#D99BFF", "warn": "#FFC46B",
}  # fmt: skip


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
