"""Charts: pure functions from rows to Plotly figures. No database, no Streamlit; every text from data goes through ``clean``."""
