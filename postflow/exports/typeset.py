"""Typst, kept on a short lead: our templates, data as JSON, no packages, no files but ours."""

from __future__ import annotations

import json
from pathlib import Path

from postflow.errors import ExportError
from postflow.exports import fonts

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def compile(
    template: str, data: dict, format: str = "pdf", ppi: float = 144, standards: tuple[str, ...] = ()
) -> list[bytes]:
    """The pages (one PDF, or one picture a page) of ``assets/<template>.typ`` filled with data.

    Args:
        template: name of the template.
        data: what it reads; text is only ever text, never markup.
        format: pdf, png or svg.
        ppi: pixels an inch, for png.
        standards: of PDF, such as ``ua-1``.

    Raises:
        ExportError: typst is missing or refuses.
    """
    try:
        import typst
    except ImportError:
        raise ExportError("PDF and pictures need typst.", next_step="pip install typst.") from None
    path = ASSETS / f"{template}.typ"
    where = fonts.folder()
    try:
        made = typst.compile(
            str(path),
            root=str(ASSETS),
            format=format,
            ppi=ppi,
            font_paths=[str(where)] if where else [],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=list(standards),
        )
    except Exception as error:  # typst raises one class of its own that is not public
        if standards and "could not be displayed" in str(error):
            return compile(
                template, data, format, ppi
            )  # a script without a font on this machine: boxes, still tagged, no UA claim
        raise ExportError(
            f"The page could not be set: {str(error)[:300]}", file=path.name, next_step="Export another format."
        ) from error
    return made if isinstance(made, list) else [made]
