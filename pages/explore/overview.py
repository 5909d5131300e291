"""Overview: what changed, which corridors carry it, what nobody can see."""

import streamlit as st

from postflow import ui
from postflow.figures import overview

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    ui.show(overview.no_departure(ui.fetch, view))
    st.stop()

ui.finding(*overview.finding(ui.fetch, view))
ui.tiles(overview.tiles(ui.fetch, view))
left, middle, right = st.columns([4.2, 4.5, 3.5], gap="large")
with left:
    ui.show(overview.yearly(ui.fetch, view))
with middle:
    ui.show(overview.corridors(ui.fetch, view))
with right:
    ui.head("What is missing", "Read this before you quote a number")
    ui.missing(overview.missing(ui.fetch, view))
ui.links(
    {
        "pages/explore/trends.py": "Is it rising, and how sure?",
        "pages/explore/mirror.py": "Do both ends see it?",
        "pages/explore/displacement.py": "Did it move next door?",
        "pages/explore/emerging.py": "What is new?",
        "pages/explore/parcel.py": "What does a parcel look like?",
        "pages/explore/barriers.py": "Where is it stopped?",
        "pages/evidence/followup.py": "What came after?",
    }
)
left, right = st.columns([6.2, 5.8], gap="large")
with left:
    ui.show(overview.no_departure(ui.fetch, view))
with right:
    ui.head("New in the data", "What a reader of the last briefing would miss")
    ui.changed(overview.new_in_data(ui.fetch, view))
