"""Mirror: do they see what we send?"""

import streamlit as st

from postflow import ui
from postflow.figures import mirror, told

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

months = told.basis(ui.fetch, view)
table = mirror.found(ui.fetch, view, months)
basis = ui.choose("Destination", mirror.BASES, key="destination_basis")
ui.show(mirror.pairs(ui.fetch, view, table, basis))
ui.show(mirror.asymmetry(ui.fetch, view, table, basis))
ui.show(mirror.over_time(ui.fetch, view, basis, months))
ui.show(mirror.both_bases(ui.fetch, view, table))
