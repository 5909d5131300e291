"""Charts: pure functions from rows to figures. No database, no Streamlit; text from data goes through ``clean``."""
