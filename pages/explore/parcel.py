"""Parcel: what does a parcel look like now?"""

import streamlit as st

from postflow import ui
from postflow.figures import parcel

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

ui.show(parcel.weights(ui.fetch, view, ui.choose("Weight of", parcel.WEIGHTS, key="weight")))
left, right = st.columns(2, gap="large")
with left:
    ui.show(parcel.channels(ui.fetch, view))
    ui.show(parcel.contents(ui.fetch, view, "declared_contents"))
    ui.show(parcel.advance(ui.fetch, view))
with right:
    ui.show(parcel.detection(ui.fetch, view))
    ui.show(parcel.contents(ui.fetch, view, "concealment"))
