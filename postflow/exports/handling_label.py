"""The handling mark as templates want it: its words and its two colours."""

from __future__ import annotations

from postflow import handling
from postflow.exports.outgoing import Outgoing


def data(out: Outgoing) -> dict[str, str]:
    """Mark, its words, ground and ink."""
    ground, text = handling.colours(out.mark)
    return {"mark": out.mark, "mark_words": out.mark_words, "mark_ground": ground, "mark_ink": text}
