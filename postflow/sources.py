"""A source's declaration: ``data/sources/<id>/source.toml``, read strictly into one frozen value.

Everything a reviewer must believe about a source is on that one screen; a key this model does not know is an error.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path, PureWindowsPath
from typing import Annotated, Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from postflow import limits, toml, vocabulary
from postflow.errors import SourceError, first_line

FOLDER = Path(__file__).resolve().parent.parent / "data" / "sources"

MONTH = r"^(\d{4}-(0[1-9]|1[0-2]))?$"

RECORD_COLUMNS = (
    "record_id",
    "seized_on",
    "seized_until",
    "day",
    "month",
    "year",
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
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


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


Language = Literal["nl", "fr", "de", "lb", "en", "da", "sv", "cs", "it", "lt", "ga", "et", "mt", "es"]
"""ISO 639-1 codes of the languages of the participating services, and Spanish."""

MOST_BYTES = 128_000
"""Of a source.toml: the longest shipped one has a tenth; some TOML takes time by the square of its length."""


class File(_Section):
    """What the file is and how it is read."""

    path: str = ""
    """The shipped file beside source.toml; empty where the analyst delivers it."""
    format: Literal["csv", "xlsx", "xls", "ods", "parquet"]
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | list[str] | None = None
    """None: the first sheet that is shown; ``*``: all of them; a list: those. The name of each is the column ``(sheet)``."""
    header_row: int = Field(default=1, ge=1)
    header_rows: int = Field(default=1, ge=1, le=5)
    """How many rows the header takes; their cells are joined: ``MDMA | Number``."""
    missing: list[str] = []
    """What the service writes where it has nothing to say, such as NA."""
    fill_down: list[str] = []
    """Columns whose blank cells mean the cell above, as merged cells do."""
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
        _refuse(said for form in forms if (said := _wrong_form(form)))
        return forms

    day: list[str] = ["%Y-%m-%d"]
    """strptime formats that give a day, tried in order."""
    month: list[str] = ["%Y-%m"]
    year: list[str] = ["%Y"]
    languages: list[Language] = []
    """In which its months are named, besides English."""
    fiscal_basis: Literal["", "us_fy", "au_fy", "uk_fy"] = ""
    """What ``fiscal_year`` and ``month`` columns mean together; a month is then a name such as OCT."""


class Units(_Section):
    """The units of weights that have no column for theirs."""

    item_weight: str = "kg"

    @field_validator("item_weight")
    @classmethod
    def _is_a_mass(cls, unit: str) -> str:
        if vocabulary.kilograms(unit) is None:
            raise ValueError(f"[units] {unit!r} is no unit of mass; write g, kg, lb or oz")
        return unit


class Rows(_Section):
    """Rows that are no records: their header = the words that mark them."""

    leave_out: dict[str, list[str]] = {}
    """Counted as left out."""
    totals: dict[str, list[str]] = {}
    """Must be the sum of the rows above that agree with them in what else they say."""


class Split(_Section):
    """Cells that name several things."""

    drug: list[str] = []
    """Signs between the drugs of one seizure; their amount is then known of all together, of none alone."""


class Part(_Section):
    """One of the rows that each delivered row becomes."""

    columns: dict[str, str] = Field(min_length=1)
    """Canonical = theirs; where all of these cells are blank there is no such row."""
    constants: dict[str, str] = {}


class Unpivot(_Section):
    """Columns that become rows: the header says one thing, the cell another."""

    columns: list[str] = Field(min_length=1)
    header: str
    """The canonical column that the header tells, such as seized_on."""
    cell: str
    """The canonical column that the cell tells, such as seizures."""


class Told(_Section):
    """One thing that a contributor tells: a service of its own, which reports or is silent apart from the others."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    """Ends the service's id and stands beside the contributor's name."""
    drugs: list[str] = []
    """Canonical drugs; empty: every drug, and so with the other two. The first entry that takes a row has it."""
    sides: list[Literal["export", "transit", "import", "domestic", "unknown"]] = []
    channels: list[Literal["post", "courier", "air_freight", "air_passenger", "sea", "land", "other", "unknown"]] = []
    month_from: str = Field(default="", pattern=MONTH)
    """First month that it covers, ``2020-01``, whether or not it had anything to report. Empty: its rows show it."""
    month_to: str = Field(default="", pattern=MONTH)
    """Last month that it covers; needs ``month_from``."""
    silent: list[Annotated[str, Field(pattern=MONTH)]] = []
    """Months that were not delivered, whatever rows there are of them."""

    @model_validator(mode="after")
    def _months_are_in_order(self) -> Told:
        if bool(self.month_from) != bool(self.month_to):
            raise ValueError("month_from and month_to stand together: what is covered has two ends")
        if self.month_from > self.month_to:
            raise ValueError(f"month_from {self.month_from} is after month_to {self.month_to}")
        return self


class Coverage(_Section):
    """What a row says about who reported when."""

    unit: Literal["month", "year"]
    """A service that delivers any MDMA or ketamine row in such a unit has reported all of it."""
    every_drug: bool = False
    """Rows of any drug show that the service reported."""
    reporter: Literal["", "contributor", "seizing_country"] = ""
    """Who reports: the contributor, of what it seized itself; or, in a compilation, each country that seized.
    Empty: the contributor, or the countries where it is an international body."""
    tells: list[Told] = []
    """What it tells, where that is not one thing or where rows cannot show which months are covered."""

    @model_validator(mode="after")
    def _names_differ(self) -> Coverage:
        names = [one.name for one in self.tells]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"[[coverage.tells]] has {', '.join(sorted(twice))} more than once")
        return self


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
    units: Units = Units()
    rows: Rows = Rows()
    split: Split = Split()
    part: list[Part] = []
    """Several rows of each one: two quantities, or a table as wide as its drugs."""
    unpivot: Unpivot | None = None
    each_row: Literal["", "one seizure", "a count", "no count"] = ""
    """What a row stands for. Empty: a count where ``seizures`` is mapped; no count for kilograms by year that have no record
    number; else one seizure."""
    coverage: Coverage = Coverage(unit="year")
    expect: Expect = Expect()
    columns: dict[str, str | list[str]]
    """Canonical = theirs; ``ignored`` lists the columns that are left aside."""
    values: dict[str, dict[str, str]] = {}
    """Per canonical column: their word = canonical word, over and above data/reference."""
    constants: dict[str, str] = {}
    """Canonical = the one value of every row."""

    # Each section is checked by itself, so that one run names the faults of all.
    @field_validator("columns")
    @classmethod
    def _columns_are_known(
        cls, columns: dict[str, str | list[str]], told: ValidationInfo
    ) -> dict[str, str | list[str]]:
        named = sum(len(theirs) if isinstance(theirs, list) else 1 for theirs in columns.values())
        if named > limits.current().columns:
            raise ValueError(
                f"[columns] names {named:,} columns; at most {limits.current().columns:,} are read (docs/limits.md)"
            )
        _refuse(_unknown_names("columns", (name for name in columns if name != "ignored"), told.data.get("kind")))
        return columns

    @field_validator("values")
    @classmethod
    def _values_are_canonical(cls, values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        _refuse(_wrong_values(values))
        return values

    @field_validator("constants")
    @classmethod
    def _constants_are_known(cls, constants: dict[str, str], told: ValidationInfo) -> dict[str, str]:
        wrong = _unknown_names("constants", constants, told.data.get("kind"))
        _refuse([*wrong, *_wrong_constants(constants, told.data.get("values", {}))])
        return constants

    @model_validator(mode="after")
    def _sections_agree(self) -> Source:
        wrong = [*_unknown_part_names(self), *_columns_said_twice(self), *_unknown_headers(self), *_unknown_told(self)]
        for part in self.part:
            wrong += _wrong_constants(part.constants, self.values)
        _refuse(wrong)
        return self

    @property
    def reporter(self) -> str:
        """``contributor`` or ``seizing_country``: who reports or is silent."""
        return self.coverage.reporter or ("seizing_country" if self.contributor.country == "ZZ" else "contributor")

    @property
    def series_id(self) -> str:
        """The series, which is the source itself where none is named."""
        return self.series or self.id

    def parts(self) -> list[Part]:
        """The rows that each delivered row becomes; empty where it stays one."""
        if not self.unpivot:
            return self.part
        return [
            Part(columns={self.unpivot.cell: theirs}, constants={self.unpivot.header: theirs})
            for theirs in self.unpivot.columns
        ]

    def mapped(self) -> set[str]:
        """Every canonical column that a row of this source may fill."""
        named = {name for part in self.parts() for name in (*part.columns, *part.constants)}
        return (set(self.columns) | set(self.constants) | named) - {"ignored"}

    def stands_for(self) -> str:
        """What a row stands for: one seizure, a count, or no count."""
        if self.each_row:
            return self.each_row
        mapped = self.mapped()
        if "seizures" in mapped:
            return "a count"
        by_year = self.coverage.unit == "year" and not mapped & {
            "record_id",
            "month",
            "seized_until",
            "tracking_number",
        }
        told_apart = mapped & {"departure_country", "destination_country", "transport", "hiding_place", "place_type"}
        return "no count" if by_year and "quantity" in mapped and not told_apart else "one seizure"

    def names(self) -> dict[str, str]:
        """Header in the file → the name that the reader gives it."""
        ignored = self.columns.get("ignored", [])
        wanted = {str(theirs): ours for ours, theirs in self.columns.items() if ours != "ignored"}
        split = [theirs for part in self.parts() for theirs in part.columns.values()]
        wanted |= {theirs: f"part_{n}" for n, theirs in enumerate(split, start=1)}
        return wanted | {theirs: f"ignored_{n}" for n, theirs in enumerate(ignored, start=1)}


@cache
def _wrong_form(form: str) -> str:
    """What DuckDB, which reads the dates, says against a form of them; empty where it takes it."""
    try:
        with duckdb.connect() as con:
            con.execute("select try_strptime('', $1)", [form])
    except duckdb.Error as error:
        return f"[dates] {form!r} is no form of a date: {first_line(error).rpartition(': ')[2]}"
    return ""


def _refuse(wrong: Iterable[str]) -> None:
    """One error of all the sentences."""
    if said := "; ".join(wrong):
        raise ValueError(said)


def _unknown_names(section: str, names: Iterable[str], kind: str | None) -> Iterator[str]:
    """A sentence for each name that is no canonical column of such a source."""
    known = FIGURE_COLUMNS if kind == "reference" else RECORD_COLUMNS
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" (is it {near[0]!r}?)" if near else f"; there are: {', '.join(known)}"
            yield f"[{section}] {name} is not a column of a {kind or 'records'} source{hint}"


def _unknown_part_names(source: Source) -> Iterator[str]:
    """A sentence for each name in a part of a row that is no canonical column."""
    yield from _unknown_names(
        "part", (name for part in source.part for name in (*part.columns, *part.constants)), source.kind
    )
    if source.unpivot:
        yield from _unknown_names("unpivot", (source.unpivot.header, source.unpivot.cell), source.kind)


def _columns_said_twice(source: Source) -> Iterator[str]:
    """A sentence for each canonical column that two places fill."""
    parts = {name for part in source.parts() for name in (*part.columns, *part.constants)}
    for name in sorted(set(source.columns) & set(source.constants)):
        yield f"{name} stands under [columns] and under [constants]"
    for name in sorted((set(source.columns) | set(source.constants)) & parts):
        yield f"{name} stands under [columns] or [constants] and in a part of the row"
    if source.part and source.unpivot:
        yield "[[part]] and [unpivot] do the same; write one of them"
    theirs = [str(header) for name, header in source.columns.items() if name != "ignored"]
    for header in sorted({header for header in theirs if theirs.count(header) > 1}):
        yield f"[columns] {header!r} is mapped twice; map it once"


def _unknown_headers(source: Source) -> Iterator[str]:
    """A sentence for each header that another section speaks of and no column is mapped to."""
    known = set(source.names())
    told = {
        "file.fill_down": source.file.fill_down,
        "rows.leave_out": list(source.rows.leave_out),
        "rows.totals": list(source.rows.totals),
    }
    for key, headers in told.items():
        for header in headers:
            if header not in known:
                yield f"[{key}] {header!r} is no column that is mapped or ignored"


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


def _unknown_told(source: Source) -> Iterator[str]:
    """A sentence for each drug that the source is said to tell and no row can have."""
    for part in source.coverage.tells:
        for drug in part.drugs:
            if drug not in vocabulary.canonical_values()["drug"]:
                yield f"[[coverage.tells]] {part.name}: {drug!r} is no canonical drug{_near('drug', drug)}"


def _near(field: str, word: str) -> str:
    if not word:
        return "; list the word under [file] missing" + ("" if field != "country" else ", or write 'ZZ'")
    near = vocabulary.nearest(field, word)
    return f"; write {' or '.join(map(repr, near))}" if near else ""


def text_of(path: Path) -> str:
    """The text of a source.toml.

    Raises:
        SourceError: it is missing, no file, too large, closed to this account or not UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            raise SourceError(
                "This is a folder, a pipe or a device, not a declaration.",
                file=str(path),
                next_step="Name its source.toml.",
            )
        if path.stat().st_size > MOST_BYTES:
            raise SourceError(
                f"The declaration is larger than {MOST_BYTES:,} bytes.",
                file=str(path),
                next_step="List only the columns and words of this source.",
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The declaration is not UTF-8: byte {error.start:,}.", file=str(path), next_step="Save it as UTF-8."
        ) from None
    except FileNotFoundError:
        raise SourceError(
            "There is no such source.", file=str(path), next_step="`python -m postflow sources` lists them."
        ) from None
    except OSError as error:
        raise SourceError(
            f"The declaration cannot be opened: {error.strerror or error}.",
            file=str(path),
            next_step="Check the path and the rights.",
        ) from None


def load(path: Path) -> Source:
    """Read one source.toml.

    Raises:
        SourceError: it is missing, is not TOML, has an unknown or missing key, or its id is not its folder's name.
    """
    text = text_of(path)
    try:
        source = Source.model_validate(toml.read(text))
    except RecursionError:
        raise SourceError(
            "The declaration is nested too deeply.", file=str(path), next_step="docs/add-a-source.md shows its form."
        ) from None
    except ValidationError as error:
        raise _all_at_once(error, path) from None
    except ValueError as error:  # no TOML, or a whole number of thousands of digits
        raise SourceError(f"Not TOML: {error}.", file=str(path), next_step="Correct the line it names.") from None
    if source.id != path.parent.name:
        raise SourceError("The id must equal the folder's name.", file=str(path), field="id", value=source.id)
    return source


def _all_at_once(error: ValidationError, path: Path) -> SourceError:
    """Every fault of a declaration in one message, each with its key."""
    found = error.errors()
    said, keys = [], []
    for item in found:
        keys.append(".".join(str(part) for part in item["loc"]))
        known = _keys_of(item["loc"][:-1]) if item["type"] == "extra_forbidden" else []
        near = difflib.get_close_matches(str(item["loc"][-1]) if item["loc"] else "", known, n=1)
        said.append(f"{item['msg']}" + (f"; is it {near[0]!r}?" if near else ""))
    if len(found) == 1:
        value = found[0]["input"]
        shown = "" if isinstance(value, (dict, Source)) else str(value)[:80]
        return SourceError(
            f"{said[0]}.", file=str(path), field=keys[0], value=shown, next_step="docs/add-a-source.md lists the keys."
        )
    listed = "; ".join(f"{key or 'the sections'}: {words}" for key, words in zip(keys, said, strict=True))
    return SourceError(
        f"{len(found)} faults: {listed}.", file=str(path), next_step="docs/add-a-source.md lists the keys."
    )


def _keys_of(place: tuple[int | str, ...]) -> list[str]:
    """The keys that a section of a declaration knows."""
    model: type[BaseModel] = Source
    for part in place:
        kind = model.model_fields[str(part)].annotation if str(part) in model.model_fields else None
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return []
        model = kind
    return list(model.model_fields)


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


def schema() -> dict[str, object]:
    """The form of a declaration as JSON schema, for editors; kept as ``data/sources/source.schema.json``."""
    return Source.model_json_schema()
