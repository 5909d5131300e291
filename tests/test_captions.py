"""Captions from totals and source rows."""

from dataclasses import replace

import pandas as pd

from postflow import captions
from postflow.figure import Caption
from postflow.scope import Scope
from postflow.view import Data, Fetch, View

VIEW = View(Data("real", "7c1d525", "2026-04"), Scope(drugs=("MDMA",), channels=("post",)))


def totals(**more: object) -> pd.DataFrame:
    row = {
        "records": 5,
        "seizures": 920,
        "quantity_kg": 12.0,
        "seizures_without_kg": 0,
        "seizures_possible_duplicate": 0,
        "seizures_outlier": 0,
        "quantity_kg_outlier": None,
        "seizures_inferred_destination": 0,
        "seizures_without_month": 0,
        "month_from": pd.Timestamp("2012-01-01"),
        "month_to": pd.Timestamp("2016-12-01"),
        "largest_kg": [6.0, 3.0, 1.0],
    }
    return pd.DataFrame([row | more])


def sources(**more: object) -> pd.DataFrame:
    return pd.DataFrame(
        [{"title": "IDS 2011–2016", "tlp": "TLP:CLEAR", "europol_handling": "", "is_synthetic": False} | more]
    )


def fetch_of(counts: dict[Scope, int]) -> Fetch:
    def fetch(name: str, **params: object) -> pd.DataFrame:
        if name == "ui/seizures_by_scope":
            known = [(scope.params(), number) for scope, number in counts.items()]
            asked = params["scopes"]
            return pd.DataFrame({"seizures": [next(n for scope, n in known if scope == one) for one in asked]})
        return sources() if name == "charts/sources" else totals(seizures=counts[params["scope"]])

    return fetch


def test_each_filter_says_what_it_alone_leaves_out() -> None:
    scope = VIEW.scope
    fetch = fetch_of(
        {
            scope: 913,
            scope.without("drugs"): 1000,
            scope.without("channels"): 920,
            replace(scope, same_seizure_once=False): 913,
        }
    )
    words = captions.caption(fetch, VIEW)
    assert words.counted == "913 seizures."
    assert words.left_out == "Left out, by one filter alone: 87 of other drugs; 7 by another channel or an unknown one."
    assert words.filters == "MDMA · anywhere → anywhere · post · all years · all records"
    assert words.period == "January 2012 – December 2016"
    assert words.sources == "IDS 2011–2016"
    assert words.version == "Data to 2026-04 · build 7c1d525"
    assert words.mark == "TLP:CLEAR"


def test_where_nothing_is_left_out_the_caption_says_so() -> None:
    words = captions.made(totals().iloc[0], Scope(), sources(), VIEW)
    assert words.left_out == "The filters leave nothing out."


def test_every_doubt_is_said_with_its_number() -> None:
    row = totals(
        seizures_without_kg=430,
        seizures_inferred_destination=913,
        seizures_possible_duplicate=103,
        seizures_without_month=1,
        seizures_outlier=1,
        quantity_kg_outlier=23292.0,
    ).iloc[0]
    said = " ".join(captions.doubts(row, Scope(), largest_left_out=2))
    assert "430 have no weight in kilograms." in said
    assert "For 913 the destination is inferred from the place of seizure." in said
    assert "103 are possible duplicates, counted." in said
    assert "1 has a year but no month." in said
    assert "1 is of a weight beyond belief (23\u202f300\u00a0kg), counted." in said
    assert "Kilograms leave out the heaviest 2 records (9.00\u00a0kg)." in said


def test_inferred_destinations_that_are_not_read_are_said() -> None:
    row = totals(seizures_inferred_destination=913).iloc[0]
    assert captions.doubts(row, Scope(inferred_destinations=False)) == [
        "For 913 the inferred destination is read as not stated."
    ]


def test_one_seizure_is_singular_and_none_has_no_month() -> None:
    row = totals(seizures=1, month_from=pd.NaT, month_to=pd.NaT).iloc[0]
    words = captions.made(row, Scope(), sources(), VIEW)
    assert (words.counted, words.period) == ("1 seizure.", "no month")


def test_synthetic_rows_are_marked_synthetic_in_any_pool() -> None:
    assert captions.made(totals().iloc[0], Scope(), sources(is_synthetic=True), VIEW).mark == "SYNTHETIC"
    exercise = replace(VIEW, data=Data("exercise", "x", "2026-04"))
    assert captions.made(totals().iloc[0], Scope(), sources(), exercise).mark == "SYNTHETIC"


def test_many_sources_are_named_and_counted() -> None:
    rows = pd.DataFrame({"title": list("ABCDE"), "tlp": ["TLP:CLEAR"] * 5, "is_synthetic": [False] * 5})
    assert captions.titles(rows) == "A; B; C; and 2 more"
    assert captions.titles(rows.head(0)) == "none"


def test_a_figure_says_only_what_its_page_does_not() -> None:
    page = Caption("920 seizures.", "7 of other drugs.", "MDMA", "2012 – 2016", "UNODC", "build a", "TLP:CLEAR")
    assert captions.own(page, None) == page.lines()
    assert captions.own(page, page) == []
    assert captions.own(replace(page, silent="Bands show noise."), page) == ["Bands show noise."]
    other = replace(page, counted="12 seizures.", left_out="The filters leave nothing out.", filters="any drug")
    assert captions.own(other, page) == ["12 seizures."]
    assert captions.own_more(other, page) == ["The filters leave nothing out.", "Filters: any drug."]
    assert captions.own_more(page, page) == []
    many = replace(page, silent="One. Two. Three. Four. Five.")
    assert captions.own(many, page, {"Two."}) == ["One. Three. Four."]
    assert captions.own_more(many, page, {"Two."}) == ["Five."]
    twice = replace(page, silent="Bands show noise. Levels were chosen.")
    assert captions.own(twice, page, {"Bands show noise."}) == ["Levels were chosen."]
