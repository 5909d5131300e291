"""Emerging: what is new or unusual in the newest months."""

import streamlit as st

from postflow import ui
from postflow.figures import emerging, told

ui.arrive()
view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

months = int(ui.choose("The newest finished", emerging.SPANS, key="newest"))
basis = told.basis(ui.fetch, view)
answer = emerging.found(ui.fetch, view, basis, months)
ui.show(emerging.listed(ui.fetch, view, answer, basis, months))
if ways := emerging.narrowings(answer, basis, months):
    ui.head("Its rows", "Each opens the records, with the filters narrowed to the line")
    ui.to_records(ways)
