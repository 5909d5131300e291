"""Plotly's small HTML (b, i, br, span with colour and size) as SVG text, set in the place where plotly sets it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape, unescape

from postflow.exports import fonts

LINE = 1.3
"""Line height in em, as plotly sets it."""
FAMILY = f"{fonts.SANS}, Liberation Sans, Arial, sans-serif"


@dataclass(frozen=True)
class Run:
    """A stretch of text in one look."""

    text: str
    bold: bool
    italic: bool
    colour: str
    size: float

    @property
    def width(self) -> float:
        """Px on one line."""
        return fonts.width(self.text, self.size, self.bold)


@dataclass(frozen=True)
class Block:
    """Lines of text with their measure."""

    lines: tuple[tuple[Run, ...], ...]
    size: float

    @property
    def width(self) -> float:
        """Px of the widest line."""
        return max((sum(run.width for run in line) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """Px of all lines."""
        return LINE * self.size * len(self.lines)


def parse(text: object, size: float, colour: str, weight: object = None) -> Block:
    """Read plotly's text; unknown tags are dropped, their words kept."""
    look = Run("", _heavy(weight), False, colour, size)
    stack, lines = [look], [[]]  # type: ignore[var-annotated]
    for part in re.split(r"(<[^<>]+>)", "" if text is None else str(text)):
        if re.fullmatch(r"<br ?/?>", part):
            lines.append([])
        elif match := re.fullmatch(r"<(/?)(\w+)([^<>]*)>", part):
            stack = (stack[:-1] or [look]) if match[1] else [*stack, _styled(stack[-1], match[2].lower(), match[3])]
        elif part:
            lines[-1].append(replace(stack[-1], text=unescape(part)))
    return Block(tuple(tuple(line) for line in lines), size)


def _heavy(weight: object) -> bool:
    return weight == "bold" or (isinstance(weight, (int, float)) and weight >= 600)


def _styled(look: Run, tag: str, rest: str) -> Run:
    colour = re.search(r"(?<![-\w])color:\s*([^;'\"]+)", rest)
    size = re.search(r"font-size:\s*([\d.]+)px", rest)
    return replace(
        look,
        bold=look.bold or tag == "b",
        italic=look.italic or tag == "i",
        colour=colour[1].strip() if colour else look.colour,
        size=float(size[1]) if size else look.size,
    )


def draw(block: Block, x: float, y: float, anchor: str = "left", align: str = "left") -> str:
    """SVG of a block whose top is ``y`` and whose left, centre or right is ``x``."""
    left = x - block.width * {"left": 0.0, "center": 0.5, "right": 1.0}[anchor]
    at = left + block.width * {"left": 0.0, "center": 0.5, "right": 1.0}.get(align, 0.5)
    mode = {"left": "start", "center": "middle", "right": "end"}.get(align, "middle")
    out = []
    for number, line in enumerate(block.lines):
        base = y + block.size * (LINE * number + 1.0)
        spans = "".join(_span(run) for run in line)
        if spans:
            out.append(
                f'<text x="{at:.1f}" y="{base:.1f}" text-anchor="{mode}" font-family="{FAMILY}" xml:space="preserve">{spans}</text>'
            )
    return "".join(out)


def _span(run: Run) -> str:
    weight = ' font-weight="700"' if run.bold else ""
    slant = ' font-style="italic"' if run.italic else ""
    return f'<tspan font-size="{run.size:g}" fill="{escape(run.colour)}"{weight}{slant}>{escape(run.text)}</tspan>'
