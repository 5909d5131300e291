"""Data room: can I trust this number?"""

import streamlit as st

from postflow import ui
from postflow.figures import data_room

view = ui.view()
if left_out := data_room.left_out(ui.fetch):
    ui.warning(*left_out)
ui.show(data_room.coverage(ui.fetch, view))
ui.head("Sources", "Solid rule: rows are counted. Dashed rule: reference lines, never part of a sum")
st.html(data_room.source_cards(ui.fetch))
left, right = st.columns([6.2, 5.8], gap="large")
with left:
    ui.show(data_room.marks(ui.fetch, view))
    ui.show(data_room.quarantine(ui.fetch, view))
    ui.show(data_room.duplicates(ui.fetch, view))
    ui.show(data_room.lookalikes(ui.fetch, view))
with right:
    ui.show(data_room.ledger(ui.fetch, view))
    ui.show(data_room.revisions(ui.fetch, view))
    ui.show(data_room.outliers(ui.fetch, view))
    ui.show(data_room.unlisted(ui.fetch, view))
ui.show(data_room.units(ui.fetch, view))
