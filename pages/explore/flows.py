"""Flows: from where to where, and who stopped it."""

import streamlit as st

from postflow import ui
from postflow.figures import flows

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    ui.show(flows.cases(ui.fetch, view))
    st.stop()

ui.show(flows.arcs(ui.fetch, view))
ui.show(flows.who_stopped(ui.fetch, view))
left, right = st.columns([6.4, 5.6], gap="large")
with left:
    ui.show(flows.matrix(ui.fetch, view), on_select=ui.keep_corridor)
with right:
    ui.show(flows.cases(ui.fetch, view))
