"""Follow-up: what happened after the seizure?"""

import streamlit as st

from postflow import ui
from postflow.figures import followup

view = ui.view()
if ui.fetch("charts/totals", scope=view.scope).iloc[0]["seizures"] == 0:
    ui.empty(view)
    st.stop()

ui.show(followup.funnel(ui.fetch, view))
ui.show(followup.days(ui.fetch, view))
