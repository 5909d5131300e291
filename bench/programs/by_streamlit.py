"""Streamlit and pandas with plotly.express, as most such pages are written."""

import os

import pandas as pd
import plotly.express as px
import streamlit as st

from bench.programs.pictures import DEPARTURES, HEIGHT

st.set_page_config(layout="wide")


@st.cache_resource
def records() -> pd.DataFrame:
    """Every record, once per process; texts as categories."""
    return pd.read_parquet(os.environ["BENCH_RECORDS"])


picked = st.radio("Departure", DEPARTURES, horizontal=True)
every = records()
rows = every[(every.departure_country_code == picked) & every.drug.isin(["MDMA", "ketamine"])]
months = rows.groupby(["seized_month", "drug"], observed=True)[["seizures", "quantity_kg"]].sum().reset_index()
years = (
    rows.groupby([rows.seized_month.dt.to_period("Y").dt.start_time, "channel"], observed=True)
    .seizures.sum()
    .reset_index()
)
ends = rows.groupby("destination_country_code", observed=True).seizures.sum().nlargest(10).reset_index()
left, right = st.columns(2)
left.plotly_chart(
    px.line(months, x="seized_month", y="seizures", color="drug", title="Seizures a month", height=HEIGHT)
)
right.plotly_chart(
    px.line(months, x="seized_month", y="quantity_kg", color="drug", title="Kilograms a month", height=HEIGHT)
)
left.plotly_chart(
    px.bar(years, x="seized_month", y="seizures", color="channel", title="Seizures a year by channel", height=HEIGHT)
)
right.plotly_chart(
    px.bar(
        ends,
        x="seizures",
        y="destination_country_code",
        orientation="h",
        title="Seizures by destination",
        height=HEIGHT,
    )
)
