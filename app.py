"""Postflow: the router. Pages are listed here; the filters that they share are drawn around each of them.

The same file is read twice: as a module it is the guarded server, as a script it is what each reader sees.
"""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.starlette import App

from postflow import ui
from postflow.ui.guard import Guard

if __name__ != "__main__":
    hosts = st.get_option("server.allowedHosts")
    app = App(__file__, middleware=[Middleware(Guard, hosts=hosts)], on_script_error=ui.unforeseen)
else:
    ui.start()
    ui.run(
        st.navigation(
            {
                "Explore": [
                    st.Page(
                        "pages/explore/overview.py", title="Overview", default=True, help="The picture in one screen"
                    ),
                    st.Page("pages/explore/trends.py", title="Trends", help="Counts and kilograms over time"),
                    st.Page("pages/explore/flows.py", title="Flows", help="From where to where, and who stopped it"),
                    st.Page("pages/explore/mirror.py", title="Mirror", help="Sending side beside receiving side"),
                    st.Page("pages/explore/displacement.py", title="Displacement", help="Did it move next door?"),
                    st.Page("pages/explore/emerging.py", title="Emerging", help="New and unusual, against chance"),
                    st.Page("pages/explore/parcel.py", title="Parcel", help="Weights, channels, contents, detection"),
                    st.Page("pages/explore/barriers.py", title="Barriers", help="The chain, step by step"),
                    st.Page("pages/explore/records.py", title="Records", help="The rows behind every number"),
                ],
                "Share": [
                    st.Page("pages/share/briefing.py", title="Briefing", help="One page that says what changed"),
                    st.Page("pages/share/deck.py", title="Deck", help="Slides: order, words, files"),
                    st.Page("pages/share/present.py", title="Present", help="Full screen, one figure at a time"),
                ],
                "Evidence": [
                    st.Page(
                        "pages/evidence/data_room.py",
                        title="Data room",
                        url_path="data_room",
                        help="Coverage, sources, quarantine",
                    ),
                    st.Page(
                        "pages/evidence/add_data.py",
                        title="Add data",
                        url_path="add_data",
                        help="A file of your own, described by choosing",
                    ),
                    st.Page("pages/evidence/review.py", title="Review", help="The same seizure, told twice?"),
                    st.Page("pages/evidence/followup.py", title="Follow-up", help="What came after"),
                    st.Page("pages/evidence/methods.py", title="Methods", help="Factors, rules, glossary, limits"),
                ],
            },
            expanded=True,
        )
    )
