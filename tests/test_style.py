"""The palette keeps its promises, config.toml says the same as style.py, and numbers are written one way."""
import itertools
import tomllib
from pathlib import Path

import pytest

from postflow.numbers import change, clean, count, interval, share, weight
from postflow.style import CATEGORICAL, COLOURS, Palette
from postflow.vision import VISION, contrast, distance

HUES = ["mdma", "ketamine", "us", "au", "nz"]
CONFIG = tomllib.loads((Path(__file__).parent.parent / ".streamlit/config.toml").read_text())["theme"]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_reaches_aa_on_page_and_panel(mode):
    p = Palette(mode)
    for name in ["ink", "ink2", "ink3", "warn", "synth", *(h + "_text" for h in HUES)]:
        assert contrast(p[name], p["paper"]) >= 4.5, name
        assert contrast(p[name], p["panel"]) >= 4.5, name
    assert contrast(p["warn"], p["warn_bg"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_data_marks_stand_out_from_the_page(mode):
    p = Palette(mode)
    for name in [*HUES, "export", "transit", "import"]:
        assert contrast(p[name], p["paper"]) >= 2.95, name


@pytest.mark.parametrize(("mode", "vision"), list(itertools.product(["light", "dark"], VISION)))
def test_hues_stay_apart_for_every_eye(mode, vision):
    p = Palette(mode)
    worst = min((distance(p[a], p[b], vision), a, b) for a, b in itertools.combinations(HUES, 2))
    assert worst[0] >= 14, worst


def test_config_repeats_the_tokens():
    for mode in ("light", "dark"):
        p, theme = Palette(mode), CONFIG[mode]
        assert theme["backgroundColor"] == p["paper"]
        assert theme["secondaryBackgroundColor"] == p["panel"]
        assert theme["textColor"] == theme["primaryColor"] == p["ink"]
        assert theme["chartCategoricalColors"] == [p[name] for name in CATEGORICAL]
        assert len(theme["chartCategoricalColors"]) >= 10


def test_numbers_are_written_one_way():
    assert count(311038) == "311\u202f038"
    assert weight(2432.12) == "2\u202f430\u00a0kg"
    assert weight(0.1808) == "181\u00a0g"
    assert weight(None) == weight(float("nan")) == "–"
    assert change(762, 453) == "+68\u202f%"
    assert change(667, 126) == "×5.3"
    assert share(1, 4667) == "<0.1\u202f%"


def test_the_interval_of_a_count_is_the_exact_one():
    low, high = interval(5)
    assert (round(low, 1), round(high, 1)) == (1.6, 11.7)
    low, high = interval(30)
    assert (round(low, 1), round(high, 1)) == (20.2, 42.8)
    assert interval(0)[0] == 0


@pytest.mark.parametrize("words", ["<a href='javascript:x'>", "<script>", "a & b", "tab\tand\nline"])
def test_text_from_data_is_never_markup_in_a_picture(words):
    assert "<" not in clean(words)
    assert "\n" not in clean(words)


def test_every_colour_has_both_modes():
    assert all(len(pair) == 2 for pair in COLOURS.values())
