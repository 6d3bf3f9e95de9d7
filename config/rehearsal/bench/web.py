"""Two real web processes on the scratch database, and clients that speak to them as browsers do."""

import contextlib
import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client as Session

from accounts.person import BACKEND

PROCESSES = 2
START_SECONDS = 60


@contextlib.contextmanager
def web_processes() -> Iterator[int]:
    """The port at which they answer. Their database is this process's; they end with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
    environment = os.environ | {"HOST": "127.0.0.1", "PORT": str(port), "WEB_CONCURRENCY": str(PROCESSES), "LOG_LEVEL": "ERROR"}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait(server, port, log)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait(server, port, log) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as link:
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        time.sleep(0.1)
    log.seek(0)
    raise RuntimeError(f"The web processes do not answer.\n{log.read()[-2000:].decode(errors='replace')}")


class Browser:
    """One signed-in person on one connection that stays open. `seconds`: how long each request took."""

    def __init__(self, port: int, person):
        session = Session()
        session.force_login(person, backend=BACKEND)
        token = secrets.token_hex(16)
        cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
        self.port, self.link, self.seconds = port, None, []
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
            "Host": "localhost",
        }

    def ask(self, method: str, address: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        since = time.perf_counter()
        try:
            if self.link is None:
                self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.link.request(method, address, body=body, headers=self.headers | ({"Content-Type": kind} if kind else {}))
            answer = self.link.getresponse()
            return answer.status, answer.read()
        except OSError:
            self.close()
            raise
        finally:
            self.seconds.append(time.perf_counter() - since)

    def send(self, address: str, data: dict) -> tuple[int, bytes]:
        return self.ask("POST", address, urlencode(data).encode(), "application/x-www-form-urlencoded")

    def send_json(self, address: str, data: dict) -> tuple[int, dict]:
        status, content = self.ask("POST", address, json.dumps(data).encode(), "application/json")
        return status, json.loads(content) if content[:1] == b"{" else {}

    def close(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None


def spread(seconds: list[float]) -> dict:
    """Median and the 99th of a hundred."""
    ordered = sorted(seconds)
    return {"p50_s": round(statistics.median(ordered), 4), "p99_s": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 4)}
