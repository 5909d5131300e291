"""Methods: how was this made?"""

import streamlit as st

from postflow import ui
from postflow.figures import methods
from postflow.render.html import tables

ui.finding("How the numbers are made, and what they cannot say")
st.html(tables(methods.reading()))
for section in methods.sections():
    ui.head(section.title, section.measure)
    st.html(tables(section.body))
