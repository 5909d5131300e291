"""Child process: sheets of a workbook to CSVs of text. Run as a script, with nothing of Postflow imported, under a memory cap.

Usage: ``python -I spreadsheet.py FILE SHEETS OUT DECIMAL_MARK MEMORY_BYTES CPU_SECONDS``. SHEETS is a JSON list of names;
an empty one is the first sheet that is shown, ``["*"]`` every sheet that is shown. Exit 0: ``OUT-0.csv`` and so on are
written, and a JSON object on standard output names the sheets read and the sheets shown. Exit 3: a message for people is on
standard error. Anything else: the reader died, as it should on a bomb.

A number cell is written in the source's decimal mark, as the person would have typed it who opened the file there. What only
the cell's type or format tells is looked up in the sheet's XML: a percentage (0.8 shown as 80%), and an error such as #N/A,
which is not an empty cell.
"""

import csv
import json
import re
import sys
import zipfile
from datetime import date, datetime, time
from xml.etree import ElementTree

NOT_READABLE = 3
BUILT_IN_PERCENT = {"9", "10"}
"""Number formats 0% and 0.00% of ECMA-376, part 1, 18.8.30."""
MOST_DIGITS = 1e15
"""A spreadsheet holds fifteen digits: a longer number has lost its end, and is written in E notation, which says so."""


def _text(cell, decimal_mark):  # noqa: ANN001, ANN202
    """A cell as a person would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        is_whole = cell.is_integer() and abs(cell) < MOST_DIGITS
        text = str(int(cell)) if is_whole else repr(cell) if abs(cell) < MOST_DIGITS else f"{cell:.14E}"
        return text.replace(".", decimal_mark)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell).replace("\x00", "\ufffd")


def _percent(value, decimal_mark):  # noqa: ANN001, ANN202
    return f"{round(float(value) * 100, 10):.10f}".rstrip("0").rstrip(".").replace(".", decimal_mark) + "%"


def _local(tag):  # noqa: ANN001, ANN202
    return tag.rsplit("}", 1)[-1]


def _place(reference):  # noqa: ANN001, ANN202
    """A1 reference to row and column, from 0."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


def _percent_styles(packed):  # noqa: ANN001, ANN202
    """Numbers of the cell formats of an xlsx that show a percentage."""
    try:
        styles = ElementTree.fromstring(packed.read("xl/styles.xml"))
    except KeyError:
        return set()
    percent = set(BUILT_IN_PERCENT)
    for item in styles.iter():
        if _local(item.tag) == "numFmt" and "%" in re.sub(r'"[^"]*"', "", item.get("formatCode", "")):
            percent.add(item.get("numFmtId", ""))
    formats = next((item for item in styles if _local(item.tag) == "cellXfs"), [])
    return {str(place) for place, item in enumerate(formats) if item.get("numFmtId") in percent}


def _xlsx_members(packed):  # noqa: ANN001, ANN202
    """Sheet name → the member that holds it."""
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for item in book.iter():
        if _local(item.tag) == "sheet":
            link = next((value for key, value in item.attrib.items() if _local(key) == "id"), None)
            target = targets.get(link, "")
            found[item.get("name")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _xlsx_told(packed, member, decimal_mark):  # noqa: ANN001, ANN202
    """(row, column) → text of the cells of an xlsx sheet whose format or type calamine does not tell."""
    percent = _percent_styles(packed)
    raw = packed.read(member)
    if b't="e"' not in raw and not any(f's="{style}"'.encode() in raw for style in percent):
        return {}
    told = {}
    for _, item in ElementTree.iterparse(packed.open(member)):
        if _local(item.tag) != "c":
            continue
        value = next((part.text for part in item if _local(part.tag) == "v"), None)
        if value is not None and item.get("t") == "e":
            told[_place(item.get("r"))] = value
        elif value is not None and item.get("s") in percent and item.get("t", "n") == "n":
            told[_place(item.get("r"))] = _percent(value, decimal_mark)
        item.clear()
    return told


def _ods_told(packed, sheet, decimal_mark):  # noqa: ANN001, ANN202
    """As ``_xlsx_told`` for a sheet of an ods."""
    raw = packed.read("content.xml")
    if b'"percentage"' not in raw and b'"error"' not in raw:
        return {}
    told, row, column, is_ours = {}, 0, 0, False
    for event, item in ElementTree.iterparse(packed.open("content.xml"), events=("start", "end")):
        tag = _local(item.tag)
        attributes = {_local(key): value for key, value in item.attrib.items()}
        if tag == "table" and event == "start":
            is_ours, row = attributes.get("name") == sheet, 0
        elif tag == "table-row" and event == "start":
            column = 0
        elif tag == "table-row":
            row += int(attributes.get("number-rows-repeated", 1))
            item.clear()
        elif tag in ("table-cell", "covered-table-cell") and event == "end":
            repeated = int(attributes.get("number-columns-repeated", 1))
            kinds = {value for key, value in item.attrib.items() if _local(key) == "value-type"}
            for place in range(repeated if is_ours and kinds & {"percentage", "error"} else 0):
                told[row, column + place] = (
                    "#ERROR" if "error" in kinds else _percent(attributes["value"], decimal_mark)
                )
            column += repeated
    return told


def _told(path, sheet, decimal_mark):  # noqa: ANN001, ANN202
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as packed:
        if "content.xml" in packed.namelist():
            return _ods_told(packed, sheet, decimal_mark)
        if "xl/workbook.xml" not in packed.namelist():
            return {}
        return _xlsx_told(packed, _xlsx_members(packed)[sheet], decimal_mark)


def _limit(memory_bytes, cpu_seconds):  # noqa: ANN001, ANN202
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))


def _chosen(names, shown, wanted):  # noqa: ANN001, ANN202
    """The sheets to read.

    Raises:
        LookupError: one of those wanted is not there.
    """
    if wanted == ["*"]:
        return shown or names
    if gone := [name for name in wanted if name not in names]:
        message = f"There is no sheet {gone[0]!r}; there are: {', '.join(names)}"
        raise LookupError(message)
    return wanted or (shown or names)[:1]


def _write(rows, told, out, decimal_mark):  # noqa: ANN001, ANN202
    width = max((len(row) for row in rows), default=0)
    with open(out, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, row in enumerate(rows):
            cells = [told.get((number, place)) or _text(cell, decimal_mark) for place, cell in enumerate(row)]
            writer.writerow(cells + [""] * (width - len(row)))


def _main(path, sheets, out, decimal_mark, memory_bytes, cpu_seconds):  # noqa: ANN001, ANN202
    from python_calamine import CalamineWorkbook

    _limit(int(memory_bytes), int(cpu_seconds))
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        shown = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith("Visible")]
        read = _chosen(names, shown, json.loads(sheets))
        for place, name in enumerate(read):
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            _write(rows, _told(path, name, decimal_mark), f"{out}-{place}.csv", decimal_mark)
    except Exception as error:  # calamine's errors share no base; all of them mean that this is no such workbook
        sys.stderr.write(str(error) or type(error).__name__)
        return NOT_READABLE
    sys.stdout.write(json.dumps({"read": read, "shown": shown, "all": names}))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
