"""Child process: one sheet to a CSV of text. Run as a script, with nothing of Postflow imported, under a memory cap.

Usage: ``python -I spreadsheet.py FILE SHEET OUT MEMORY_BYTES CPU_SECONDS``. Exit 0: OUT is written. Exit 3: a message for
people is on standard error. Anything else: the reader died, as it should on a bomb.
"""

import csv
import sys
from datetime import date, datetime, time

NOT_READABLE = 3


def _text(cell):  # noqa: ANN001, ANN202
    """A cell as a person would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def _limit(memory_bytes, cpu_seconds):  # noqa: ANN001, ANN202
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))


def _main(path, sheet, out, memory_bytes, cpu_seconds):  # noqa: ANN001, ANN202
    from python_calamine import CalamineWorkbook

    _limit(int(memory_bytes), int(cpu_seconds))
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet and sheet not in names:
            sys.stderr.write(f"There is no sheet {sheet!r}; there are: {', '.join(names)}")
            return NOT_READABLE
        rows = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except Exception as error:  # calamine's errors share no base; all of them mean that this is no such workbook
        sys.stderr.write(str(error) or type(error).__name__)
        return NOT_READABLE
    width = max((len(row) for row in rows), default=0)
    with open(out, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in rows:
            writer.writerow([_text(cell).replace("\x00", "\ufffd") for cell in row] + [""] * (width - len(row)))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
