"""The chart mount without a browser: where its library comes from, and the way round it."""

import pytest

from postflow.ui import plot


def test_the_library_is_copied_to_where_the_browser_finds_it() -> None:
    assert plot.place_library()
    assert (plot.STATIC / "plotly.min.js").stat().st_size > 1_000_000


def test_the_switch_draws_with_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict] = []
    monkeypatch.setenv("POSTFLOW_PLOT", "streamlit")
    monkeypatch.setattr(plot.st, "plotly_chart", lambda fig, **said: drawn.append(said))
    plot.plot({"data": [], "layout": {"height": 300}}, key="k", alt="words")
    assert (drawn[0]["key"], drawn[0]["alt"], drawn[0]["theme"]) == ("k", "words", None)
