"""The vocabulary as data: every official word is listed, every canonical value is explained, every factor is cited."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from postflow import sources, vocabulary
from postflow.vocabulary import fold
from scripts import make_drug_words

WORDS = vocabulary.rows("words")
DRUGS = {row["drug"]: row for row in vocabulary.rows("drugs")}
UNITS = {row["unit"]: row for row in vocabulary.rows("units")}
FACTORS = vocabulary.rows("unit_factors")
EXPLAINED = defaultdict(set)
for entry in vocabulary.rows("vocabulary"):
    EXPLAINED[entry["field"]].add(entry["canonical"])

CANONICAL = {
    "drug": set(DRUGS),
    "unit": set(UNITS),
    **dict.fromkeys(("transport", "hiding_place", "place_type"), EXPLAINED["channel"] | {""}),
    "routing": EXPLAINED["side"] | {""},
    **{
        field: EXPLAINED[field]
        for field in (
            "channel_detail",
            "operator",
            "concealment",
            "form",
            "detection_method",
            "declared_contents",
            "advance_data",
            "verdict",
            "yes_no",
        )
    },
}

LOOK_ALIKES = (
    "MDPV",
    "2C-H",
    "2C-B",
    "MDP2P",
    "MDA",
    "MDMB-CHMICA",
    "MMDA",
    "MDMB-CHMCZCA",
    "MBDB",
    "MDEA",
    "bk_MDEA",
    "MDPA",
    "MDAI",
    "bk-MDMA",
    "Methylone",
    "PMMA",
    "Tuci",
    "MDMA & Mephedrone",
    "Amphetamine-Ketamine Mix",
    "Methoxetamine",
    "2-FDCK",
    "Deschloroketamine",
    "Norketamine",
    "Esketamine",
    "Ketamine and phencyclidine-type substances",
    "Non-specified “ecstasy”-type substances",
    "cocaine and ketamine",
    "MDMA/ecstasy + crystal meth (lumped)",
    "all drugs (mostly MDMA/ecstasy)",
    "synthetic drugs and ecstasy (mostly)",
)

SPOKEN = {
    ("drug", "MDMA"): "XTC|Ecstasy|MDMA kristallen|MDMA-Kristalle|MDMA poudre",
    ("drug", "ketamine"): "Ketamin|Kétamine|KETAMINE|Ketaminepoeder",
    ("unit", "gram"): "gram|gramme|Gramm|g",
    ("unit", "tablet"): "Tabletten|comprimés|pillen|pilules",
    ("unit", "piece"): "stuks|Stück|pièces",
    ("unit", "pound"): "lb|lbs|pound",
    ("transport", "post"): "Brief|colis|pakket|poste|Mail|Lettre",
    ("transport", "courier"): "koerier|Kurier|express|Coursier",
    ("transport", ""): "Commercial air",
    ("hiding_place", "post"): "Postal",
    ("hiding_place", ""): "Baggage",
    ("place_type", "post"): "Post Office|Postal Parcel|Sorteercentrum|Centre de tri",
    ("place_type", "courier"): "Courier / Delivery service",
    ("detection_method", "X-ray"): "Röntgen|rayons X|scan|X-RAY",
    ("detection_method", "dog"): "hond|chien|Spürhund|K9",
    ("detection_method", "advance data"): "EAD|Vorabdaten|données anticipées",
    ("routing", "export"): "Border - outbound|Ausfuhr|uitvoer|sortant",
    ("routing", "import"): "Border - inbound|Einfuhr",
    ("routing", "transit"): "Durchfuhr|doorvoer",
    ("advance_data", "missing"): "geen|fehlt|aucune",
    ("advance_data", "vague"): "vaag|ungenau|imprécis",
}

OFFICIAL = {
    "drug": ("DRUG_NAME", "Drug Type", "drug_name", "drug_type", "drug", "substance"),
    "unit": ("DRUG_UNIT", "unit"),
    "transport": ("TRANSPORT", "transport", "Land Filter", "land_filter"),
    "hiding_place": ("HIDING_PLACE", "hiding_place"),
    "place_type": ("INSTALLATION", "installation", "Region"),
    "routing": ("ROUTING", "routing"),
    "country": (
        "COUNTRY",
        "PRODUCING_COUNTRY",
        "DEPARTURE_COUNTRY",
        "DESTINATION_COUNTRY",
        "seizure_country",
        "departure_country",
        "producing_country",
        "destination_country",
        "country",
    ),
}


def read_as(field: str, word: str) -> str:
    return vocabulary.shared_words()[(field, fold(word))]


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    columns = {column: field for field, listed in OFFICIAL.items() for column in listed}
    folder = [*(shared / "data").glob("*.gz"), *(shared / "data").glob("*.zip"), *(shared / "figures").glob("*.csv")]
    for path in folder:
        annual = "annual" in path.name
        for row in make_drug_words.rows(path):
            for column in columns.keys() & row.keys():
                if not (annual and column.casefold() == "region"):
                    found[columns[column]].add(row[column].strip())
    return {field: {word for word in words if word} for field, words in found.items()}


def test_every_word_is_listed_once_per_field_and_in_order() -> None:
    keys = [(row["field"], fold(row["word"])) for row in WORDS]
    assert keys == sorted(set(keys))
    assert all(row["word"] == row["word"].strip() != "" for row in WORDS)


@pytest.mark.parametrize("field", sorted({row["field"] for row in WORDS}))
def test_a_word_leads_to_a_canonical_value(field: str) -> None:
    assert {row["canonical"] for row in WORDS if row["field"] == field} <= CANONICAL[field]


@pytest.mark.parametrize("field", sorted(OFFICIAL))
def test_no_word_of_the_official_files_is_unlisted(field: str, official: dict[str, set[str]]) -> None:
    listed = {word for key, word in vocabulary.shared_words() if key == field}
    if field == "transport":
        listed |= {"land only"}  # us_cbp reads the land filter by its own [values]
    assert {word for word in official[field] if fold(word) not in listed} == set()


def test_the_unodc_export_holds_343_drug_names_and_43_units(shared: Path) -> None:
    told = list(make_drug_words.rows(shared / "data" / "unodc_ids_2011_2016.zip"))
    assert len({row["DRUG_NAME"].strip() for row in told} - {""}) == 343
    assert len({row["DRUG_UNIT"].strip() for row in told} - {""}) == 43


def test_a_hiding_place_has_a_channel_and_a_concealment() -> None:
    by_field = {
        field: {fold(row["word"]) for row in WORDS if row["field"] == field}
        for field in ("hiding_place", "concealment")
    }
    assert by_field["hiding_place"] == by_field["concealment"]


@pytest.mark.parametrize("word", LOOK_ALIKES)
def test_a_look_alike_is_neither_mdma_nor_ketamine(word: str) -> None:
    assert read_as("drug", word) not in ("MDMA", "ketamine")


def test_nothing_but_its_own_names_is_read_as_a_charted_drug() -> None:
    own = {
        "MDMA": (
            *("mdma", "xtc", "stasy", "extasy", "dioxymeth", "dioxyméth", "molly"),
            *("ecstasis", "extáz", "ekstaz", "ekstaas", "éxtasis", "eacstais"),
            *("metylendiox", "metilendi", "metüleendioks", "methylendioxymeth"),
        ),
        "ketamine": ("ketamin", "kétamine", "ketalar", "special k", "chetamina", "ketamiin", "céitimín", "cétaimín"),
    }
    for row in WORDS:
        if row["field"] == "drug" and row["canonical"] in own:
            assert any(part in fold(row["word"]) for part in own[row["canonical"]]), row


def test_only_mdma_and_ketamine_are_charted_and_have_a_limit() -> None:
    assert {name for name, row in DRUGS.items() if row["is_charted"] == "true"} == {"MDMA", "ketamine"}
    limits = {name: row["largest_credible_kg"] for name, row in DRUGS.items() if row["largest_credible_kg"]}
    assert limits == {"MDMA": "10000", "ketamine": "10000"}
    assert "ours" in DRUGS["MDMA"]["note"]
    assert len(DRUGS) == len(vocabulary.rows("drugs"))


FARTHER = {
    (
        "drug",
        "MDMA",
    ): "ecstasytabletter|extáze|MDMA in polvere|ekstazi tabletės|ekstaasi tabletid|éxtasis|Ecstasy-Pëllen|eacstais",
    ("drug", "ketamine"): "ketaminpulver|ketamin prášek|chetamina|ketaminas|ketamiin|ketamina en polvo|céitimín",
    ("unit", "gram"): "gramů|grammi|gramų|grammid|gramos|graim|gramma",
    ("unit", "kilogram"): "kilogramy|chilogrammi|kilogramai|kilogrammi|kilogramos",
    ("unit", "tablet"): "tabletter|tablety|compresse|tabletės|tabletid|pilloli|pastillas|pëllen",
    ("unit", "piece"): "stycken|kusů|pezzi|vnt.|tükki|piezas|biċċiet",
    ("channel_detail", "letter"): "brev|dopis|lettera|laiškas|kiri|ittra|litir|Bréif|carta",
    ("channel_detail", "parcel"): "pakke|balík|pacco|siuntinys|pakk|pakkett|beart|Pak|paquete",
    ("channel_detail", "courier"): "bud|kurýr|corriere|kurjeris|kuller|kurrier|cúiréir|mensajería",
    ("transport", "post"): "brevpost|pošta|posta|paštas|postisaadetis|correo",
    ("form", "powder"): "prášek|polvere|milteliai|pulber|trab|púdar|polvo",
    ("form", "crystal"): "kristaller|krystaly|cristalli|kristalai|kristallid|criostal|cristales",
    ("form", "liquid"): "vätska|væske|kapalina|liquido|skystis|vedelik|likwidu|leacht|líquido",
    ("concealment", "clothing"): "kläder|tøj|oblečení|indumenti|drabužiai|riided|ħwejjeġ|éadaí|Kleeder|ropa",
    ("concealment", "gifts and toys"): "leksak|legetøj|hračka|giocattolo|žaislas|mänguasi|ġugarell|bréagán|juguete",
    ("concealment", "food and drink"): "livsmedel|fødevarer|potraviny|alimenti|maistas|toit|ikel|bia|alimentos",
    ("concealment", "postal item"): "kuvert|obálka|busta|vokas|ümbrik|envelopp|sobre",
}


@pytest.mark.parametrize(("field", "canonical"), FARTHER)
def test_the_words_of_ten_more_languages_are_known(field: str, canonical: str) -> None:
    assert {read_as(field, word) for word in FARTHER[field, canonical].split("|")} == {canonical}


@pytest.mark.parametrize(("field", "canonical"), SPOKEN)
def test_the_words_of_four_languages_are_known(field: str, canonical: str) -> None:
    assert {read_as(field, word) for word in SPOKEN[field, canonical].split("|")} == {canonical}


@pytest.mark.parametrize("word", ["pond", "Pfund", "livre", "ons", "gallons"])
def test_a_unit_that_may_mean_two_weights_is_not_listed(word: str) -> None:
    assert ("unit", fold(word)) not in vocabulary.shared_words()


def test_factors_are_cited_and_in_order() -> None:
    assert len({row["factor_id"] for row in FACTORS}) == len(FACTORS)
    for row in FACTORS:
        low, middle, high = (float(row[f"kg_{name}"]) for name in ("low", "mid", "high"))
        assert 0 < low <= middle <= high, row["factor_id"]
        assert row["citation"], row["factor_id"]
        assert row["unit"] in UNITS and row["drug"] in {"*", *DRUGS}, row["factor_id"]
        assert row["form"] in {"*"} | EXPLAINED["form"], row["factor_id"]
        assert row["url"].startswith("http") or row["factor_id"].startswith("exact_"), row["factor_id"]


def test_a_mass_has_one_exact_factor_and_a_count_none_for_every_drug() -> None:
    exact = {row["unit"]: row for row in FACTORS if row["drug"] == "*" and row["kg_low"] == row["kg_high"]}
    for unit, row in UNITS.items():
        assert (unit in exact) == (row["kind"] in ("mass", "volume")), unit
    assert {row["unit"] for row in FACTORS if row["drug"] == "MDMA"} == {"tablet", "thousand_tablets", "capsule"}
    assert not {"unit", "piece", "dose"} & {row["unit"] for row in FACTORS}


def test_a_thousand_tablets_weigh_a_thousand_times_a_tablet() -> None:
    weight = {row["factor_id"]: [float(row[f"kg_{name}"]) for name in ("low", "mid", "high")] for row in FACTORS}
    assert weight["mdma_thousand_tablets"] == pytest.approx([1000 * kg for kg in weight["mdma_tablet"]])
    assert weight["ketamine_litre"] == pytest.approx([1000 * kg for kg in weight["ketamine_millilitre"]])


def test_channels_and_sides_are_told_alike_in_both_files() -> None:
    for field, name in (("channel", "channels"), ("side", "sides")):
        told = [
            (row["canonical"], row["label"], row["definition"])
            for row in vocabulary.rows("vocabulary")
            if row["field"] == field
        ]
        assert told == [tuple(row.values()) for row in vocabulary.rows(name)]


def test_every_canonical_value_has_a_label_and_a_definition() -> None:
    listed = [(row["field"], row["canonical"]) for row in vocabulary.rows("vocabulary")]
    assert len(listed) == len(set(listed))
    assert all(row["label"] and row["definition"].endswith(".") for row in vocabulary.rows("vocabulary"))
    for field in (
        "channel_detail",
        "operator",
        "concealment",
        "form",
        "detection_method",
        "declared_contents",
        "advance_data",
    ):
        assert "unknown" in EXPLAINED[field]


def test_sources_map_only_to_known_values() -> None:
    for source in sources.every().values():
        for column, listed in source.values.items():
            if column in CANONICAL:
                assert set(listed.values()) <= CANONICAL[column], (source.id, column)


def test_events_are_dated_and_sourced() -> None:
    events = vocabulary.rows("events")
    assert len({row["event_id"] for row in events}) == len(events)
    assert [row["date_from"] for row in events] == sorted(row["date_from"] for row in events)
    series = {source.series_id for source in sources.every().values()}
    for row in events:
        start = date.fromisoformat(row["date_from"])
        assert not row["date_to"] or date.fromisoformat(row["date_to"]) >= start, row["event_id"]
        assert row["kind"] in {"break", "law", "operation", "team start", "holiday", "revision"}, row["event_id"]
        assert row["title"] and row["description"] and row["source"] and row["url"].startswith("http"), row["event_id"]
        assert set(filter(None, row["country_codes"].split(";"))) <= set(vocabulary.country_names()), row["event_id"]
        assert set(filter(None, row["series_ids"].split(";"))) <= series, row["event_id"]
        assert set(filter(None, row["drugs"].split(";"))) <= set(DRUGS), row["event_id"]
    assert {"harp_start", "stop_act_2021", "dutch_registration_2020", "german_letters_2016"} <= {
        row["event_id"] for row in events
    }


def test_a_new_drug_name_becomes_a_drug_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("words", "drugs"):
        (tmp_path / f"{name}.csv").write_bytes((vocabulary.FOLDER / f"{name}.csv").read_bytes())
    monkeypatch.setattr(make_drug_words, "REFERENCE", tmp_path)
    delivered = tmp_path / "new.csv"
    delivered.write_text("DRUG_NAME;AMOUNT\nMDMA-Like  Thing**;1\nEcstasy;2\n", encoding="utf-8")
    make_drug_words.main([delivered])
    added = {row["word"]: row["canonical"] for row in make_drug_words.table("words")}
    assert added["MDMA-Like  Thing**"] == "MDMA-Like Thing"
    assert added["Ecstasy"] == "MDMA"
    assert len(make_drug_words.table("drugs")) == len(DRUGS) + 1
    assert make_drug_words.missing(make_drug_words.drug_names(delivered)) == []
