"""The sentence of the filters."""

import re
from datetime import date

import pytest

from postflow import vocabulary, wording
from postflow.figures import periods, told
from postflow.scope import Scope, months_of

BENELUX = ("BE", "LU", "NL")


def western_europe() -> tuple[str, ...]:
    return wording.members("western-europe")


def test_the_default_scope_reads_as_the_brief_says_it() -> None:
    scope = Scope(drugs=("MDMA", "ketamine"), departures=western_europe(), destinations=("US", "AU", "NZ"))
    assert (
        wording.sentence(scope)
        == "MDMA and ketamine · Western Europe → US, AU, NZ · any channel · all years · count · all records"
    )


def test_no_filter_reads_as_anything() -> None:
    assert wording.sentence(Scope()) == "any drug · anywhere → anywhere · any channel · all years · count · all records"


def test_an_empty_list_lets_nothing_pass_and_says_so() -> None:
    parts = wording.parts(Scope(drugs=(), departures=(), channels=()))
    assert (parts.drugs, parts.route, parts.way) == ("no drug", "nowhere → anywhere", "no channel")


@pytest.mark.parametrize("group", ["Benelux", "SENN-POST core", "Western Europe", "Europe"])
def test_every_named_group_of_the_brief_exists_and_reads_by_its_name(group: str) -> None:
    codes = wording.members(wording.slug(group))
    assert wording.place(codes, "anywhere") == group
    assert wording.tokens(codes) == [wording.slug(group)]


def test_the_core_group_is_the_five_countries_of_the_brief() -> None:
    assert set(wording.members("senn-post-core")) == {"BE", "DE", "FR", "LU", "NL"}


def test_a_group_and_a_country_read_side_by_side() -> None:
    assert wording.place((*BENELUX, "PL"), "anywhere") == "Benelux and Poland"


def test_few_countries_are_named_and_many_are_counted() -> None:
    assert wording.place(("NL",), "anywhere") == "Netherlands"
    assert wording.place(("NL", "DE", "PL"), "anywhere") == "Netherlands, Germany and Poland"
    assert wording.place(("NL", "DE", "PL", "US"), "anywhere") == "4 countries"
    assert wording.place(("NL", "DE", "PL", "US"), "anywhere", most=12).startswith("Netherlands, Germany")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("NL", "the Netherlands"),
        ("US", "the United States"),
        ("CZ", "Czechia"),
        ("AE", "the United Arab Emirates"),
        ("CK", "the Cook Islands"),
        ("CF", "the Central African Republic"),
        ("ZZ", "an unstated country"),
    ],
)
def test_a_sentence_names_a_country_with_its_article(code: str, words: str) -> None:
    assert wording.spoken(code) == words
    assert wording.place((code,), "anywhere", is_sentence=True) == words
    assert periods.words(frozenset({code})) == words
    assert told.polish(code) == words.replace("United States", "US")


def test_every_name_that_takes_an_article_has_one() -> None:
    telling = re.compile(r"(Islands|Republic|Kingdom|Emirates|States|Territor(y|ies)|Netherlands)$|^(Isle|Holy)\b")
    wanted = {
        code for code, name in vocabulary.country_names().items() if telling.search(name) and " and the " not in name
    }
    assert wanted <= wording.WITH_ARTICLE
    assert set(vocabulary.country_names()) >= wording.WITH_ARTICLE


def test_destinations_in_a_sentence_are_names_and_no_codes() -> None:
    assert wording.place(("US", "AU"), "anywhere", is_sentence=True) == "the United States and Australia"


def test_not_stated_is_a_place_of_its_own() -> None:
    assert wording.place(("ZZ",), "anywhere") == "not stated"


@pytest.mark.parametrize(
    ("since", "until", "basis", "words"),
    [
        ("", "", "year", "all years"),
        ("", "", "us_fy", "all years, fiscal (US)"),
        ("2012", "2016", "year", "2012–2016"),
        ("2012", "2012", "year", "2012"),
        ("2012", "", "year", "since 2012"),
        ("", "2016", "year", "until 2016"),
        ("FY2019", "FY2026", "us_fy", "FY2019–FY2026 (US)"),
        ("FY2019", "", "au_fy", "since FY2019 (AU/NZ)"),
        ("FY2020", "FY2020", "uk_fy", "FY2020 (UK)"),
        ("2015-03", "2016", "year", "March 2015 – 2016"),
        ("2015-03", "2015-03", "year", "March 2015"),
        ("2015-Q1", "2015-Q2", "year", "2015 – June 2015"),
    ],
)
def test_periods_read_as_years_where_they_are_whole(since: str, until: str, basis: str, words: str) -> None:
    month_from = months_of(since, basis)[0] if since else None
    month_to = months_of(until, basis)[1] if until else None
    assert wording.period(month_from, month_to, basis) == words


def test_span_prints_first_and_last_month() -> None:
    assert wording.span(date(2012, 1, 1), date(2016, 12, 1)) == "January 2012 – December 2016"
    assert wording.span(date(2012, 1, 1), date(2012, 1, 1)) == "January 2012"
    assert wording.span(None, None) == "no month"


def test_each_switch_is_worded() -> None:
    scope = Scope(
        channels=("post", "courier"),
        sides=("export",),
        sources=("a",),
        possible_duplicates=False,
        inferred_destinations=False,
        outliers=False,
        same_seizure_once=False,
    )
    parts = wording.parts(scope, measure="kg", largest_left_out=3)
    assert parts.way == "post & courier, sending side"
    assert parts.measure == "kilograms"
    assert parts.records == (
        "1 source, no possible duplicates, destinations as reported, no outliers, every report counted, "
        "kg without the heaviest 3"
    )


def test_every_channel_and_side_of_the_vocabulary_has_words() -> None:
    assert {"post", "courier", "air_freight", "air_passenger", "sea", "land", "other", "unknown"} == set(
        wording.CHANNELS
    )
    assert {"export", "transit", "import", "domestic", "unknown"} == set(wording.SIDES)
