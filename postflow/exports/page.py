"""One self-contained HTML file: opens offline, asks nobody for anything, has no button or link that sends data out."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from html import escape

from postflow import handling
from postflow.exports import fonts, picture
from postflow.exports.geo import FOLDER
from postflow.exports.ink import LIGHT
from postflow.exports.outgoing import Leaving, Outgoing
from postflow.figures import tables
from postflow.render import html

CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "showEditInChartStudio": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
}
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'"
"""The browser itself refuses every request, whatever the scripts inside want."""

STYLE = """
*{box-sizing:border-box}body{margin:0;background:#FBFAF7;color:#16202A;font:16px/1.5 'IBM Plex Sans',Arial,sans-serif}
main{max-width:1200px;margin:0 auto;padding:16px 40px 64px}h1,h2{font-family:'Source Serif 4',Georgia,serif;font-weight:600;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
h1{font-size:34px;line-height:40px;max-width:54rem;margin:24px 0 8px}h2{font-size:26px;line-height:32px}
header.strip{position:sticky;top:0;background:#FBFAF7;display:flex;gap:16px;align-items:center;justify-content:space-between;padding:10px 0;border-bottom:1px solid #16202A;z-index:2;font-size:13px;color:#505C68}
header.strip b{font:700 19px 'Source Serif 4',Georgia,serif;color:#16202A}
.mark{font-weight:700;font-size:13px;padding:4px 9px;border:1px solid #5F6B77;white-space:nowrap}
.measure,.standfirst{color:#505C68;margin:2px 0 10px}section{border-top:1px solid #16202A;position:relative;padding-top:14px;margin-top:40px}
section:before{content:'';position:absolute;left:0;top:0;width:40px;height:5px;background:#16202A}
.caption{border-top:1px solid #DDD8CD;margin-top:8px;padding-top:8px;font-size:13px;line-height:18px;color:#505C68}.caption b{color:#16202A}
.events{font-size:13px;color:#505C68}.events i{background:#16202A;color:#FBFAF7;font-style:normal;font-weight:700;padding:1px 5px;margin-right:5px}.events span{margin-right:18px}
table.pf-changes{width:100%}table{border-collapse:collapse;font-size:14px;margin:8px 0}th{color:#505C68;font-weight:400;text-align:left;border-bottom:1px solid #505C68}td,th{padding:4px 12px 4px 0;border-bottom:1px solid #DDD8CD}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.bar{padding-right:24px}details{font-size:14px;color:#505C68;margin-top:6px}.table{overflow-x:auto}
.synth{background:#7A1FA2;color:#fff;font-weight:600;padding:8px 14px;margin:12px 0}.picture{position:relative}.picture svg{width:100%;height:auto;display:block}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));border:solid #DDD8CD;border-width:1px 0;margin:18px 0}.tiles div{padding:12px 16px;border-left:1px solid #DDD8CD;font-size:13px;color:#505C68}
.tiles div:first-child{border-left:0;padding-left:0}.tiles strong{display:block;color:#16202A}.tiles .num{font-size:40px;line-height:44px;font-weight:600;color:#16202A;display:block}
.hatch{display:inline-block;width:84px;height:26px;border:1px solid #C9C3B6;background:repeating-linear-gradient(135deg,transparent 0 5px,#C9C3B6 5px 6.5px)}
.two{display:grid;grid-template-columns:1.35fr 1fr;gap:32px}@media(max-width:800px){.two{grid-template-columns:1fr}}ol,ul{padding-left:1.3em;margin:8px 0}li{margin:6px 0}
.empty{border:1px dashed #C9C3B6;padding:40px;text-align:center;color:#505C68}@media print{header.strip{position:static}details{display:none}section{break-inside:avoid}}
"""


def deck(out: Outgoing) -> bytes:
    """All figures on one page, live where they are drawn by plotly."""
    from plotly.offline import get_plotlyjs

    live = [(n, item) for n, item in enumerate(out.figures) if item.has_picture]
    drawn = {n: item.picture("light", "screen") for n, item in live}
    maps = _outlines(drawn.values())
    scripts = [f"window.PlotlyGeoAssets={{topojson:{maps}}};" if maps != "{}" else "", get_plotlyjs()] if live else []
    calls = [f"Plotly.newPlot('f{n}',{_plain(fig)});" for n, fig in drawn.items()]
    sections = "".join(
        _figure(
            item,
            n,
            f'<div class="picture" id="f{n}" role="img" aria-label="{escape(item.alt)}" style="height:{item.height}px"></div>',
        )
        for n, item in enumerate(out.figures)
    )
    foot = f"<section><h2>What this rests on, and what it cannot say</h2><ul>{''.join(f'<li>{escape(a)}: {escape(b)}</li>' for a, b in out.about)}</ul><ul>{''.join(f'<li>{escape(line)}</li>' for line in out.limits)}</ul></section>"
    body = f"<h1>{escape(out.title)}</h1><p class='standfirst'>{escape(out.filters)}</p>{sections}{foot}"
    return whole(
        out,
        body,
        "".join(f"<script>{_safe(text)}</script>" for text in scripts if text),
        "".join(f"<script>{_safe(text)}</script>" for text in calls),
    )


def briefing(out: Outgoing) -> bytes:
    """The one page, pictures as SVG: no script at all."""
    page = out.briefing
    assert page is not None
    tiles = "".join(
        f"<div><strong>{escape(t.what)}</strong>{escape(t.when)}<span class='num'>{escape(t.number) or '<span class=hatch></span>'}</span>{escape(t.than)}</div>"
        for t in page.tiles
    )
    said = "".join(f"<li>{escape(s.text)}</li>" for s in page.sentences)
    lost = "".join(
        f"<li>{f'<b>{escape(m.number)}</b>' if m.number else '<span class=hatch></span>'} {escape(m.words)}</li>"
        for m in page.missing
    )
    body = f"<h1>{escape(page.title)}</h1><p class='standfirst'>{escape(page.standfirst)}</p><div class='tiles'>{tiles}</div>"
    body += f"<div class='two'><section><h2>What changed</h2><ol>{said}</ol></section><section><h2>What is missing</h2><ul>{lost}</ul></section></div>"
    if page.changes:
        body += f"<section><h2>Ranked changes</h2><p class='measure'>{escape(page.changes_measure)}</p>{tables.changes(page)}</section>"
    for item in out.figures:
        if item.key != "briefing":
            svg = picture.chart_svg(item, 1120, item.height) if item.has_picture else ""
            body += _figure(item, 0, f'<div class="picture" role="img" aria-label="{escape(item.alt)}">{svg}</div>')
    lines = "<br>".join(escape(line) for line in page.caption.lines())
    body += f"<p class='caption'>{lines}<br>{escape(' '.join(page.notes))}{f'<br>Link: {escape(page.link)}' if page.link else ''}</p>"
    return whole(out, body)


def whole(out: Outgoing, body: str, before: str = "", after: str = "") -> bytes:
    """The file: policy, type, strip with the mark, body."""
    ground, ink = handling.colours(out.mark)
    mark = f"<span class='mark' style='background:{ground};color:{ink}'>{escape(out.mark)}</span>"
    label = (
        "<div class='synth'>SYNTHETIC: invented rows, exercise pool. No figure is a real seizure.</div>"
        if out.is_synthetic
        else ""
    )
    text = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><meta http-equiv='Content-Security-Policy' content=\"{POLICY}\"><meta name='referrer' content='no-referrer'>"
        f"<meta name='viewport' content='width=device-width,initial-scale=1'><title>{escape(out.title)}</title><meta name='description' content='{escape(out.mark)}'>"
        f"<style>{_faces()}{STYLE}</style>{before}</head><body><main><header class='strip'><b>Postflow</b><span>{escape(out.version)} · made on {out.made_on.isoformat()}</span>{mark}</header>"
        f"{label}{body}<p class='caption'>Handling: {escape(out.mark)}. {escape(out.mark_words)}</p></main>{after}</body></html>"
    )
    return text.encode("utf-8")


def table(rows: list[list[str]]) -> str:
    """A table, first row as headings."""
    if len(rows) < 2:
        return "<div class='empty'><h2>No row in this scope</h2><p>That is not a zero: see what the caption leaves out.</p></div>"
    head = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td dir=auto>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows[1:])
    return f"<div class='table'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _tables(item: Leaving) -> str:
    """The tables of the page, as the page shows them."""
    return html.tables(item.body) if item.body else table(item.table(500, 30))


def _figure(item: Leaving, number: int, shown: str) -> str:
    lines = item.caption_lines()
    caption = f"<b>{escape(item.caption.counted)}</b> {escape(item.caption.left_out)}" + "".join(
        f"<br>{escape(line)}" for line in lines[1:]
    )
    events = "".join(f"<span><i>{n}</i>{escape(text)}</span>" for n, text in item.events)
    body = (
        f"{shown}{html.tables(item.body)}<details><summary>Table</summary>{table(item.table(500, 30))}</details>"
        if item.has_picture
        else _tables(item)
    )
    link = f"<br>Link: {escape(item.link)}" if item.link else ""
    return f"<section><h2 dir='auto'>{escape(item.headline)}</h2><p class='measure' dir='auto'>{escape(item.measure)}</p>{body}<p class='events'>{events}</p><p class='caption'>{caption}<br>Handling: {escape(item.caption.mark)}{link}</p></section>"


def _plain(fig: dict) -> str:
    """The figure's JSON with its settings inside: beside a whole figure plotly ignores settings given as an argument."""
    settled = {**fig, "layout": {**fig["layout"], "autosize": True}, "config": CONFIG}
    return json.dumps(settled, ensure_ascii=True)


def _safe(script: str) -> str:
    """Text that cannot end its script element."""
    return script.replace("</", "<\\/").replace("<!--", "<\\!--")


def _outlines(figures: Iterable[dict]) -> str:
    """The topojson that the maps need, as plotly looks it up."""
    needed = {f"world_{fig['layout']['geo']['resolution']}m" for fig in figures if "geo" in fig["layout"]}
    found = [f'"{name}":{(FOLDER / f"{name}.json").read_text(encoding="utf-8")}' for name in sorted(needed)]
    return "{" + ",".join(found) + "}"


def _faces() -> str:
    """Plex Sans inside the file, where it is there."""
    out = []
    for weight, name in ((400, "Regular"), (600, "SemiBold"), (700, "Bold")):
        path = fonts.STATIC / f"IBMPlexSans-{name}.woff2"
        if path.exists():
            data = base64.b64encode(path.read_bytes()).decode()
            out.append(
                f"@font-face{{font-family:'IBM Plex Sans';font-weight:{weight};src:url(data:font/woff2;base64,{data}) format('woff2')}}"
            )
    return "".join(out) + f":root{{--ink:{LIGHT['ink']}}}"
