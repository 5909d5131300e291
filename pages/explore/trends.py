"""Trends: counts above, kilograms below; gaps, unfinished periods, reference figures."""

import streamlit as st

from postflow import ui
from postflow.figures import trends

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    if border := trends.border(ui.fetch, view):
        ui.show(border)
    st.stop()

choice = trends.Choice(
    dimension=ui.choose("By", trends.DIMENSIONS, key="by"),
    period=ui.choose("Each point is a", {"month": "month", "quarter": "quarter", "year": "year"}, key="each"),
)
ui.show(trends.over_time(ui.fetch, view, choice))
left, right = st.columns([7.4, 4.6], gap="large")
with left:
    if border := trends.border(ui.fetch, view):
        ui.show(border)
with right:
    ui.show(trends.concentration(ui.fetch, view))
