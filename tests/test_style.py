"""The palette keeps its promises, config.toml repeats the tokens, and templates carry them into every picture."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

import plotly.io as pio
import pytest

from postflow.style import CATEGORICAL, CHART_TEXT, COLOURS, DESTINATION, DRUG, SIDES, TYPE, Palette, css_variables
from postflow.template import CONFIG, watermark
from postflow.vision import VISION, contrast, distance

HUES = ["mdma", "ketamine", "us", "au", "nz"]
MODES = ["light", "dark"]
THEME = tomllib.loads((Path(__file__).parent.parent / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]


@pytest.mark.parametrize("mode", MODES)
def test_text_reaches_aa_on_page_and_panel(mode: str) -> None:
    colour = Palette(mode)
    for name in ["ink", "ink2", "ink3", "warn", "synth", *(f"{hue}_text" for hue in HUES)]:
        assert contrast(colour[name], colour["paper"]) >= 4.5, name
        assert contrast(colour[name], colour["panel"]) >= 4.5, name
    assert contrast(colour["warn"], colour["warn_bg"]) >= 4.5
    assert contrast(colour["synth"], colour["synth_bg"]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_data_marks_stand_out_from_the_page(mode: str) -> None:
    colour = Palette(mode)
    for name in [*HUES, "export", "transit", "import"]:
        assert contrast(colour[name], colour["paper"]) >= 2.95, name


@pytest.mark.parametrize(("mode", "vision"), list(itertools.product(MODES, VISION)))
def test_hues_stay_apart_for_every_eye(mode: str, vision: str) -> None:
    colour = Palette(mode)
    worst = min((distance(colour[a], colour[b], vision), a, b) for a, b in itertools.combinations(HUES, 2))
    assert worst[0] >= 14, worst
    assert distance(colour["mdma"], colour["ketamine"], vision) >= 21


@pytest.mark.parametrize(("mode", "vision"), list(itertools.product(MODES, VISION)))
def test_neighbouring_sides_stay_apart_for_every_eye(mode: str, vision: str) -> None:
    colour = Palette(mode)
    for a, b in itertools.pairwise(SIDES[:4]):
        assert distance(colour[a], colour[b], vision) >= 14, (a, b)


def test_ciede2000_equals_the_published_pairs() -> None:
    """White and black are 100 apart, equals are 0, and order does not matter."""
    assert distance("#FFFFFF", "#000000") == pytest.approx(100, abs=0.01)
    assert distance("#CC2A66", "#CC2A66") == pytest.approx(0, abs=1e-9)
    assert distance("#CC2A66", "#1496A9") == pytest.approx(distance("#1496A9", "#CC2A66"))
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("mode", MODES)
def test_config_repeats_the_tokens(mode: str) -> None:
    colour, theme = Palette(mode), THEME[mode]
    assert theme["backgroundColor"] == colour["paper"]
    assert theme["secondaryBackgroundColor"] == colour["panel"]
    assert theme["textColor"] == theme["primaryColor"] == colour["ink"]
    assert theme["chartCategoricalColors"] == [colour[name] for name in CATEGORICAL]
    assert len(theme["chartCategoricalColors"]) >= 10


def test_every_colour_has_both_modes() -> None:
    assert all(re.fullmatch(r"#[0-9A-F]{6}", value) for pair in COLOURS.values() for value in pair)
    assert all(len(pair) == 2 for pair in COLOURS.values())


def test_hues_are_kept_for_two_drugs_and_three_destinations() -> None:
    assert {*DRUG.values(), *DESTINATION.values()} == set(HUES)
    assert Palette("dark").fade("mdma", 0.16) == "rgba(236,111,151,0.16)"


def test_css_carries_every_token_for_both_modes() -> None:
    css = css_variables()
    assert css.startswith(":root{") and css.endswith("}")
    for name, (light, dark) in COLOURS.items():
        assert f"--{name.replace('_', '-')}: light-dark({light}, {dark});" in css
    for name in TYPE:
        assert f"--t-{name}: " in css


@pytest.mark.parametrize(("mode", "size"), list(itertools.product(MODES, CHART_TEXT)))
def test_templates_have_no_legend_no_titles_and_readable_words(mode: str, size: str) -> None:
    layout = pio.templates[f"postflow_{mode}_{size}"].layout
    assert layout.showlegend is False
    assert layout.xaxis.showgrid is False
    assert layout.yaxis.gridcolor == Palette(mode)["grid"]
    assert layout.font.size == CHART_TEXT[size] >= 14
    assert layout.xaxis.tickfont.size >= 12
    assert layout.transition.duration == 0
    assert len(layout.colorway) >= 10


def test_nothing_is_sent_or_fetched() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert str(CONFIG["topojsonURL"]).startswith("app/static/")


def test_the_watermark_is_part_of_the_picture() -> None:
    bare = {"data": [], "layout": {"height": 300}}
    (note,) = watermark(bare, "light", 0.5)["layout"]["annotations"]
    assert note["text"] == "SYNTHETIC" and note["font"]["color"] == COLOURS["synth"][0]
    assert bare == {"data": [], "layout": {"height": 300}}
