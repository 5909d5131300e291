"""A draft as source.toml: the declaration, and above it the reasons and the open questions as comments."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Any

import tomli_w

from postflow import vocabulary
from postflow.draft.questions import item_weight_unit
from postflow.draft.value import STRICT, Draft
from postflow.sources import Source

WIDTH = 118


def source(draft: Draft) -> Source:
    """The declaration as the pool reads it.

    Raises:
        ValidationError: it is none; only what a person chose can make it so.
    """
    return Source.model_validate(declaration(draft))


def declaration(draft: Draft) -> dict[str, Any]:
    """The tables of the source.toml; what its form fills in by itself is not written."""
    said = draft.said
    told: dict[str, Any] = {
        "id": said.id or plain_id(draft.glance.file_name),
        "title": said.title or f"As in {draft.glance.file_name}",
        "kind": "records",
        "grain": _grain(draft),
    }
    if said.supersedes:
        told["supersedes"] = said.supersedes
    if said.each_row:
        told["each_row"] = said.each_row
    told |= {
        "contributor": {"name": said.contributor or STRICT["contributor"], "country": draft.country},
        "licence": {"id": said.licence or STRICT["licence"], "redistribute": said.redistribute},
        "handling": {"tlp": said.tlp or STRICT["tlp"]},
        "provenance": {
            "obtained_on": draft.today,
            "obtained_from": "the service's own export",
            "citation": f"{said.contributor or 'Service not stated'}, {draft.glance.file_name}",
        },
        "file": _file(draft),
        "coverage": {"unit": "year" if draft.by_year() else "month"},
    }
    return told | _mapping(draft)


def _grain(draft: Draft) -> str:
    if not draft.header_of("record_id") and (draft.wide.parts or draft.has("seizures")):
        return "one row per period and group, with counts or amounts"
    return "one row per record"


def _file(draft: Draft) -> dict[str, Any]:
    found = draft.table
    told: dict[str, Any] = {"format": draft.glance.format}
    if draft.glance.format == "csv":
        told["delimiter"] = draft.glance.delimiter
    if found.sheets:
        told["sheet"] = list(found.sheets) if len(found.sheets) > 1 else found.sheets[0]
    if found.header_row > 1:
        told["header_row"] = found.header_row
    if found.header_rows > 1:
        told["header_rows"] = found.header_rows
    told["decimal_mark"] = draft.marks.decimal
    if draft.marks.thousands:
        told["thousands_mark"] = draft.marks.thousands
    if draft.missing:
        told["missing"] = list(draft.missing)
    return told


def _mapping(draft: Draft) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if dates := _dates(draft):
        told["dates"] = dates
    item_weight = draft.said.item_weight_unit or item_weight_unit(draft)
    if item_weight and draft.header_of("item_weight"):
        told["units"] = {"item_weight": item_weight}
    mapped: dict[str, Any] = {
        column.field: column.header for column in draft.columns if column.field not in ("ignored", "part")
    }
    if ignored := [column.header for column in draft.columns if column.field == "ignored"]:
        mapped["ignored"] = ignored
    told["columns"] = mapped
    if constants := draft.constants():
        told["constants"] = constants
    if values := {name: dict(listed) for name, listed in draft.said.values.items() if listed}:
        told["values"] = values
    return told | _parts(draft)


def _dates(draft: Draft) -> dict[str, Any]:
    told: dict[str, Any] = {
        "day": list(draft.dates.day),
        "month": list(draft.dates.month),
        "languages": list(draft.dates.languages),
        "fiscal_basis": draft.said.fiscal_basis,
    }
    return {name: value for name, value in told.items() if value}


def _parts(draft: Draft) -> dict[str, Any]:
    unpivot = draft.wide.unpivot()
    if unpivot:
        listed, header, cell = unpivot
        return {"unpivot": {"columns": listed, "header": header, "cell": cell}}
    if not draft.wide.parts:
        return {}
    return {"part": [{"columns": dict(told), "constants": dict(constants)} for told, constants in draft.wide.parts]}


def toml(draft: Draft) -> str:
    """The text of the source.toml."""
    lines = [
        "#:schema ../source.schema.json",
        "# A first draft. What is open is asked; why each column is what it is stands below.",
    ]
    for question in draft.questions:
        taken = f" Until it is answered: {question.taken}." if question.taken else ""
        lines += _comment(f"? {question.words}{taken}")
    lines.append("#")
    for column in draft.columns:
        what = {"ignored": "left aside", "part": "a part of the row"}.get(column.field, column.field)
        lines += _comment(f"{_plain(column.header) or '(no name)'}: {what}, as {column.reason}")
    return "\n".join(lines) + "\n\n" + tomli_w.dumps(declaration(draft))


def _comment(words: str) -> list[str]:
    return textwrap.wrap(
        _plain(words), WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False
    ) or ["#"]


def _plain(words: str) -> str:
    """On one line: a header may hold line ends, which would leave the comment."""
    return "".join(sign if sign.isprintable() else " " for sign in vocabulary.one_space(words))


def plain_id(file_name: str) -> str:
    """An id made of a file's name without its dates and numbers: ``Beslag 2024-03 (2).csv`` is ``beslag``."""
    stem = re.sub(r"(\.[A-Za-z0-9]{1,7})+$", "", file_name)
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    words = [
        word
        for word in re.findall(r"[a-z]+[a-z0-9]*", letters)
        if not re.fullmatch(r"q[1-4]|v\d+|copy|final|new", word)
    ]
    return "_".join(words)[:40].strip("_") or "delivered"
