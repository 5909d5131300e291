"""What every HTTP and websocket request passes: this machine's own names only, this app's own pages only, in no foreign frame."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CLOSED = ("/_stcore/metrics",)
HEADERS = (
    (b"content-security-policy", b"frame-ancestors 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_OURS = {name for name, _ in HEADERS} | {b"access-control-allow-origin"}


class Guard:
    """ASGI middleware around Streamlit.

    Args:
        app: what it guards.
        hosts: names under which the app may be asked, without port.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], hosts: Iterable[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on and put our headers on the answer."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif status := self._refusal(scope):
            await _refuse(scope, receive, send, status)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> int:
        """The status of a refusal; 0 lets the request pass."""
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1 or _name(named[0]) not in self._hosts:
            return 400
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        secure = scope.get("scheme") in ("https", "wss")
        if any(origin.lower() != f"{'https' if secure else 'http'}://{named[0]}".lower() for origin in origins):
            return 403
        return 404 if scope["path"].rstrip("/").endswith(CLOSED) else 0


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *HEADERS]})
    await send({"type": "http.response.body", "body": b"Not for this page or under this name.\n"})


def _with_headers(send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in _OURS]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return sent
