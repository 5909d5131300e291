"""A deck as a value and as a file: which figures, in which order, seen in which version of the data.

A deck holds no rows. Each slide names a figure and the view that it was seen in, so that opening it on newer data draws
it anew; what it said when it was added stays beside it, so that ``compare`` can say what changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pandas as pd

from postflow import toml
from postflow.errors import ExportError
from postflow.figure import Figure

FORM = 1
MOST_SLIDES = 200
_NEEDED = {"figure_key", "page", "link"}
MOST_BYTES = 2_000_000
MOST_VERSIONS = 1_000_000_000


@dataclass(frozen=True)
class Slide:
    """One figure in one view."""

    figure_key: str
    page: str
    """The page that draws it: ``explore/flows``."""
    link: str
    """The view as a query string, with every filter in full."""
    headline: str = ""
    """Replaces the figure's own; empty keeps it."""
    note: str = ""
    """For the speaker."""
    seen_headline: str = ""
    seen_counted: str = ""
    seen_version: str = ""
    seen_digest: str = ""
    """Of the rows, so that a change is noticed even where the headline stands."""
    id: str = ""
    """Names the slide wherever it is moved to; unlike every other of its deck."""


@dataclass(frozen=True)
class Deck:
    """Slides in order."""

    title: str
    slides: tuple[Slide, ...] = field(default=())
    version: int = 0
    """How often it was changed where it is kept; a deck in a file of its own has none."""
    reader: str = ""
    """Whose it is; empty where it is shared."""

    def place(self, slide_id: str) -> int | None:
        """Where a slide is, from 0; None where it is no more."""
        return next((at for at, item in enumerate(self.slides) if item.id == slide_id), None)

    def identified(self) -> Deck:
        """The deck with an id on every slide, made of its place where it has none or one of another's."""
        known: set[str] = set()
        slides = []
        for at, item in enumerate(self.slides):
            made = hashlib.sha256(f"{at}|{item.figure_key}|{item.link}".encode("utf-8", "replace")).hexdigest()[:12]
            name = item.id if item.id and item.id not in known else made
            known.add(name)
            slides.append(replace(item, id=name))
        return replace(self, slides=tuple(slides))

    def move(self, at: int, to: int) -> Deck:
        """The deck with one slide at another place."""
        slides = list(self.slides)
        slides.insert(to, slides.pop(at))
        return replace(self, slides=tuple(slides))

    def without(self, at: int) -> Deck:
        """The deck without one slide."""
        return replace(self, slides=self.slides[:at] + self.slides[at + 1 :])

    def change(self, at: int, **fields: str) -> Deck:
        """The deck with other words on one slide."""
        return replace(self, slides=(*self.slides[:at], replace(self.slides[at], **fields), *self.slides[at + 1 :]))


@dataclass(frozen=True)
class Change:
    """What one slide says now against what it said when it was added."""

    number: int
    """From 1."""
    kind: str
    """same, numbers, headline, gone or new version."""
    words: str


def slide(figure: Figure, page: str, link: str, headline: str = "", note: str = "") -> Slide:
    """A slide of a figure as it stands."""
    return Slide(
        figure.key,
        page,
        link,
        headline,
        note,
        figure.headline,
        figure.caption.counted,
        figure.caption.version,
        digest(figure),
    )


def digest(figure: Figure) -> str:
    """Twelve hex digits of the rows, rounded so that the last bits of a sum do not matter."""
    text = figure.rows.map(_plain).to_csv(index=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _plain(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) and not pd.isna(value) else value


def compare(deck: Deck, current: Sequence[Figure | None]) -> list[Change]:
    """What changed since each slide was added.

    Args:
        deck: the deck as opened.
        current: per slide its figure drawn on today's data, or None where there is no such figure any more.
    """
    return [
        _change(number, old, now) for number, (old, now) in enumerate(zip(deck.slides, current, strict=True), start=1)
    ]


def _change(number: int, old: Slide, now: Figure | None) -> Change:
    name = f"Slide {number}"
    if now is None:
        return Change(
            number, "gone", f"{name} cannot be drawn: there is no figure “{old.figure_key}” on {old.page} any more."
        )
    if old.seen_headline and old.seen_headline != now.headline:
        own = f" Your headline stays: “{old.headline}”; check that it still holds." if old.headline else ""
        return Change(number, "headline", f"{name} said “{old.seen_headline}”; now “{now.headline}”.{own}")
    if old.seen_digest and old.seen_digest != digest(now):
        counted = (
            f"{old.seen_counted.rstrip('.')} → {now.caption.counted.rstrip('.')}"
            if old.seen_counted != now.caption.counted
            else "some rows differ"
        )
        return Change(number, "numbers", f"{name} has the same headline and other numbers: {counted}.")
    if old.seen_version != now.caption.version:
        return Change(number, "new version", f"{name} is the same on {now.caption.version} as on {old.seen_version}.")
    return Change(number, "same", f"{name} is unchanged.")


def refreshed(deck: Deck, current: Sequence[Figure | None]) -> Deck:
    """The deck with today's figures as what was seen; a slide that cannot be drawn stays as it was."""
    slides = [
        old if now is None else replace(slide(now, old.page, old.link, old.headline, old.note), id=old.id)
        for old, now in zip(deck.slides, current, strict=True)
    ]
    return replace(deck, slides=tuple(slides))


# ---------- file ----------


def to_toml(deck: Deck) -> str:
    """The deck as TOML, empty fields left out."""
    lines = [f"form = {FORM}", f"title = {_quoted(deck.title)}"]
    lines += [f"version = {deck.version}"] if deck.version else []
    lines += [f"reader = {_quoted(deck.reader)}"] if deck.reader else []
    for item in deck.slides:
        lines += [
            "",
            "[[slides]]",
            *(f"{name} = {_quoted(value)}" for name, value in asdict(item).items() if value or name in _NEEDED),
        ]
    return "\n".join(lines) + "\n"


def to_json(deck: Deck) -> str:
    """The deck as JSON."""
    return json.dumps({"form": FORM, **asdict(deck)}, ensure_ascii=False, indent=1)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's, but without lone surrogates and with DEL escaped."""
    return json.dumps(_whole(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def parse(text: str, name: str = "") -> Deck:
    """Read a deck from TOML or JSON.

    Raises:
        ExportError: it is neither, has an unknown key, a wrong type, a newer form or too many slides.
    """
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else toml.read(text)
    except (ValueError, RecursionError) as error:
        raise ExportError(f"Not a deck: {error}.", file=name, next_step="Open a file that “Save deck” wrote.") from None
    form = data.pop("form", FORM)
    if form != FORM:
        raise ExportError("This deck was written by another version.", file=name, field="form", value=str(form))
    slides = data.pop("slides", [])
    if not isinstance(slides, list) or len(slides) > MOST_SLIDES:
        raise ExportError(f"A deck holds at most {MOST_SLIDES} slides.", file=name, field="slides")
    title, version, reader = data.pop("title", ""), data.pop("version", 0), data.pop("reader", "")
    is_right = isinstance(title, str) and isinstance(reader, str) and type(version) is int
    if data or not is_right or not 0 <= version <= MOST_VERSIONS:
        raise ExportError("Not a key of a deck.", file=name, field=next(iter(data), "title, version or reader"))
    made = tuple(_slide(item, number, name) for number, item in enumerate(slides, start=1))
    return Deck(_whole(title), made, version, _whole(reader))


def _whole(text: str) -> str:
    """Text without half signs, which JSON can hold and nothing can show."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _slide(item: object, number: int, name: str) -> Slide:
    known = set(Slide.__dataclass_fields__)
    if not isinstance(item, dict) or not set(item) >= _NEEDED:
        raise ExportError("A slide needs figure_key, page and link.", file=name, field=f"slides.{number}")
    for key, value in item.items():
        if key not in known or not isinstance(value, str):
            raise ExportError(
                "Not a key of a slide, or not text.", file=name, field=f"slides.{number}.{key}", value=str(value)[:40]
            )
    return Slide(**{key: _whole(value) for key, value in item.items()})


def save(deck: Deck, path: Path) -> None:
    """Write the deck as TOML (JSON for ``.json``), whole or not at all.

    Raises:
        ExportError: the folder cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(to_json(deck) if path.suffix == ".json" else to_toml(deck), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True) if part.parent.is_dir() else None
        raise ExportError(
            f"The deck cannot be written: {error.strerror}.",
            file=str(path),
            next_step="Choose a folder that you may write.",
        ) from None


def open_file(path: Path) -> Deck:
    """Read a deck from a file.

    Raises:
        ExportError: it is missing, too large or not a deck.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ExportError("Too large for a deck.", file=str(path))
        return parse(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise ExportError("Not a deck: it is not text.", file=str(path)) from None
    except ValueError:
        raise ExportError("No file can have this name.", file=str(path)) from None
    except OSError as error:
        raise ExportError(f"The deck cannot be read: {error.strerror}.", file=str(path)) from None
