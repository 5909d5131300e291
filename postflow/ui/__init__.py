"""Everything Streamlit: the only package that imports it. Pages use the names below and nothing else of it."""

from postflow.figure import Tile
from postflow.ui.blocks import changed, empty, finding, head, missing, tiles, unforeseen, warning
from postflow.ui.briefing_page import briefing
from postflow.ui.choose import choose, keep_corridor
from postflow.ui.deck_page import deck
from postflow.ui.filters import narrow, reset
from postflow.ui.frame import figures, mode, row, show
from postflow.ui.receive import add_data
from postflow.ui.records import records
from postflow.ui.review import review
from postflow.ui.session import fetch, is_synthetic, view
from postflow.ui.shell import guard, run, start
from postflow.ui.stage import present
from postflow.ui.ways import arrive, links, pick, to_records

__all__ = [
    "Tile",
    "add_data",
    "arrive",
    "briefing",
    "changed",
    "choose",
    "deck",
    "empty",
    "fetch",
    "figures",
    "finding",
    "guard",
    "head",
    "is_synthetic",
    "keep_corridor",
    "links",
    "missing",
    "mode",
    "narrow",
    "pick",
    "present",
    "records",
    "reset",
    "review",
    "row",
    "run",
    "show",
    "start",
    "tiles",
    "to_records",
    "unforeseen",
    "view",
    "warning",
]
