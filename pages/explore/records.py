"""Records: the rows behind every number."""

import streamlit as st

from postflow import ui

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

ui.records(view)
