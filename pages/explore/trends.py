"""Trends: counts above, kilograms below; gaps, unfinished periods, reference figures."""

import streamlit as st

from postflow import ui
from postflow.figures import honest, told, trends

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    if border := trends.border(ui.fetch, view):
        ui.show(border)
    st.stop()

left, right = st.columns([7, 5])
with left:
    dimension = ui.choose("By", trends.DIMENSIONS, key="by")
    period = ui.choose("Each point is a", {"month": "month", "quarter": "quarter", "year": "year"}, key="each")
with right:
    like = ui.choose("Reporters", trends.LIKE, key="like")
    factor = ui.choose("Factors to kilograms", trends.FACTORS, key="factor")
choice = trends.Choice(dimension, period, like, factor)
ui.show(trends.over_time(ui.fetch, view, choice))
left, right = st.columns([7.4, 4.6], gap="large")
with left:
    if border := trends.border(ui.fetch, view):
        ui.show(border)
with right:
    ui.show(trends.concentration(ui.fetch, view))

basis = told.basis(ui.fetch, view, choice.dimension, choice.like)
if basis.panel and not basis.panel.can_say:
    basis = told.basis(ui.fetch, view, choice.dimension)
ui.show(honest.tests(ui.fetch, view, basis))
ui.show(honest.level(ui.fetch, view, basis))
ui.show(honest.drivers(ui.fetch, view, basis, choice.dimension, trends.DIMENSIONS[choice.dimension], trends.label))
left, right = st.columns(2, gap="large")
with left:
    ui.show(honest.season(ui.fetch, view, basis))
with right:
    ui.show(honest.effort(ui.fetch, view, basis))
    ui.show(honest.delays(ui.fetch, view, basis))
