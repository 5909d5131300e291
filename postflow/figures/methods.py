"""Methods: factors, rules, glossary and limits, worked out from the files that the code itself uses."""

from __future__ import annotations

from dataclasses import dataclass

from postflow import queries, validation, vocabulary
from postflow.figures import tables
from postflow.table import Body

GLOSSARY = {
    "Seizure": "One act of an authority taking drugs: the unit that is counted. A counted row stands for several.",
    "Departure": "Stated start of the journey. Never the country of production.",
    "Transit": "Stated way stations, in order.",
    "Destination": "Intended end of the journey: reported, or inferred by the rule below, or not stated.",
    "Country of production": "Where the drug was made, if stated; never read as departure.",
    "Seizing country": "Where the drugs were taken; its service is the reporter.",
    "Side of interception": "Who stopped it: the sending side (export), in transit, the receiving side (import), domestic, or not known.",
    "Kilogram equivalent": "Weight as reported, or units and volumes times a cited factor; bulk, not pure.",
    "Possible duplicate": "All cells equal to another row of the same file, without a record number to tell them apart.",
    "Gap": "A period that no service of the scope reported. It is hatched and no line crosses it; it is never a zero.",
    "Reference figure": "An annual total or a published figure: drawn beside the pool, never part of its sums.",
    "Corridor": "A departure and a destination together.",
}

RULES = {
    "Destination, inferred": "A blank destination is read as the seizing country where a departure is stated, differs from the seizing country, and the item was found in post or courier, or the row says inbound, or the seizing country is an end destination (United States, Australia, New Zealand). It is marked as inferred and one switch turns it off.",
    "Side of interception": "Departure and destination against the seizing country: at the departure, sending side; at the destination, receiving side; elsewhere, transit; all three the same, domestic. Where an end is missing, the routing word of the row decides; else an item found by post in its country of departure is sending side; else not known.",
    "By post": "Any of three columns may say it: transport (Mail), hiding place (Postal), place of seizure (Post Office, Postal Parcel). Most New Zealand mail says “Commercial air” in the first and is post by the third.",
    "Month-only dates": "A service whose every date in a year is the first of a month wrote months, not days; at least ten rows are needed to say so.",
    "Reported or not": "A service has reported a year (or month, as its source declares) in which the source holds at least one of its rows of MDMA or ketamine; CBP’s totals count for every drug. Where departures are filtered, a year whose rows name no departure is a gap too.",
    "Editions": "Where several files tell the same months, the newest counts; older rows are kept and differences listed. A delivered file replaces the shipped counts of its series: never both.",
    "Outlier": "A single record of MDMA or ketamine above 10,000 kg is flagged. The limit is ours; the record is counted by default and left out by a switch.",
    "Nothing vanishes": "In every build and for every file: rows in = accepted + quarantined; accepted = counted + replaced. The build stops otherwise.",
    "Intervals": "Upright lines and bands are exact central 95 % Poisson intervals of the count: counting noise only, not reporting or effort.",
}

LIMITS = (
    "Seizures show what was found, where somebody looked and reported it. They do not measure the traffic.",
    "New Zealand is the one receiving service whose single seizures with a departure are public, for 2012, 2013 and 2016.",
    "The United States publishes border totals without departure, channel or destination; Australia publishes figures only. Neither is drawn as a flow.",
    "Sending services report almost nothing at this grain in public: the number stopped before arrival is a floor.",
    "Ecstasy is not always MDMA: the contributor’s word is kept beside ours. Look-alikes and mixtures are counted as themselves.",
    "Shipped counted rows have lost their single amounts: duplicates and the heaviest records are only known once the official file is added.",
)


@dataclass(frozen=True)
class Section:
    """A headed part of the page."""

    title: str
    measure: str
    body: Body


def sections() -> list[Section]:
    """The page, top to bottom."""
    factors = [
        (
            row["drug"] if row["drug"] != "*" else "any",
            row["unit"].replace("_", " "),
            f"{float(row['kg_low']):g}",
            f"{float(row['kg_mid']):g}",
            f"{float(row['kg_high']):g}",
            row["citation"],
            row["note"],
        )
        for row in vocabulary.rows("unit_factors")
    ]
    contents = [
        (row["year"], row["mg_low"], row["mg_mid"], row["mg_high"], row["citation"], row["note"])
        for row in vocabulary.rows("tablet_content")
    ]
    checks = [
        (name.removeprefix("checks/").replace("_", " "), validation.reason(name.removeprefix("checks/")))
        for name in queries.names("checks/")
    ]
    measures = [
        (name, queries.grain(name))
        for name in queries.names()
        if name.startswith(("charts/", "data_room/", "records/"))
    ]
    groups = [
        (name, ", ".join(vocabulary.country_names()[code] for code in codes))
        for name, codes in vocabulary.country_groups().items()
    ]
    return [
        Section(
            "How a row is read",
            "The rules, as the queries apply them",
            tables.plain(("Rule", "What it does"), list(RULES.items())),
        ),
        Section(
            "When a row is held back",
            "Each check is one query; a row that breaks it stays in quarantine with its reason",
            tables.plain(("Check", "Rule"), checks),
        ),
        Section(
            "From units to kilograms",
            "data/reference/unit_factors.csv; a unit that is not here has no defensible factor and gives no kilograms",
            tables.plain(("Drug", "Unit", "Low", "Middle", "High", "Source", "Note"), factors, numeric=(2, 3, 4)),
        ),
        Section(
            "MDMA in a tablet",
            "data/reference/tablet_content.csv, milligrams as measured; a year that is not here has no pure kilograms",
            tables.plain(("Year", "Low", "Middle", "High", "Source", "Note"), contents, numeric=(1, 2, 3)),
        ),
        Section("Words", "The glossary", tables.plain(("Word", "Means"), list(GLOSSARY.items()))),
        Section(
            "Named groups of countries", "data/reference/countries.csv", tables.plain(("Group", "Countries"), groups)
        ),
        Section(
            "What is counted",
            "One line a query; `python -m postflow query NAME` gives its rows",
            tables.plain(("Query", "Grain"), measures),
        ),
    ]


def reading() -> Body:
    """The limits, as a list."""
    return tables.bullets(LIMITS)
