"""Write the form of a declaration as JSON schema, which editors follow. Run: ``make schema``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from postflow import sources  # noqa: E402 - the project needs no install


def main() -> None:
    """Write the file."""
    text = json.dumps(sources.schema(), ensure_ascii=False, indent=1)
    (sources.FOLDER / "source.schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
