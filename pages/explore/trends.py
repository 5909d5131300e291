"""Trends: counts above, kilograms below; gaps, unfinished periods, reference figures, and how sure it all is."""

import streamlit as st

from postflow import ui
from postflow.figures import registry, trends

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    ui.show(trends.border(ui.fetch, view))
    st.stop()

left, right = st.columns([7, 5])
with left:
    by = ui.choose("By", trends.DIMENSIONS, key="by")
    each = ui.choose("Each point is a", registry.EACH, key="each")
with right:
    like = ui.choose("Reporters", trends.LIKE, key="like")
    factor = ui.choose("Factors to kilograms", trends.FACTORS, key="factor")
made = ui.figures(by=by, each=each, like=like, factor=factor)
ui.show(made[f"trend_by_{by}"]())
for row in (
    ("trend_tests", "trend_level"),
    ("trend_us_border", "trend_concentration"),
    ("trend_drivers", "trend_season"),
    ("trend_sensitivity", "trend_delays"),
):
    ui.row(made[name]() for name in row)
