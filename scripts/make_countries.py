"""Write data/reference/countries.csv and country_words.csv from ISO 3166-1 (package pycountry) and the base map's anchors.

Needs the development packages. Run: ``python scripts/make_countries.py``; the result is committed. Regions ("Europe",
"worldwide") are no words of the list: they are not countries, and ``ZZ`` would say that nothing was stated.
"""

from __future__ import annotations

import csv
import gettext
import io
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pycountry

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "data" / "reference"

NAMES = {
    "US": "United States",
    "GB": "United Kingdom",
    "RU": "Russia",
    "KR": "South Korea",
    "KP": "North Korea",
    "IR": "Iran",
    "SY": "Syria",
    "VN": "Vietnam",
    "LA": "Laos",
    "MD": "Moldova",
    "MK": "North Macedonia",
    "TZ": "Tanzania",
    "VE": "Venezuela",
    "BO": "Bolivia",
    "TW": "Taiwan",
    "CZ": "Czechia",
    "TR": "Türkiye",
    "BN": "Brunei",
    "CD": "DR Congo",
    "CG": "Congo",
    "PS": "Palestine",
    "HK": "Hong Kong",
    "MO": "Macao",
    "VA": "Holy See",
    "FM": "Micronesia",
    "FK": "Falkland Islands",
    "VG": "British Virgin Islands",
    "VI": "US Virgin Islands",
    "CI": "Côte d’Ivoire",
    "SZ": "Eswatini",
    "BQ": "Caribbean Netherlands",
    "SX": "Sint Maarten",
    "MF": "Saint Martin",
    "SH": "Saint Helena",
}
"""Short English names where ISO's own are long or inverted."""

ANCHORS = {
    "NL": (52.31, 4.77),
    "BE": (50.85, 4.35),
    "DE": (50.11, 8.68),
    "FR": (48.86, 2.35),
    "GB": (51.51, -0.13),
    "IE": (53.35, -6.26),
    "LU": (49.61, 6.13),
    "CH": (47.38, 8.54),
    "IT": (41.90, 12.50),
    "ES": (40.42, -3.70),
    "PT": (38.72, -9.14),
    "AT": (48.21, 16.37),
    "DK": (55.68, 12.57),
    "SE": (59.33, 18.07),
    "NO": (59.91, 10.75),
    "FI": (60.17, 24.94),
    "PL": (52.23, 21.01),
    "CZ": (50.08, 14.44),
    "LV": (56.95, 24.11),
    "LT": (54.69, 25.28),
    "EE": (59.44, 24.75),
    "BG": (42.70, 23.32),
    "RO": (44.43, 26.10),
    "HU": (47.50, 19.04),
    "GR": (37.98, 23.73),
    "US": (40.64, -73.78),
    "CA": (43.68, -79.61),
    "MX": (19.43, -99.13),
    "BR": (-23.55, -46.63),
    "CL": (-33.45, -70.67),
    "AR": (-34.60, -58.38),
    "CO": (4.71, -74.07),
    "AU": (-33.87, 151.21),
    "NZ": (-36.85, 174.76),
    "CN": (31.23, 121.47),
    "HK": (22.32, 114.17),
    "IN": (28.61, 77.21),
    "JP": (35.68, 139.69),
    "KR": (37.57, 126.98),
    "TH": (13.76, 100.50),
    "SG": (1.35, 103.82),
    "MY": (3.14, 101.69),
    "ID": (-6.21, 106.85),
    "TW": (25.03, 121.57),
    "AE": (25.20, 55.27),
    "IL": (32.09, 34.78),
    "TR": (41.01, 28.98),
    "RU": (55.76, 37.62),
    "UA": (50.45, 30.52),
    "ZA": (-26.20, 28.05),
    "NG": (6.52, 3.38),
    "MO": (22.20, 113.55),
    "SK": (48.15, 17.11),
    "SI": (46.06, 14.51),
    "HR": (45.81, 15.98),
    "RS": (44.79, 20.46),
    "MT": (35.90, 14.51),
    "CY": (34.88, 33.63),
    "IS": (64.15, -21.94),
    "BY": (53.90, 27.57),
    "KZ": (43.24, 76.93),
    "PH": (14.60, 120.98),
    "VN": (10.82, 106.63),
    "KH": (11.56, 104.92),
    "MM": (16.87, 96.20),
    "PK": (24.86, 67.00),
    "BD": (23.81, 90.41),
    "LK": (6.93, 79.85),
    "KE": (-1.29, 36.82),
    "GH": (5.60, -0.19),
    "SN": (14.72, -17.47),
    "EG": (30.04, 31.24),
    "MA": (33.57, -7.59),
    "SA": (24.71, 46.68),
    "QA": (25.29, 51.53),
    "PE": (-12.05, -77.04),
    "EC": (-0.18, -78.47),
    "BO": (-16.50, -68.15),
    "PY": (-25.26, -57.58),
    "UY": (-34.90, -56.16),
    "VE": (10.48, -66.90),
    "PA": (8.98, -79.52),
    "CR": (9.93, -84.08),
    "DO": (18.49, -69.93),
    "XK": (42.66, 21.17),
    "VA": (41.90, 12.45),
    "SM": (43.94, 12.45),
    "IO": (-7.31, 72.42),
    "UM": (19.28, 166.65),
    "WF": (-13.28, -176.18),
}
"""Main mail or air gateway, latitude and longitude, for the countries that appear most; the others take the map's own centre."""

WESTERN_EUROPE = "NL GB DE BE IE FR IT LU ES CH"
GROUPS = {
    "Benelux": "BE NL LU",
    "SENN-POST core": "BE DE FR LU NL",
    "Western Europe": WESTERN_EUROPE,
    "Europe": WESTERN_EUROPE
    + " AD AL AT AX BA BG BY CY CZ DK EE FI FO GG GI GR HR HU IM IS JE LI LT LV MC MD ME MK MT NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
}
END_DESTINATIONS = ("US", "AU", "NZ")

WORDS = {
    "ZZ": "Unknown|Other|Multiple Countries|Not stated|Not known|Not reported|Unspecified|Several countries|Onbekend land|Pays inconnu|Anders|Overig|Autre|Autres|Sonstige|Meerdere landen|Plusieurs pays|Mehrere Länder|XX|-|Not specified|None|N/A|Onbekend|Inconnu|Unbekannt|Niet vermeld|Non précisé|Keine Angabe|Unk|?|Various",
    "US": "USA|U.S.A.|U.S.|United States of America|Verenigde Staten|VS|États-Unis|Etats-Unis|Vereinigte Staaten|Vereinigte Staaten von Amerika|Amerika",
    "GB": "UK|U.K.|Great Britain|United Kingdom (England and Wales)|United Kingdom (Scotland)|United Kingdom (Northern Ireland)|England|Scotland|Wales|Northern Ireland|Verenigd Koninkrijk|Groot-Brittannië|Royaume-Uni|Grande-Bretagne|Vereinigtes Königreich|Großbritannien|United Kingdom of Great Britain and Northern Ireland",
    "NL": "The Netherlands|Holland|Nederland|Pays-Bas|Niederlande|Netherlands (Kingdom of the)",
    "BE": "België|Belgie|Belgique|Belgien",
    "DE": "Duitsland|Allemagne|Deutschland|Germany, Federal Republic of",
    "FR": "Frankrijk|Frankreich|La France",
    "LU": "Luxemburg|Grand-Duché de Luxembourg",
    "CH": "Zwitserland|Suisse|Schweiz",
    "IT": "Italië|Italie|Italien",
    "ES": "Spanje|Espagne|Spanien",
    "IE": "Ierland|Irlande|Irland|Republic of Ireland|Éire",
    "AT": "Oostenrijk|Autriche|Österreich",
    "PT": "Portugal",
    "DK": "Denemarken|Danemark|Dänemark",
    "SE": "Zweden|Suède|Schweden",
    "NO": "Noorwegen|Norvège|Norwegen",
    "FI": "Finlande|Finnland",
    "PL": "Polen|Pologne",
    "CZ": "Czech Republic|Tsjechië|République tchèque|Tchéquie|Tschechien|Tschechische Republik",
    "HU": "Hongarije|Hongrie|Ungarn",
    "GR": "Griekenland|Grèce|Griechenland",
    "AU": "Australië|Australie|Australien",
    "NZ": "Nieuw-Zeeland|Nouvelle-Zélande|Neuseeland|Aotearoa|N.Z.",
    "CA": "Canada|Kanada",
    "JP": "Japon|Japan",
    "CN": "China (People's Republic)|Chine|China, People's Republic of",
    "IN": "Inde|Indien",
    "KR": "Korea, Republic of|Republic of Korea|Zuid-Korea|Corée du Sud|Südkorea",
    "KP": "Korea, Democratic People's Republic of|Democratic People's Republic of Korea",
    "TR": "Turkey|Turkije|Turquie|Türkei",
    "RU": "Russian Federation|Rusland|Russie|Russland",
    "IQ": "Iraq (Kurdistan Region)|Iraq (Central Iraq)",
    "MO": "Macau, SAR of China|Macau|China, Macao SAR|Macao SAR",
    "HK": "China, Hong Kong SAR|Hong Kong SAR|Hongkong",
    "MK": "Macedonia, the former Yugoslav Republic of|The former Yugoslav Republic of Macedonia|Macedonia",
    "VE": "Venezuela, Bolivarian Republic of|Venezuela (Bolivarian Republic of)",
    "BO": "Bolivia, Plurinational State of|Bolivia (Plurinational State of)",
    "IR": "Iran, Islamic Republic of|Iran (Islamic Republic of)",
    "LA": "Lao Peoples Democratic Republic|Lao People's Democratic Republic",
    "LY": "Libyan Arab Jamahiriya|Libya",
    "MD": "Moldova, Republic of|Republic of Moldova",
    "SZ": "Swaziland",
    "SY": "Syrian Arab Republic",
    "TZ": "Tanzania, United Republic of|United Republic of Tanzania",
    "XK": "Kosovo under UNSCR 1244|Kosovo (under UNSCR 1244)|Kosovo under UNSCR 1244 (1999)",
    "CW": "Netherlands Antilles|Curaçao|Curacao",
    "TW": "China, Taiwan Province of China|Taiwan, Province of China|Taiwan Province of China",
    "VN": "Viet Nam",
    "CV": "Cabo Verde|Cape Verde",
    "CI": "Côte d'Ivoire|Cote d'Ivoire|Ivory Coast",
    "CD": "Congo, the Democratic Republic of the|Democratic Republic of the Congo|Congo, Democratic Republic of the",
    "CG": "Congo, Republic of the|Republic of the Congo",
    "AX": "Aland Islands|Åland",
    "RE": "Réunion|Reunion",
    "BN": "Brunei Darussalam",
    "PS": "State of Palestine|Palestinian Territory",
    "FM": "Micronesia (Federated States of)",
    "MM": "Burma",
    "RS": "Serbia and Montenegro|Yugoslavia",
    "VA": "Vatican City",
    "ST": "Sao Tome and Principe",
    "TL": "East Timor",
    "AE": "UAE",
    "PM": "Saint Pierre and Miquelon",
}
NOTES = {
    "netherlands antilles": "dissolved on 10 October 2010, code AN withdrawn; read as Curaçao, its seat of government, main port and most of its people",
    "kosovo under unscr 1244": "XK is the user-assigned code in common use",
    "kosovo": "XK is the user-assigned code in common use",
    "iraq (kurdistan region)": "a region of Iraq, which reports apart",
    "iraq (central iraq)": "Iraq without the Kurdistan Region, which reports apart",
    "united kingdom (england and wales)": "part of the United Kingdom; Scotland and Northern Ireland report apart",
    "multiple countries": "more than one; the file does not say which",
    "other": "a country that the file does not name",
    "congo": "the file writes the other one as Congo, the Democratic Republic of the",
    "georgia": "the country; a state of the US is never written alone in these files",
    "na": "Namibia's code, not n/a",
    "macedonia": "the country of that name until 2019",
    "serbia and montenegro": "dissolved in 2006; read as Serbia, its successor",
    "yugoslavia": "dissolved in 2003; read as Serbia, its successor",
}
LANGUAGES = ("nl", "fr", "de")
UNKNOWN = "ZZ"
COUNTRY_COLUMNS = (
    "country_code",
    "country_code_alpha3",
    "country_name",
    "latitude",
    "longitude",
    "groups",
    "is_end_destination",
)


def anchors() -> dict[str, tuple[float, float]]:
    """ISO alpha-3 → latitude and longitude of the base map's own centre of the country."""
    found: dict[str, tuple[float, float]] = {}
    for name in ("world_50m", "world_110m"):
        objects = json.loads((ROOT / "static" / "topojson" / f"{name}.json").read_text(encoding="utf-8"))["objects"]
        for shape in objects["countries"]["geometries"]:
            if centre := shape["properties"].get("ct"):
                found.setdefault(shape["id"], (centre[1], centre[0]))
    return found


def countries() -> list[tuple[str, ...]]:
    """The rows of countries.csv, by code."""
    centres = anchors()
    listed = [
        (c.alpha_2, c.alpha_3, NAMES.get(c.alpha_2) or getattr(c, "common_name", c.name)) for c in pycountry.countries
    ]
    rows = []
    for code, alpha3, name in sorted([*listed, ("XK", "XKX", "Kosovo"), (UNKNOWN, "", "Not stated")]):
        place = ANCHORS.get(code) or centres.get(alpha3) or ("", "")
        groups = ";".join(group for group, members in GROUPS.items() if code in members.split())
        rows.append((code, alpha3, name, *map(str, place), groups, str(code in END_DESTINATIONS).lower()))
    return rows


def said() -> Iterator[tuple[str, str]]:
    """Every word and its code, the surest first: codes, our names, ISO's names, other spellings, translations."""
    for country in pycountry.countries:
        yield country.alpha_2, country.alpha_2
        yield country.alpha_3, country.alpha_2
    for code, alpha3, name, *_ in countries():
        yield from ((word, code) for word in (code, alpha3, name) if word)
    for code, text in WORDS.items():
        yield from ((word, code) for word in text.split("|"))
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            if word := getattr(country, field, ""):
                yield word, country.alpha_2
                yield from ((translated, country.alpha_2) for translated in translations(word, country.alpha_2))


def translations(word: str, code: str) -> list[str]:
    """The name as Dutch, French and German colleagues write it, for the countries they write about most."""
    if code not in (*GROUPS["Europe"].split(), *END_DESTINATIONS):
        return []
    spoken = (gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language]) for language in LANGUAGES)
    return [translated for language in spoken if (translated := language.gettext(word)) != word]


def spellings(word: str) -> list[str]:
    """The word, and as keyboards without accents and curly apostrophes write it."""
    straight = word.replace("’", "'")
    bare = "".join(letter for letter in unicodedata.normalize("NFD", straight) if not unicodedata.combining(letter))
    umlauts = straight.translate(
        str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
    )
    return list(dict.fromkeys((word, straight, bare, umlauts)))


def words() -> list[tuple[str, str, str]]:
    """The rows of country_words.csv: no word twice, and none with two meanings."""
    found: dict[str, tuple[str, str, str]] = {}
    for given, code in said():
        for word in spellings(unicodedata.normalize("NFC", given.strip())):
            key = word.lower()
            if found.setdefault(key, (word, code, NOTES.get(key, "")))[1] != code:
                raise SystemExit(f"{word!r} stands for {found[key][1]} and for {code}")
    return [found[key] for key in sorted(found)]


def as_csv(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table as text, with one kind of line end on every system."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def tables() -> dict[str, str]:
    """File name → its whole text."""
    return {
        "countries.csv": as_csv(COUNTRY_COLUMNS, countries()),
        "country_words.csv": as_csv(("word", "country_code", "note"), words()),
    }


def main() -> None:
    """Write both files."""
    for name, text in tables().items():
        (REFERENCE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
