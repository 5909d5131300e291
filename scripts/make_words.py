"""Write data/reference/words.csv, drugs.csv, units.csv, unit_factors.csv and vocabulary.csv.

The lists below are the vocabulary; the names of drugs that the official files add come from the files given as arguments
(the UNODC individual-seizure export and US CBP editions, unpacked CSV). The result is committed.

Run: ``python scripts/make_words.py IDS.csv CBP.csv…``
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "data" / "reference"

DRUGS = {
    "MDMA": "Ecstasy|MDMA|XTC|3,4-methylenedioxymethamphetamine (MDMA)|MDMA kristallen|MDMA-kristallen|MDMA Kristalle|MDMA crystals|MDMA cristaux|MDMA powder|MDMA-Pulver|Ecstasy (MDMA)|Ecstasy-Tabletten|Ecstasypillen|XTC-pillen|XTC pillen|comprimés d'ecstasy|Ecstasy tablets|MDMA/ecstasy|MDMA tablets|MDMA (liquid)|MDMA (powder/paste)|mdma hcl",
    "ketamine": "Ketamine|Ketamin|Kétamine|Ketamine HCl|Ketamin-Hydrochlorid|Ketamine hydrochloride|ketamine (liquid)|Ketamine vloeibaar|Special K",
    "cocaine": "Cocaine|Cocaïne|Kokain|Cocaine HCL|Cocaine hydrochloride|Liquid cocaine",
    "heroin": "Heroin|Héroïne|Heroïne|Heroin Base", "amphetamine": "Amphetamine|Amfetamine|Amphetamin|Amphétamine|Speed",
    "methamphetamine": "Methamphetamine|Methamfetamine|Methamphetamin|Méthamphétamine|Crystal meth|Liquid methamphetamine",
    "cannabis herb": "Marijuana|Cannabis herb (marijuana)|Hennep|Marihuana|Cannabiskraut|Herbe de cannabis|Cannabis", "LSD": "LSD|Lysergic acid diethylamide (LSD)",
    "khat": "Khat|Khat (Catha Edulis)", "fentanyl": "Fentanyl|Phentanyl", "2C-B": "2C-B|2CB|Tuci",
    "MDA": "MDA|Tenamfetamine (MDA)", "MDEA": "MDEA", "MDPV": "MDPV|3,4-Methylenedioxypyrovalerone (MDPV)",
    "PMK (MDP2P)": "MDP2P|3,4-Methylenedioxyphenyl-2-propanone (3,4-MDP-2-P, PMK)",
    "MDMA and mephedrone mixture": "MDMA & Mephedrone", "amphetamine and ketamine mixture": "Amphetamine-Ketamine Mix",
    "ecstasy-type total": 'Total "ecstasy"-type substances (including the above, all other substances of this type and any unspecified/undistinguished quantities of substances of this type)',
    "ecstasy-type unspecified": "Non-specified “ecstasy”-type substances", "ketamine and PCP-type total": "Ketamine and phencyclidine-type substances",
    "several drugs": "Multiple drugs|Controlled Drug Mix", "unknown": "Unknown|Onbekend|Inconnu|Unbekannt", "other": "Other|Other Drugs**|Other Drugs|Overig|Autre|Sonstige",
}  # fmt: skip
GROUPS = {"MDMA": "ecstasy-type", "ketamine": "dissociatives"}
LARGEST_CREDIBLE_KG = {"MDMA": 10_000, "ketamine": 10_000}

UNITS = {
    "gram": ("g", "mass", "Gram|Grams|g|gr|gramme|grammes|Gramm|Grammes"), "kilogram": ("kg", "mass", "Kilogram|Kilograms|kg|kilo|kilogramme|Kilogramm|Kilogrammes"),
    "milligram": ("mg", "mass", "Milligram|mg"), "microgram": ("µg", "mass", "Microgram|µg"), "ton": ("t", "mass", "Ton|Tonne|Tonnes|ton|metric ton"),
    "pound": ("lb", "mass", "lb|lbs|pound|pounds|pond (lb)"), "ounce": ("oz", "mass", "Ounce|oz|ounces"), "100_gram": ("100 g", "mass", "100 gram"),
    "viss": ("viss", "mass", "Viss"), "block_350_gram": ("block of 350 g", "mass", "Block (350gr)"), "paper_tenth_gram": ("paper of 0.1 g", "mass", "Paper (1/10 gm)"),
    "litre": ("l", "volume", "Litre|Liter|l|litres|Litres|liters"), "millilitre": ("ml", "volume", "Millilitre|ml|Milliliter|Cc|Cubic Centimeter|cc"),
    "gallon_us": ("US gal", "volume", "Gallons (US, liquid)|gallons"), "gallon_uk": ("UK gal", "volume", "Gallons (UK)"),
    "tablet": ("tablets", "count", "Tablet|Tablets|Tabletten|tablette|comprimé|comprimés|Pill|Pills|pillen|pilules|Pillen|Retalin Tablets|stuks tabletten|TAB"),
    "thousand_tablets": ("thousand tablets", "count", "Thousand of tablets"), "capsule": ("capsules", "count", "Capsule|Capsules|Kapseln|gélules"),
    "piece": ("pieces", "count", "Piece|Pieces|stuks|stuk|Stück|pièces|pièce|st"), "unit": ("units", "count", "Unit|Units|unité|unités|Einheit|eenheid|EA|each"),
    "hundred_units": ("hundred units", "count", "Hundred of units"), "dose": ("doses", "count", "Dose|Doses"), "thousand_doses": ("thousand doses", "count", "Thousand of doses"),
    "ampoule": ("ampoules", "count", "Ampoule|Ampoules"), "vial": ("vials", "count", "Vials|Vial|Flacons|flacon|Fläschchen|flesjes"), "bottle": ("bottles", "count", "Bottles|Bottle|flessen|Flaschen|bouteilles"),
    "injection": ("injections", "count", "Injection"), "blotter": ("blotters", "count", "Blotting paper|Blotter|Trip|Stamp|Mark"), "plant": ("plants", "count", "Plants|Bush"),
    "package": ("packages", "count", "Packages"), "barrette": ("barrettes", "count", "Barette"), "joint": ("joints", "count", "Joint"),
    "acre": ("acres", "area", "Acres"), "hectare": ("hectares", "area", "Hectars"), "other": ("other", "other", "other|Other"),
}  # fmt: skip

EXACT = {"gram": 0.001, "kilogram": 1.0, "milligram": 1e-6, "microgram": 1e-9, "ton": 1000.0, "pound": 0.45359237, "ounce": 0.028349523125, "100_gram": 0.1, "viss": 1.632932532, "block_350_gram": 0.35, "paper_tenth_gram": 0.0001}
TABLET = "UNODC data portal, drug seizures: tablets of amphetamine-type stimulants weigh 90–300 mg bulk, by region and drug"
TABLET_URL = "https://dataunodc.un.org/drugs/global_seizures"
TABLET_NOTE = "Low and high are UNODC's band; the middle is their geometric mean, ours: tablets grew heavier (Vrolijk et al. 2022), so no single weight holds for all years. Bulk, not pure."
VOLUME = "UNODC data portal, drug seizures: 1 litre is counted as 1 kilogram"
VIAL = "US customs ruling NY R02465: licensed ketamine vials hold 50 or 100 mg/ml"

FIELDS: dict[str, dict[str, str]] = {
    "transport": {
        "post": "Mail|Post|Poste|Postal|Briefpost|Post (brief)|Brief|Paket|Pakket|Pakketpost|Postpakket|Colis postal|Colis|Letter|Small packet|Parcel|Letter mail|International mail|EMS|Postal mail|Fast post|Lettre|Post parcel|Letter class",
        "courier": "Courier|Express|Express courier|Koerier|Coursier|Kurier|Courrier express|Expresszustellung|Fast parcel|Express consignment|Koerier/express|Express parcel",
        "air_freight": "Air cargo|Air freight|Luchtvracht|Fret aérien|Luftfracht|Sea/Air cargo", "air_passenger": "Private air|Air passenger|Passagier|Passager|Reisende|Traveller|Passenger",
        "sea": "Commercial sea|Private sea|River|Sea|Sea cargo|Zee|Zeevracht|Maritime|Fret maritime|Seefracht|Sea freight|See", "land": "Land|Private road|Commercial road|Rail|Pedestrian|Road|Weg|Wegvervoer|Route|Straße|Land (road)",
        "other": "Other|Overig|Autre|Sonstige|Andere", "": "Commercial air|Air|Unknown|None|Onbekend|Inconnu|Unbekannt|Not stated|Lucht|Aérien|Luft",
    },
    "hiding_place": {
        "post": "Postal|Mail|Post", "": "Swallowed|Baggage|Handbag|Backpack|Inserted|Other|Plastic bags|Unknown|Package|Residence|Body|Outerwear|Transport Vehicle|Car Parts|Furniture|Freight|Container|Cosmetics|Sack|Electrical Parts|Gifts|Underwear|Food|Carry|Appliances|Shoes|Beverages|Toilet|Clothes|Vessel|Business|Art items|Toys|Bike|Farm / Plantation|Office supplies",
    },
    "place_type": {
        "post": "Post Office|Postal Parcel|Mail centre|International mail centre|Sorting centre|Postsorteercentrum|Centre de tri|Postzentrum|Sorteercentrum|International postal centre|Mail facility|Postal facility|IPZ",
        "courier": "Courier / Delivery service|Courier hub|Express hub|Koeriershub|Hub express|Kurierzentrum|Express facility", "air_freight": "Air Cargo|Cargo terminal|Vrachtterminal", "sea": "Seaport|Port Facilities|Boat|Vessel|Riverport|International Waters|Territorial Waters|Maritime Zone|Port|Haven|Hafen",
        "land": "Road|Car|Vehicle|Highway|Truck / Lorry|Bus|Train|Railway Station|Bus station|Public transport|Frontier|Checkpoint",
        "": "Airport|Street|Flat/Apartment|Open Air|Home/Residence|Unknown|Other|Residence|Building|Store|Garage|Hospital|Prison|Court|Plane|Hotel|Bar|Customs facilities|Warehouse|Beach|Car Park|Property|Personal belongings|Restaurant / Cafe|Forest|Commercial premises|Office|Mountains|Police facilites|Hiding place|Archaeological Site|Village|Container|Underground|Market / Bazaar|Cellar|Gas station|Square|Military facilities|Farm|Cemetery|Abandoned building|Factory|Freight|Church/Place Of Worship|Mining Site|Government building|Station|Garden|Commercial garage|Glove Compartment|Underwater Site|Apotheke|Tunnel|Castle / Palace|Luchthaven|Aéroport|Flughafen|Onbekend|Inconnu|Unbekannt|Woning|Domicile|Wohnung|Controlled delivery address|Address",
    },
    "concealment": {
        "postal item": "Postal|Mail|Post|Package", "baggage": "Baggage|Handbag|Backpack|Sack|Plastic bags", "body or swallowed": "Swallowed|Body|Carry", "clothing": "Outerwear|Underwear|Shoes|Clothes",
        "vehicle": "Transport Vehicle|Car Parts|Vessel|Bike|Container|Freight", "household goods": "Furniture|Appliances|Toilet|Residence|Art items|Office supplies", "electronics": "Electrical Parts", "cosmetics": "Cosmetics", "gifts and toys": "Gifts|Toys", "food and drink": "Food|Beverages",
        "other": "Inserted|Other|Business|Farm / Plantation", "unknown": "Unknown",
    },
    "routing": {
        "import": "Border - inbound|Inbound|Import|Invoer|Einfuhr|Importation|Inbound international|Entrant", "export": "Border - outbound|Outbound|Export|Uitvoer|Ausfuhr|Exportation|Sortant|Export/outbound",
        "transit": "Border - transit/free trade zone|Transit|Doorvoer|Durchfuhr", "domestic": "National territory/domestic seizure|Domestic|Binnenland|Inland|Intérieur|National", "": "Other|International waters/unclaimed territory|Unknown|Onbekend|Inconnu|Unbekannt",
    },
    "form": {
        "tablet": "tablet|tablets|pill|pills|pillen|Tabletten|comprimé|comprimés|tabletten|pilules", "powder": "powder|poeder|poudre|Pulver", "crystal": "crystal|crystals|kristallen|kristal|cristaux|Kristalle|kristallin|cristal",
        "liquid": "liquid|vloeibaar|vloeistof|liquide|flüssig|Flüssigkeit", "vial": "vial|vials|flesje|flacon|Ampulle|ampul", "capsule": "capsule|capsules|gélule|Kapsel", "paste": "paste|pasta|pâte|Paste", "other": "other|overig|autre|sonstige", "unknown": "unknown|onbekend|inconnu|unbekannt",
    },
    "detection_method": {
        "X-ray": "X-ray|x ray|xray|Röntgen|röntgen|scan|scanner|rayons X|Röntgenbild|Röntgenscan|radiographie|RX", "dog": "dog|hond|chien|Hund|Spürhund|speurhond|chien stup|detector dog|K9|drugshond", "profile": "profile|profiel|profilage|Profil|targeting|risk profile|risicoprofiel|ciblage|Profiling|profiling|Risikoprofil|risk analysis|risicoanalyse|analyse de risque|Risikoanalyse",
        "advance data": "advance data|EAD|EAD rule|voorafgaande gegevens|données préalables|Vorabdaten|electronic advance data|EAD-regel|EAD-regle|règle EAD", "image algorithm": "image algorithm|algorithm|algoritme|algorithme|Algorithmus|beeldalgoritme", "information": "information|tip|informatie|renseignement|Hinweis|intelligence|referral|information-led|inlichting|tip-off|Information|info", "operator staff": "operator staff|postal staff|medewerker|personnel|Mitarbeiter|staff|post staff|postmedewerker|Postpersonal|personnel postal|operator",
        "random check": "random|random check|steekproef|aléatoire|Stichprobe|aselect|contrôle aléatoire", "other": "other|overig|autre|sonstige", "unknown": "unknown|onbekend|inconnu|unbekannt",
    },
    "declared_contents": {
        "clothes": "clothes|clothing|kleding|vêtements|Kleidung|Bekleidung", "gift": "gift|cadeau|Geschenk|geschenk|present", "documents": "documents|documenten|Dokumente", "toys": "toys|speelgoed|jouets|Spielzeug", "electronics": "electronics|elektronica|électronique|Elektronik",
        "car parts": "car parts|auto-onderdelen|pièces auto|Autoteile|parts|onderdelen|pièces|Teile|spare parts", "cosmetics": "cosmetics|cosmetica|cosmétiques|Kosmetik", "food": "food|voedsel|aliments|Lebensmittel|snoep|candy|alimentation|levensmiddelen", "books": "books|boeken|livres|Bücher", "art and decoration": "art|decoration|kunst|décoration|Dekoration|decoratie", "candles": "candles|kaarsen|bougies|Kerzen", "pet food": "pet food|diervoeding|Tierfutter|nourriture pour animaux",
        "medicine": "medicine|supplements|medicijnen|médicaments|Medikamente|supplementen|compléments|Nahrungsergänzung|vitamins", "tools": "tools|gereedschap|outils|Werkzeug", "none": "none|geen|aucun|keine", "other": "other|overig|autre|sonstige", "unknown": "unknown|onbekend|inconnu|unbekannt|blank",
    },
    "advance_data": {"good": "good|goed|bon|gut|bonne|complete", "vague": "vague|vaag|imprécis|vage|imprécise|ungenau", "late": "late|te laat|tardif|verspätet|laat", "bad address": "bad address|slecht adres|mauvaise adresse|schlechte Adresse", "zero value": "zero value|waarde nul|valeur nulle|Wert null", "missing": "missing|ontbreekt|manquant|fehlt|none|absent|geen", "unknown": "unknown|onbekend|inconnu|unbekannt"},
    "verdict": {"convicted": "convicted|veroordeeld|condamné|verurteilt|guilty", "acquitted": "acquitted|vrijgesproken|acquitté|freigesprochen|not guilty", "dismissed": "dismissed|geseponeerd|classé|eingestellt|classé sans suite|no further action", "pending": "pending|lopend|en cours|anhängig"},
    "yes_no": {"yes": "yes|y|ja|j|oui|o|true|1|wahr|vrai|waar", "no": "no|n|nee|nein|non|false|0|falsch|faux|onwaar"},
    "month": {},
}  # fmt: skip

LABELS = {
    "channel": {"post": "Post", "courier": "Express courier", "air_freight": "Air freight", "air_passenger": "Air passenger", "sea": "Sea", "land": "Land", "other": "Other", "unknown": "Not stated"},
    "side": {"export": "Sending side", "transit": "In transit", "import": "Receiving side", "domestic": "Domestic", "unknown": "Not known"},
    "destination_basis": {"reported": "Stated in the row", "inferred": "Inferred from the place of seizure", "unknown": "Not stated"},
    "date_precision": {"day": "Day known", "month": "Only the month is known", "year": "Only the year is known"},
}  # fmt: skip


def tidy(name: str) -> str:
    """A drug's name for the vocabulary: one space, lower case but for names that are codes."""
    name = re.sub(r"\s+", " ", name).strip().rstrip("*")
    return name if re.search(r"\d|[A-Z]{2}", name) else name.lower()


def official_drugs(paths: list[str]) -> list[str]:
    """The drug names of official files, sorted."""
    found = set()
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="") as file:
            start = file.readline()
            file.seek(0)
            for row in csv.DictReader(file, delimiter=";" if start.count(";") > start.count(",") else ","):
                found.add((row.get("DRUG_NAME") or row.get("Drug Type") or row.get("drug") or "").strip())
    return sorted(found - {""})


def main(paths: list[str]) -> None:
    """Write the five files."""
    words: dict[tuple[str, str], tuple[str, str, str]] = {}

    def say(field: str, word: str, canonical: str) -> None:
        if word:
            words.setdefault((field, word.strip().lower()), (field, word.strip(), canonical))

    for canonical, listed in DRUGS.items():
        for word in [canonical, *listed.split("|")]:
            say("drug", word, canonical)
    for name in official_drugs(paths):
        say("drug", name, tidy(name))
    for unit, (_, _, listed) in UNITS.items():
        for word in [unit, *listed.split("|")]:
            say("unit", word, unit)
    for field, table in FIELDS.items():
        for canonical, listed in table.items():
            for word in [*([canonical] if field not in ("hiding_place",) else []), *listed.split("|")]:
                say(field, word, canonical)
    write("words", ["field", "word", "canonical"], [words[key] for key in sorted(words)])
    drugs = sorted({canonical for field, _, canonical in words.values() if field == "drug"} | set(DRUGS), key=str.lower)
    write(
        "drugs", ["drug", "label", "group", "is_charted", "largest_credible_kg", "note"],
        [[d, d if d[:1].isupper() else d.capitalize(), GROUPS.get(d, "other"), str(d in GROUPS).lower(), LARGEST_CREDIBLE_KG.get(d, ""), "above it a single record is flagged as an outlier; the limit is ours" if d in LARGEST_CREDIBLE_KG else ""] for d in drugs],
    )  # fmt: skip
    write("units", ["unit", "label", "kind"], [[unit, label, kind] for unit, (label, kind, _) in UNITS.items()])
    write("unit_factors", ["factor_id", "drug", "form", "unit", "kg_low", "kg_mid", "kg_high", "year_from", "year_to", "citation", "url", "note"], list(factors()))
    vocabulary = [(field, canonical, label) for field, table in LABELS.items() for canonical, label in table.items()]
    for field, table in FIELDS.items():
        if field in ("concealment", "form", "detection_method", "declared_contents", "advance_data", "verdict"):
            vocabulary += [(field, canonical, canonical[:1].upper() + canonical[1:]) for canonical in table]
    write("vocabulary", ["field", "canonical", "label"], vocabulary)


def factors():  # noqa: ANN201
    """The rows of unit_factors.csv; a unit without a defensible factor has none."""
    for unit, kg in EXACT.items():
        yield [f"exact_{unit}", "*", "*", unit, f"{kg:.12g}", f"{kg:.12g}", f"{kg:.12g}", "", "", "definition of the unit", "", ""]
    middle = (0.00009 * 0.0003) ** 0.5
    for unit, many in (("tablet", 1), ("thousand_tablets", 1000)):
        yield [f"mdma_{unit}", "MDMA", "*", unit, f"{0.00009 * many:.12g}", f"{middle * many:.6f}", f"{0.0003 * many:.12g}", "", "", TABLET, TABLET_URL, TABLET_NOTE]
    for unit, litres in (("litre", 1.0), ("millilitre", 0.001), ("gallon_us", 3.785411784), ("gallon_uk", 4.54609)):
        yield [f"volume_{unit}", "*", "*", unit, *[f"{litres:.12g}"] * 3, "", "", VOLUME, TABLET_URL, "bulk liquid"]
        yield [f"ketamine_{unit}", "ketamine", "*", unit, f"{0.05 * litres:.12g}", f"{0.1 * litres:.12g}", f"{litres:.12g}", "", "", f"{VIAL}; {VOLUME}", TABLET_URL, "low and middle: labelled vials; high: bulk liquid as UNODC counts it"]


def write(name: str, heads: list[str], rows: list) -> None:  # type: ignore[type-arg]
    """One reference file."""
    with (REFERENCE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])


if __name__ == "__main__":
    main(sys.argv[1:])
