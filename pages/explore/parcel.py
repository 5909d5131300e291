"""Parcel: what does a parcel look like now?"""

import streamlit as st

from postflow import ui
from postflow.figures import parcel

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

made = ui.figures(weight=ui.choose("Weight of", parcel.WEIGHTS, key="weight"))
ui.show(made["parcel_weights"]())
left, right = st.columns(2, gap="large")
with left:
    for name in ("parcel_channels", "parcel_declared_contents", "parcel_advance"):
        ui.show(made[name]())
with right:
    for name in ("parcel_detection", "parcel_concealment"):
        ui.show(made[name]())
