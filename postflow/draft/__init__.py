"""A first declaration of a file that nobody has described yet: what is taken for what and why, and what is left open.

``draft`` is a function of what the file shows (``glance.Glance``) and of what a person has said (``Said``); it reads nothing
and asks nothing. What nobody has said keeps the strictest value.
"""

from postflow.draft.columns import Column
from postflow.draft.making import draft, recognise
from postflow.draft.value import STRICT, Draft, Question, Said, said_of
from postflow.draft.writing import declaration, plain_id, source, toml

__all__ = [
    "STRICT",
    "Column",
    "Draft",
    "Question",
    "Said",
    "declaration",
    "draft",
    "plain_id",
    "recognise",
    "said_of",
    "source",
    "toml",
]
