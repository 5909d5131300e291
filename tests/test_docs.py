"""What can be typed, declared or held back is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postflow import cli, queries, sources, validation

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDING = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PAGES = [path for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")] if path.is_file()]


def verbs() -> list[str]:
    actions = cli._parser()._subparsers._group_actions
    return sorted(next(iter(actions)).choices)


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_is_in_the_readme_or_the_changes(verb: str) -> None:
    assert re.search(rf"\b{verb}\b", README + CHANGES)


@pytest.mark.parametrize("key", sorted(sources.Source.model_fields))
def test_every_key_of_a_declaration_is_documented(key: str) -> None:
    assert key in ADDING


@pytest.mark.parametrize("name", queries.names("checks/"))
def test_every_check_says_its_rule(name: str) -> None:
    assert len(validation.reason(name.removeprefix("checks/"))) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_the_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_decision_has_context_decision_and_consequence() -> None:
    for path in sorted(ROOT.glob("docs/adr/*.md")):
        text = path.read_text(encoding="utf-8")
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequence")), path.name


def test_no_document_names_a_machine() -> None:
    for path in [*PAGES, *ROOT.glob("postflow/**/*.py"), *ROOT.glob("scripts/*.py")]:
        assert not re.search(r"(?<![\w.])/(work|root|home)/[a-z]", path.read_text(encoding="utf-8")), path.name
