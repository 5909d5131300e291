"""Text to HTML, in one place: everything that comes from data goes through ``esc`` or ``rich``. Pure; no Streamlit."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Collection, Iterable

import pandas as pd

from postflow import captions
from postflow.figure import Caption, Figure
from postflow.numbers import count

LEVELS = {
    "TLP:CLEAR": "clear",
    "TLP:GREEN": "green",
    "TLP:AMBER": "amber",
    "TLP:AMBER+STRICT": "amber",
    "TLP:RED": "red",
}


def esc(text: object) -> str:
    """Any value as text that a browser cannot take for markup; control characters are dropped."""
    return html.escape(re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", str(text)), quote=True)


def style(css: str) -> str:
    """Styles beside something else: Streamlit puts a block of nothing but styles where toasts go, which may replace it."""
    return f"<i class='pf-style' hidden></i><style>{css}</style>"


def rich(text: str) -> str:
    """Escaped text in which ``**words**`` are bold."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", esc(text))


def head(headline: str, measure: str, is_context: bool = False) -> str:
    """Rule, tab, headline and measure of a figure."""
    tag = (
        "<span class='pf-context'>Context: the sentence above does not filter this figure</span>" if is_context else ""
    )
    words = f"<p class='pf-measure'>{rich(measure)}</p>" if measure else ""
    return f"<div class='pf-head'>{tag}<h2 class='pf-headline'>{rich(headline)}</h2>{words}</div>"


def mark(words: str) -> str:
    """A handling mark."""
    level = "synth" if words == "SYNTHETIC" else LEVELS.get(words, "red")
    return f"<span class='pf-mark {level}'>{esc(words)}</span>"


def caption(words: Caption, page: Caption | None = None, told: Collection[str] = ()) -> str:
    """What stands under a figure: its own lines and mark, without what its page or a figure before it has said."""
    said = [esc(line) for line in captions.own(words, page, told)]
    lead = esc(words.counted)
    lines = "".join(
        f"<p>{line.replace(lead, f'<b>{lead}</b>', 1) if line.startswith(lead) else line}</p>" for line in said
    )
    if more := captions.own_more(words, page, told):
        opened = "".join(f"<p>{esc(line)}</p>" for line in more)
        lines += f"<details><summary>More on what this figure counts</summary>{opened}</details>"
    shown = "" if page and words.mark == page.mark else mark(words.mark)
    return f"<div class='pf-caption'>{shown}<div class='pf-words'>{lines}</div></div>" if lines or shown else ""


def page_caption(words: Caption) -> str:
    """What every figure of a page stands on, once: count, period, sources, build and mark; what is left out can be opened."""
    stands = " · ".join(esc(part) for part in (words.period, words.sources, words.version) if part)
    return (
        f"<div class='pf-page-caption'>{mark(words.mark)}<p><b>{esc(words.counted)}</b> {stands}</p>"
        "<details><summary>What these filters leave out, and what is uncertain</summary>"
        f"<p>{esc(words.left_out)} Filters: {esc(words.filters)}.</p></details></div>"
    )


def unanswered(items: Iterable[tuple[str, str]]) -> str:
    """(question, reason): what the files at hand cannot answer, in one list."""
    lines = "".join(f"<li><b>{esc(what)}.</b> {esc(why)}</li>" for what, why in items)
    return f"<section class='pf-unanswered'><h2>What these files cannot answer</h2><ul>{lines}</ul></section>"


def events(items: Iterable[tuple[int, str]]) -> str:
    """Numbered notes under a picture."""
    return (
        "<div class='pf-flags'>"
        + "".join(
            f"<span><i>{number}</i><em style='font-style:normal'>{rich(words)}</em></span>" for number, words in items
        )
        + "</div>"
    )


def missing(items: Iterable[tuple[str, str]]) -> str:
    """(number, words): the number, or a hatched cell where there is none."""
    lines = (
        f"<li><span class='big{'' if number else ' pf-hatch'}'>{esc(number)}</span><span>{rich(words)}</span></li>"
        for number, words in items
    )
    return f"<ul class='pf-missing'>{''.join(lines)}</ul>"


def changed(items: Iterable[str]) -> str:
    """Short notes side by side."""
    return "<div class='pf-changed'>" + "".join(f"<div>{rich(words)}</div>" for words in items) + "</div>"


def image(data: bytes, height: int, alt: str = "", dim: bool = False) -> str:
    """An SVG as an ``<img>``: Streamlit keeps those and strips ``<svg>``."""
    style = " style='opacity:.45'" if dim else ""
    source = f"data:image/svg+xml;base64,{base64.b64encode(data).decode()}"
    return f"<img alt='{esc(alt)}' height='{height}'{style} src='{source}'>"


def about(figure: Figure, sources: pd.DataFrame | None = None) -> str:
    """Columns, method, what is left out, and the sources' citations and licences."""
    words = "".join(f"<p>{esc(line)}</p>" for line in figure.caption.lines())
    meanings = "".join(f"<dt>{esc(name)}</dt><dd>{esc(meaning)}</dd>" for name, meaning in figure.columns.items())
    cited = ""
    if sources is not None and len(sources):
        cited = "<h4>Sources</h4>" + "".join(
            f"<p><b>{esc(row.title)}</b>, {count(row.seizures)} seizures here. {esc(row.citation)} "
            f"Licence: {esc(row.licence_id)}{'' if row.may_redistribute else ', rows not to be passed on'}. "
            f"{esc(row.tlp)}.</p>"
            for row in sources.itertuples()
        )
    columns = f"<h4>Columns</h4><dl>{meanings}</dl>" if meanings else ""
    return f"<div class='pf-about'><h4>{esc(figure.measure)}</h4>{words}{cited}{columns}</div>"
