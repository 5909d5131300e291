"""Postflow's own parts: its queries on the cube, its frame or bare mount, in one page."""

import os
from dataclasses import replace

import streamlit as st

from bench.programs import pictures
from postflow import captions
from postflow.figure import Figure
from postflow.scope import Scope
from postflow.ui import frame, session
from postflow.ui.plot import plot
from postflow.view import View

st.set_page_config(layout="wide")
session.use("real")
picked = st.radio("Departure", pictures.DEPARTURES, horizontal=True)
scope = Scope(drugs=("MDMA", "ketamine"), departures=(picked,))
view = View(session.data(), scope)
session.keep(view)
months = session.fetch("charts/seizures_by_period", scope=scope, period="month")
channels = session.fetch("charts/seizures_by_period_and_category", scope=scope, period="year", dimension="channel")
corridors = session.fetch("charts/corridors", scope=scope)
drawn = {
    "count": pictures.lines(months, "seizures", "Seizures a month"),
    "weight": pictures.lines(months, "quantity_kg", "Kilograms a month"),
    "channel": pictures.stacks(channels),
    "corridor": pictures.bars(corridors),
}
left, right = st.columns(2)
framed = os.environ.get("BENCH_FRAME") == "yes"
caption = captions.caption(session.fetch, view) if framed else None
for place, (name, figure) in zip((left, right, left, right), drawn.items(), strict=True):
    with place:
        if caption:
            rows = {"channel": channels, "corridor": corridors}.get(name, months)
            frame.show(
                Figure(
                    name, name, name, replace(caption), rows, lambda *_, figure=figure: figure, height=pictures.HEIGHT
                )
            )
        else:
            plot(figure, key=name, alt=name)
session.freeze()
