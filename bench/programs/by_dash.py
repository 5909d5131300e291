"""Dash and DuckDB: one callback, four queries on the records, four figures."""

import os
import sys

import duckdb
import pandas as pd
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

from bench.programs import pictures

WHERE = "from seizure where departure_country_code = ? and drug in ('MDMA', 'ketamine')"
MONTHS = f"select seized_month as period_start, drug, sum({{}}) as value {WHERE} group by all order by all"
YEARS = (
    "select date_trunc('year', seized_month) as period_start, channel as category, sum(seizures) as seizures "
    f"{WHERE} group by all order by all"
)
ENDS = f"select destination_country_code, sum(seizures) as seizures {WHERE} group by all"

pool = duckdb.connect(os.environ["BENCH_POOL"], read_only=True)
app = Dash(__name__, serve_locally=True)
names = ("count", "weight", "channel", "corridor")
grid = {"display": "grid", "gridTemplateColumns": "1fr 1fr"}
app.layout = html.Div(
    [
        dcc.RadioItems(list(pictures.DEPARTURES), pictures.DEPARTURES[0], id="departure", inline=True),
        html.Div([dcc.Graph(id=name) for name in names], style=grid),
    ]
)


@app.callback(*(Output(name, "figure") for name in names), Input("departure", "value"))
def draw(departure: str) -> tuple[go.Figure, ...]:
    """The four figures of a departure."""
    with pool.cursor() as cursor:

        def rows(text: str) -> pd.DataFrame:
            return cursor.sql(text, params=[departure]).df()

        return (
            pictures.lines(rows(MONTHS.format("seizures")), "value", "Seizures a month"),
            pictures.lines(rows(MONTHS.format("quantity_kg")), "value", "Kilograms a month"),
            pictures.stacks(rows(YEARS)),
            pictures.bars(rows(ENDS)),
        )


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)
