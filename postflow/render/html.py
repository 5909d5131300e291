"""Tables as HTML, escaped by construction: every word goes through MarkupSafe."""

from __future__ import annotations

from markupsafe import Markup

from postflow.table import Body, Cell, Column, Table

CLASSES = {
    "plain": "pf-rank pf-plain",
    "ranked": "pf-rank pf-corridors",
    "ledger": "pf-ledger",
    "grid": "pf-rank pf-grid",
    "ladder": "pf-rank pf-ladder",
    "records": "pf-table",
}
KINDS = {"number": "n", "share": "q", "bar": "bar", "sign": "sign"}
HATCH = Markup("<div class='pf-hatch' style='height:.72rem'></div>")
SCROLL = Markup("<div class='pf-scroll' tabindex='0' role='region' aria-label='Table'>{}</div>")


def tables(body: Body) -> str:
    """All tables of a figure."""
    return str(Markup("").join(_table(table) for table in body))


def _table(table: Table) -> Markup:
    if table.style in LISTS:
        return LISTS[table.style](table)
    if not table.rows and table.note:
        return Markup("<p class='pf-note'>{}</p>").format(table.note)
    rows = Markup("").join(_row(table, row, n in table.sums) for n, row in enumerate(table.rows))
    made = Markup("<table class='{}'>{}<tbody>{}</tbody></table>").format(CLASSES[table.style], _head(table), rows)
    if table.style == "records":
        made = SCROLL.format(made)
    note = Markup("<p class='pf-note'>{}</p>").format(table.note) if table.note else Markup("")
    return _key(table.key) + made + note


def _head(table: Table) -> Markup:
    if not table.is_headed:
        return Markup("")
    cells = Markup("").join(
        Markup("<th scope='col'{}{}{}>{}</th>").format(
            _class(column),
            Markup(" style='padding-right:.4rem'") if table.style == "grid" and column.kind == "number" else "",
            _title(column),
            column.label,
        )
        for column in table.columns
    )
    return Markup("<thead><tr>{}</tr></thead>").format(cells)


def _class(column: Column) -> Markup:
    kind = KINDS.get(column.kind, "")
    return Markup(" class='{}'").format(kind) if kind and column.kind != "bar" else Markup("")


def _title(column: Column) -> Markup:
    return Markup(" title='{}'").format(column.meaning) if column.meaning else Markup("")


def _key(key: tuple[tuple[str, str], ...]) -> Markup:
    """A line that says which colour is what."""
    dots = Markup("&ensp;").join(
        Markup("<span class='pf-key' style='background:var(--{})'></span>{}").format(colour, word)
        for colour, word in key
    )
    return Markup("<p class='pf-keyline'>{}</p>").format(dots) if key else Markup("")


def _row(table: Table, row: tuple[Cell, ...], is_sum: bool) -> Markup:
    gap = table.style == "ranked" and any(cell.hidden for cell in row)
    look = Markup(" class='{}'").format("gap" if gap else "sum") if gap or is_sum else Markup("")
    if gap:
        return Markup("<tr{}>{}</tr>").format(look, _gap(row))
    cells = Markup("").join(_cell(table, column, cell) for column, cell in zip(table.columns, row, strict=True))
    return Markup("<tr{}>{}</tr>").format(look, cells)


def _gap(row: tuple[Cell, ...]) -> Markup:
    """A line that nobody can fill: its name, a hatched bar, and why over the columns of numbers."""
    why = next(cell.hidden for cell in row if cell.hidden)
    return Markup("<td>{}</td><td class='bar'>{}</td><td class='q' colspan='2'>{}</td>").format(row[0].text, HATCH, why)


def _cell(table: Table, column: Column, cell: Cell) -> Markup:
    kind, style, said = KINDS.get(column.kind, ""), "", Markup("")
    if table.style == "ladder" and (cell.hidden or cell.parts):
        style = "min-width:11rem"
    if table.style == "grid" and column.kind == "number":
        kind, style, said = _shaded(cell, kind)
    look = Markup(" class='{}'").format(kind) if kind else Markup("")
    look += Markup(" style='{}'").format(style) if style else Markup("")
    return Markup("<td{}{}>{}</td>").format(look, said, _inside(table, column, cell))


def _shaded(cell: Cell, kind: str) -> tuple[str, str, Markup]:
    """Class, style and label of a cell of a grid: darker = more, hatched = hidden."""
    pad = "padding-right:.4rem"
    if cell.hidden:
        return f"{kind} pf-hatch", pad, Markup(" title='{0}' aria-label='{0}'").format(cell.hidden)
    if not cell.depth:
        return kind, f"{pad};color:var(--ink3)", Markup("")
    depth = round(3 + 31 * cell.depth**0.5)
    return kind, f"{pad};background:color-mix(in srgb, var(--ink) {depth}%, var(--paper))", Markup("")


def _inside(table: Table, column: Column, cell: Cell) -> Markup:
    if table.style == "grid" and cell.hidden:
        return Markup("")
    pieces = Markup("").join(
        Markup("<span style='width:{}%;background:var(--{})'></span>").format(f"{100 * share:.2f}", colour)
        for colour, share in cell.parts
        if share > 0
    )
    bar = Markup("<div class='pf-bar'>{}</div>").format(pieces) if pieces or column.kind == "bar" else Markup("")
    if cell.hidden:
        faint = Markup("<span style='color:var(--ink2)'>{}</span>").format(cell.hidden)
        return HATCH + faint
    text = Markup("<b>{}</b>").format(cell.text) if cell.is_bold else Markup("{}").format(cell.text)
    small = Markup("<br><span style='color:var(--ink2)'>{}</span>").format(cell.small) if cell.small else Markup("")
    return bar + text + small


# ---------- lists ----------


def _answers(table: Table) -> Markup:
    """A sign and a sentence a line; hatched where there is no answer."""
    lines = Markup("").join(
        Markup("<li><span class='big{}'>{}</span><span>{}{}</span></li>").format(
            " pf-hatch" if row[0].hidden else "",
            row[0].text,
            Markup("<b>{}.</b> ").format(row[1].text) if row[1].is_bold else row[1].text,
            row[2].text if len(row) > 2 else "",
        )
        for row in table.rows
    )
    return Markup("<ul class='pf-missing'>{}</ul>").format(lines)


def _sentences(table: Table) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(row[0].text) for row in table.rows)
    return Markup("<ul class='pf-list'>{}</ul>").format(items)


def _chips(table: Table) -> Markup:
    """What the signs of a picture mean: a sign in its colours, and its words."""
    chips = Markup("").join(
        Markup("<span><i class='{}' style='{}'>{}</i>{}</span>").format(
            "pf-hatch" if sign.hidden else "",
            "" if sign.hidden else f"background:var(--{sign.parts[0][0]});color:var(--{sign.parts[1][0]})",
            sign.text,
            words.text,
        )
        for sign, words in table.rows
    )
    return Markup("<div class='pf-keys'>{}</div>").format(chips)


LISTS = {"answers": _answers, "sentences": _sentences, "key": _chips}
