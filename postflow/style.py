"""Every colour, size and font of Postflow. Charts, CSS, config.toml and exports read them from here."""

from __future__ import annotations

from dataclasses import dataclass

SANS = "IBM Plex Sans"
NARROW = "IBM Plex Sans Condensed"
SERIF = "Source Serif"  # bundled with Streamlit
FALLBACK = "Source Sans, Liberation Sans, Arial, sans-serif"

# Each pair is (light, dark).
COLOURS: dict[str, tuple[str, str]] = {
    # surfaces
    "paper": ("#FBFAF7", "#11161C"),
    "panel": ("#F3F0E9", "#1A2129"),
    "raise": ("#FFFFFF", "#1F2730"),
    "hair": ("#DDD8CD", "#323C46"),
    "grid": ("#E9E5DC", "#262F38"),
    # ink: the only colour of the interface itself
    "ink": ("#16202A", "#F2EFE8"),
    "ink2": ("#505C68", "#B4BCC4"),
    "ink3": ("#5F6B77", "#8E99A4"),
    "void": ("#C9C3B6", "#46515C"),  # hatch: not reported, unknown
    # drugs
    "mdma": ("#CC2A66", "#EC6F97"),
    "ketamine": ("#1496A9", "#5FE0E6"),
    "mdma_text": ("#B01E51", "#EC6F97"),
    "ketamine_text": ("#0B6B7B", "#5FE0E6"),
    # destinations
    "us": ("#2E55CC", "#7A92F7"),
    "au": ("#BA8B12", "#FFD84D"),
    "nz": ("#1F5A2A", "#6A9A44"),
    "us_text": ("#2A4DB4", "#8DA2FA"),
    "au_text": ("#7F5B00", "#FFD84D"),
    "nz_text": ("#1F5A2A", "#86B85E"),
    # side of interception: one slate ramp, lighter = further along the chain
    "export": ("#16232F", "#F2EFE8"),
    "transit": ("#4F657A", "#B3C0CC"),
    "import": ("#8295A7", "#7C8FA1"),
    "domestic": ("#C9D2DA", "#3E4C59"),
    "unknown": ("#C9C3B6", "#46515C"),
    # states
    "warn": ("#8A4B00", "#FFC46B"),
    "warn_bg": ("#FCEFD9", "#33260F"),
    "synth": ("#7A1FA2", "#D99BFF"),
    "synth_bg": ("#F3E6FA", "#2B1737"),
    # map
    "land": ("#E8E3D8", "#2A333C"),
    "border": ("#FBFAF7", "#1C242C"),
    "sea": ("#FBFAF7", "#11161C"),
}

CATEGORICAL = ["mdma", "ketamine", "us", "au", "nz", "transit", "ink2", "import", "warn", "ink3"]  # never fewer than 10
DRUG = {"MDMA": "mdma", "ketamine": "ketamine"}
"""Drug → colour."""
DESTINATION = {"US": "us", "AU": "au", "NZ": "nz"}
"""Country code of a destination → colour. A departure never has a hue."""
SIDES = ["export", "transit", "import", "domestic", "unknown"]

# name: (size px, line height px, weight, family)
TYPE: dict[str, tuple[int, int, int, str]] = {
    "finding": (34, 40, 600, SERIF),
    "headline": (22, 28, 600, SERIF),
    "measure": (15, 20, 400, SANS),
    "body": (16, 24, 400, SANS),
    "label": (13, 18, 500, SANS),
    "caption": (12, 17, 400, SANS),
    "number": (40, 44, 600, SANS),
}
SPACE = {"1": 4, "2": 8, "3": 12, "4": 16, "5": 24, "6": 32, "7": 48}
CHART_TEXT = {"screen": 14, "present": 21}


def mix(a: str, b: str, share: float) -> str:
    """The colour at ``share`` of the way from ``a`` to ``b``, both ``#RRGGBB``."""
    one, two = ([int(c.lstrip("#")[i : i + 2], 16) for i in (0, 2, 4)] for c in (a, b))
    return "#" + "".join(f"{round(p + (q - p) * share):02X}" for p, q in zip(one, two, strict=True))


@dataclass(frozen=True)
class Palette:
    """The colours of one mode, by name: ``Palette('dark')['mdma']``; ``ink|import|0.4`` lies between two."""

    mode: str

    def __getitem__(self, name: str) -> str:
        if "|" in name:
            one, two, share = name.split("|")
            return mix(self[one], self[two], float(share))
        return COLOURS[name][self.mode == "dark"]

    def fade(self, name: str, alpha: float) -> str:
        """The colour with this opacity, as ``rgba()``."""
        value = self[name].lstrip("#")
        red, green, blue = (int(value[i : i + 2], 16) for i in (0, 2, 4))
        return f"rgba({red},{green},{blue},{alpha})"


def css_variables() -> str:
    """``:root`` block; light-dark() follows the color-scheme that Streamlit sets, so no rerun is needed."""
    lines = [f"--{name.replace('_', '-')}: light-dark({light}, {dark});" for name, (light, dark) in COLOURS.items()]
    for name, (size, line, weight, family) in TYPE.items():
        lines.append(f"--t-{name}: {weight} {size / 16:g}rem/{line / 16:g}rem '{family}', {FALLBACK};")
    lines += [f"--s{step}: {px / 16:g}rem;" for step, px in SPACE.items()]
    return ":root{" + "".join(lines) + "}"
