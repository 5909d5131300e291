"""Mirror: do they see what we send?"""

import streamlit as st

from postflow import ui
from postflow.figures import mirror

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

made = ui.figures(destination_basis=ui.choose("Destination", mirror.BASES, key="destination_basis"))
for draw in made.values():
    ui.show(draw())
