"""Postflow's typefaces as files that typst and Chrome can read, made once from the woff2 that the screen uses.

Without them, or without a folder to keep them in, exports fall back to what the machine has.
"""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path

from postflow import home

SANS = "IBM Plex Sans"
SERIF = "Source Serif 4"
STATIC = Path(__file__).resolve().parents[2] / "static" / "fonts"


@cache
def data_home() -> Path | None:
    """A folder with ``fonts/*.ttf`` in it, fit for ``XDG_DATA_HOME``; None where none could be made."""
    folder = home.folder() / "cache"
    try:
        (folder / "fonts").mkdir(parents=True, exist_ok=True)
        for source in _woff2():
            target = folder / "fonts" / f"{source.name.split('.')[0]}.ttf"
            if not target.exists():
                _convert(source, target)
    except (OSError, ImportError, ValueError):
        return folder if any((folder / "fonts").glob("*.ttf")) else None
    return folder


def folder() -> Path | None:
    """The folder of the TTF files."""
    found = data_home()
    return found / "fonts" if found else None


def _woff2() -> list[Path]:
    """Plex Sans from ``static/fonts``, Source Serif from the Streamlit package, which ships it under the OFL."""
    spec = importlib.util.find_spec("streamlit")
    bundled = Path(spec.origin).parent / "static" / "static" / "media" if spec and spec.origin else STATIC
    return [*sorted(STATIC.glob("*.woff2")), *sorted(bundled.glob("SourceSerifVariable-*.woff2"))]


def _convert(source: Path, target: Path) -> None:
    from fontTools.ttLib import TTFont  # half a second to import; needed once per machine

    font = TTFont(source)
    font.flavor = None
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    font.save(part)
    part.replace(target)


@cache
def _face(bold: bool, size: int) -> object | None:
    """Plex Sans for measuring; None where it is not there."""
    where = folder()
    path = where / f"IBMPlexSans-{'SemiBold' if bold else 'Regular'}.ttf" if where else None
    if not path or not path.exists():
        return None
    try:
        from PIL import ImageFont

        return ImageFont.truetype(str(path), size)
    except (ImportError, OSError):
        return None


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line in the unit of ``size``: measured in Plex Sans, else guessed from its mean width."""
    face = _face(bold, 100)
    if face is not None and text.isascii():
        return float(face.getlength(text)) * size / 100  # type: ignore[attr-defined]
    return sum(1.0 if ord(char) > 0x2E7F else 0.2 if char in "\u202f\u200a" else 0.57 for char in text) * size
