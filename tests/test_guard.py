"""The running app answers to its own names and pages only, and in no foreign frame: real requests to a real server."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(number)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(240):
            try:
                socket.create_connection(("127.0.0.1", number), 1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield number
        server.terminate()


def asked(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.putrequest("GET", path, skip_host=True)
    for name, value in ({"Host": f"127.0.0.1:{port}"} | headers).items():
        link.putheader(name, value)
    link.endheaders()
    try:
        reply = link.getresponse()
        reply.close()
        return reply
    finally:
        link.close()


def test_no_foreign_page_can_frame_the_app_and_every_answer_says_so(port: int) -> None:
    for path in ("/", "/_stcore/health", "/app/static/plotly.min.js", "/nothing/here.js"):
        reply = asked(port, path)
        assert "frame-ancestors 'self'" in (reply.getheader("Content-Security-Policy") or "")
        assert reply.getheader("X-Frame-Options") == "SAMEORIGIN"
        assert reply.getheader("X-Content-Type-Options") == "nosniff"
        assert reply.getheader("Access-Control-Allow-Origin") is None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "[", "", "127.0.0.1@evil.example"])
def test_another_host_is_refused(host: str, port: int) -> None:
    assert asked(port, "/", Host=host).status == 400


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "http://localhost", "https://evil.example", "null", ""])
def test_pages_of_another_host_or_port_reach_neither_http_nor_the_websocket(origin: str, port: int) -> None:
    assert asked(port, "/_stcore/health", Origin=origin).status == 403
    assert asked(port, "/_stcore/stream", Origin=origin, **UPGRADE).status == 403


def test_its_own_page_reaches_the_websocket(port: int) -> None:
    assert asked(port, "/_stcore/stream", Origin=f"http://127.0.0.1:{port}", **UPGRADE).status == 101


def test_the_metrics_are_closed(port: int) -> None:
    assert asked(port, "/_stcore/metrics").status == 404
