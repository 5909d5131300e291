"""A source's declaration: ``data/sources/<id>/source.toml``, read strictly into one frozen value.

Everything a reviewer must believe about a source is on that one screen; a key this model does not know is an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from postflow import vocabulary
from postflow.errors import SourceError

FOLDER = Path(__file__).resolve().parent.parent / "data" / "sources"

RECORD_COLUMNS = (
    "record_id",
    "seized_on",
    "month",
    "fiscal_year",
    "reported_on",
    "seizures",
    "seizure_country",
    "seizure_place",
    "departure_country",
    "departure_place",
    "transit_countries",
    "destination_country",
    "production_country",
    "routing",
    "transport",
    "channel_detail",
    "operator",
    "hiding_place",
    "place_type",
    "drug",
    "form",
    "quantity",
    "unit",
    "item_weight",
    "purity_pct",
    "detection_method",
    "declared_contents",
    "advance_data",
    "barrier_step",
    "agency",
    "is_controlled_delivery",
    "information_country",
    "linked_series",
    "tracking_number",
    "case_opened_on",
    "suspects",
    "arrests",
    "prosecuted_on",
    "verdict_on",
    "verdict",
)
"""What a records source can map. All of it arrives as text."""

FIGURE_COLUMNS = (
    "publisher",
    "report",
    "url",
    "period_from",
    "period_to",
    "year",
    "reporter_country",
    "departure",
    "destination",
    "drug",
    "measure",
    "value",
    "channel",
    "note",
)
"""What a reference source can map."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contributor(_Section):
    """Who gave the file, and from where."""

    name: str
    """Who gave us the file."""
    country: str
    """ISO 3166-1 alpha-2 of the contributor, ``ZZ`` for an international body."""
    publisher: str = ""
    """Who first issued it, where that is somebody else."""


class Licence(_Section):
    """Under which terms the rows may be passed on."""

    id: str
    """SPDX id, ``US-public-domain``, ``permission`` or ``not-stated``."""
    redistribute: bool
    """False: rows stay out of exports and out of version control."""
    note: str = ""


class Handling(_Section):
    """How the rows may be handled: TLP 2.0 and Europol's code."""

    tlp: Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
    europol: Literal["", "H0", "H1", "H2", "H3"] = ""


class Provenance(_Section):
    """When and where the file was obtained, and how it is cited."""

    obtained_on: date
    obtained_from: str
    citation: str
    sha256: str = ""
    """Of the shipped file; the build stops when it differs. Empty for files that an analyst adds."""


MOST_BYTES = 128_000
"""Of a source.toml: the longest shipped one has a tenth; some TOML takes time by the square of its length."""
MOST_IGNORED = 1_000


class File(_Section):
    """What the file is and how it is read."""

    path: str = ""
    """The shipped file beside source.toml; empty where the analyst delivers it."""
    format: Literal["csv", "xlsx", "ods", "parquet"]
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    decimal_mark: Literal[".", ","] = "."
    thousands_mark: Literal["", ".", ",", " ", "'"] = ""

    @field_validator("delimiter")
    @classmethod
    def _delimiter_is_one_sign(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"\0' or ord(delimiter) > 127):
            raise ValueError("[file] delimiter must be one sign, such as ; or a tab")
        return delimiter

    @field_validator("path")
    @classmethod
    def _path_stays_inside(cls, path: str) -> str:
        # Read as Windows does, which takes both slashes: what is a way out on one machine is none on another.
        read = PureWindowsPath(path)
        if read.anchor or ".." in read.parts or ":" in path or "\0" in path:
            raise ValueError("[file] path must stay inside the source's folder: a plain file name")
        return path


class Dates(_Section):
    """How its dates are written."""

    @field_validator("day", "month", "year")
    @classmethod
    def _forms_say_something(cls, forms: list[str]) -> list[str]:
        if not forms or not all(re.search("%-?[A-Za-z]", form) for form in forms):
            raise ValueError("[dates] a form must name a part of a date, such as %Y-%m-%d")
        return forms

    day: list[str] = ["%Y-%m-%d"]
    """strptime formats that give a day, tried in order."""
    month: list[str] = ["%Y-%m"]
    year: list[str] = ["%Y"]
    fiscal_basis: Literal["", "us_fy", "au_fy", "uk_fy"] = ""
    """What ``fiscal_year`` and ``month`` columns mean together; a month is then a name such as OCT."""


class Coverage(_Section):
    """What a row says about who reported when."""

    unit: Literal["month", "year"]
    """A reporter that delivers any MDMA or ketamine row in such a unit has reported all of it."""
    every_drug: bool = False
    """Rows of any drug show that the reporter reported."""


class Expect(_Section):
    """What the file must hold, or the build stops."""

    rows: tuple[int, int] | None = None
    """Fewest and most rows of one file; the build stops outside them."""
    years: tuple[int, int] | None = None


class Source(_Section):
    """One source: its grain, its mapping, its terms and what its file must hold."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    kind: Literal["records", "reference"]
    series: str = ""
    """Sources that tell the same rows share a series: delivered files replace shipped ones. Empty: the id."""
    precedence: Literal["shipped", "delivered"] = "delivered"
    supersedes: Literal["record", "month", "series"] = "record"
    """What a newer file replaces: the same record, every month that it covers, or the whole series."""
    grain: str
    synthetic: bool = False
    note: str = ""
    contributor: Contributor
    licence: Licence
    handling: Handling
    provenance: Provenance
    file: File
    dates: Dates = Dates()
    coverage: Coverage = Coverage(unit="year")
    expect: Expect = Expect()
    columns: dict[str, str | list[str]]
    """Canonical = theirs; ``ignored`` lists the columns that are left aside."""
    constants: dict[str, str] = {}
    """Canonical = the one value of every row."""
    values: dict[str, dict[str, str]] = {}
    """Per canonical column: their word = canonical word, over and above data/reference."""

    @model_validator(mode="after")
    def _columns_are_known(self) -> Source:
        known = RECORD_COLUMNS if self.kind == "records" else FIGURE_COLUMNS
        for name in [*self.columns, *self.constants]:
            if name != "ignored" and name not in known:
                raise ValueError(
                    f"[columns] {name} is not a column of a {self.kind} source; there are: {', '.join(known)}"
                )
        if twice := set(self.columns) & set(self.constants):
            raise ValueError(f"{', '.join(sorted(twice))} stands under [columns] and under [constants]")
        return self

    @model_validator(mode="after")
    def _words_mean_something(self) -> Source:
        if wrong := [*_wrong_values(self.values), *_wrong_constants(self.constants, self.values)]:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def series_id(self) -> str:
        """The series, which is the source itself where none is named."""
        return self.series or self.id

    def names(self) -> dict[str, str]:
        """Header in the file → the name that the reader gives it."""
        ignored = self.columns.get("ignored", [])
        wanted = {str(theirs): ours for ours, theirs in self.columns.items() if ours != "ignored"}
        return wanted | {theirs: f"ignored_{n}" for n, theirs in enumerate(ignored, start=1)}


def _wrong_values(values: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """A sentence for each right side of ``[values]`` that no query would know."""
    for column, listed in values.items():
        field = vocabulary.field_of(column)
        known = vocabulary.canonical_values().get(field)
        if known is None:
            yield f"[values.{column}] is not read through words"
            continue
        for word, value in listed.items():
            if value not in known and field not in vocabulary.OPEN_FIELDS:
                yield f"[values.{column}] {word!r} = {value!r} is no canonical value{_near(field, value)}"


def _wrong_constants(constants: Mapping[str, str], values: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """A sentence for each constant that is no word of its column."""
    for column, word in constants.items():
        field = vocabulary.field_of(column)
        own = {vocabulary.fold(theirs) for theirs in values.get(column, {})}
        if field not in vocabulary.canonical_values() or vocabulary.fold(word) in own:
            continue
        if (field, vocabulary.fold(word)) not in vocabulary.shared_words():
            yield f"[constants] {column} = {word!r} is no word that is known{_near(field, word)}"


def _near(field: str, word: str) -> str:
    near = vocabulary.nearest(field, word)
    return f"; write {' or '.join(map(repr, near))}" if near else ""


def load(path: Path) -> Source:
    """Read one source.toml.

    Raises:
        SourceError: it is missing, is not TOML, has an unknown or missing key, or its id is not its folder's name.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SourceError(
                f"The declaration is larger than {MOST_BYTES:,} bytes.",
                file=str(path),
                next_step="List only the columns and words of this source.",
            )
        source = Source.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The declaration is not UTF-8: byte {error.start:,}.", file=str(path), next_step="Save it as UTF-8."
        ) from None
    except RecursionError:
        raise SourceError(
            "The declaration is nested too deeply.", file=str(path), next_step="docs/add-a-source.md shows its form."
        ) from None
    except FileNotFoundError:
        raise SourceError(
            "There is no such source.", file=str(path), next_step="`python -m postflow sources` lists them."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"Not TOML: {error}.", file=str(path), next_step="Correct the line it names.") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SourceError(
            f"{first['msg']}.",
            file=str(path),
            field=field,
            value=str(first["input"])[:80],
            next_step="docs/add-a-source.md lists the keys.",
        ) from None
    if source.id != path.parent.name:
        raise SourceError("The id must equal the folder's name.", file=str(path), field="id", value=source.id)
    return source


def file_of(source: Source, folder: Path) -> Path:
    """The file that a source's declaration names, in the source's folder.

    Raises:
        SourceError: it is a link to somewhere else.
    """
    path = folder / source.file.path
    if not path.resolve().is_relative_to(folder.resolve()):
        raise SourceError(
            "The source's file lies outside its folder.",
            file=str(folder / "source.toml"),
            field="file.path",
            value=source.file.path,
            next_step="Put the file itself beside source.toml, not a link to it.",
        )
    return path


def every(*folders: Path) -> dict[str, Source]:
    """All sources below the folders (the shipped ones if none is given), by id; a later folder wins."""
    found = {}
    for folder in folders or (FOLDER,):
        for path in sorted(folder.glob("*/source.toml")):
            found[path.parent.name] = load(path)
    return found
