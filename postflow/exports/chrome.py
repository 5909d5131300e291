"""Pictures by Chrome, through kaleido, where there is one: exactly the screen's. Offline: own outlines, own fonts, no MathJax."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from postflow.errors import ExportError
from postflow.exports import fonts
from postflow.exports.geo import FOLDER

_LOCK = threading.Lock()
_STATE = {"started": False, "broken": False}
SECONDS = 20


def is_there() -> bool:
    """Whether kaleido and a browser are installed; ``POSTFLOW_NO_CHROME`` says no."""
    if os.environ.get("POSTFLOW_NO_CHROME") or _STATE["broken"]:
        return False
    try:
        from choreographer.browsers.chromium import Chromium

        path = os.environ.get("BROWSER_PATH") or Chromium.find_browser(skip_local=False)
        import kaleido  # noqa: F401
    except Exception:
        return False
    return bool(path) and Path(path).exists()


def draw(fig: dict[str, object], format: str, width: int, height: int, scale: float = 1.0) -> bytes:
    """The figure as svg or png; a browser that died is started once more.

    Raises:
        ExportError: no browser, or it failed twice.
    """
    import kaleido

    opts = {"format": format, "width": width, "height": height, "scale": scale}
    with _LOCK:
        for last in (False, True):
            try:
                _start(kaleido)
                return kaleido.calc_fig_sync(fig, opts=opts, topojson=f"{FOLDER.as_uri()}/")
            except Exception as error:
                stop()
                if last:
                    _STATE["broken"] = True
                    raise ExportError(
                        f"The browser that draws pictures failed: {type(error).__name__}.",
                        next_step="Set POSTFLOW_NO_CHROME=1 to draw without it.",
                    ) from error
    raise AssertionError


def _start(kaleido: object) -> None:
    if _STATE["started"]:
        return
    if home := fonts.data_home():
        os.environ["XDG_DATA_HOME"] = str(home)  # Chrome finds Plex Sans below it
    kaleido.start_sync_server(
        n=1, timeout=SECONDS, page_generator=kaleido.PageGenerator(mathjax=False), silence_warnings=True
    )  # type: ignore[attr-defined]
    _STATE["started"] = True


def stop() -> None:
    """Close the browser; call it before the process ends."""
    if not _STATE["started"]:
        return
    _STATE["started"] = False
    try:
        import kaleido

        kaleido.stop_sync_server(silence_warnings=True)
    except Exception:
        return
