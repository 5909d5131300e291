"""Displacement: did our pressure push it next door?"""

import streamlit as st

from postflow import ui
from postflow.figures import displacement, told

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

basis = told.basis(ui.fetch, view, "departure")
choices = displacement.choices(view, basis)
if not choices:
    ui.warning("No event of a sending country is listed for these drugs in data/reference/events.csv.")
    st.stop()
event = ui.pick("Event", choices, key="event")
made = ui.figures(event=event)
ui.show(made["displacement_indexed"]())
left, right = st.columns([6.6, 5.4], gap="large")
with left:
    ui.show(made["displacement_ratios"]())
with right:
    ui.show(made["displacement_effort"]())
