"""Sends each line of the log to the keeper (scripts/log_keeper.py), beside standard error. Never holds up who writes one: a thread sends;
while the keeper is away lines wait in memory, and when there are too many the oldest go and the number of them is told."""

import atexit
import contextlib
import json
import logging
import os
import socket
import ssl
import threading
import time
from collections import deque
from pathlib import Path

ROOM = 10_000  # lines, of some 300 bytes
AT_ONCE = 500
LONGEST = 60_000  # bytes; the keeper refuses longer ones
TIMEOUT_SECONDS = 3
LONGEST_PAUSE = 30
LAST_SECONDS = 2  # for what waits when a process ends


class Outbox:
    """One for each process and keeper."""

    def __init__(self, address: str, keys: str):
        host, _, port = address.rpartition(":")
        self.host, self.port, self.keys = host, int(port), Path(keys)
        "".encode("idna")  # imported here and not first in the thread, beside a fork
        self._fresh()
        os.register_at_fork(before=self._pause, after_in_parent=self._resume, after_in_child=self._fresh)
        atexit.register(self.empty, LAST_SECONDS)

    def _fresh(self) -> None:
        """Also after a fork: the thread is not there, the lock may be held for ever, and what waits is the parent's to send."""
        self._waiting: deque[bytes] = deque()
        self._sending: list[bytes] = []
        self._lost, self._link, self._thread = 0, None, None
        self._change = threading.Condition()
        self._busy, self._paused = threading.Lock(), False

    def _pause(self) -> None:
        """No fork in the middle of what the thread does: a child would have the locks of that for ever (of imports, of OpenSSL)."""
        self._paused = self._busy.acquire(timeout=2 * TIMEOUT_SECONDS)

    def _resume(self) -> None:
        if self._paused:
            self._busy.release()

    def add(self, line: str) -> None:
        content = line.encode("utf-8", "replace")
        if len(content) > LONGEST:
            content = json.dumps({"message": "A line was too long to be kept.", "bytes": len(content)}).encode()
        with self._change:
            if len(self._waiting) >= ROOM:
                self._waiting.popleft()
                self._lost += 1
            self._waiting.append(content + b"\n")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log-sender", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def empty(self, seconds: float) -> bool:
        """Waits until the keeper has all of it."""
        with self._change:
            return self._change.wait_for(lambda: not self._waiting and not self._sending, timeout=seconds)

    # ---------------------------------------------------------------- in the thread
    def _run(self) -> None:
        pause = 0.5
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting or self._sending)
                if not self._sending:
                    if self._lost:
                        told = {"message": "Lines were lost while the keeper of the log was away.", "lines": self._lost}
                        self._sending, self._lost = [json.dumps(told).encode() + b"\n"], 0
                    while self._waiting and len(self._sending) < AT_ONCE:
                        self._sending.append(self._waiting.popleft())
            try:
                with self._busy:
                    self._send(b"".join(self._sending) + b"\n")
            except Exception:  # whatever it is, what comes later is still to be sent; a line about it would come back here
                self._hang_up()
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = 0.5
            with self._change:
                self._sending = []
                self._change.notify_all()

    def _send(self, content: bytes) -> None:
        if self._link is None:
            self._link = connect(self.host, self.port, self.keys)
        self._link.sendall(content)
        if self._link.recv(3) != b"ok\n":
            raise OSError("the keeper did not confirm")

    def _hang_up(self) -> None:
        if self._link is not None:
            with contextlib.suppress(OSError):
                self._link.close()
        self._link = None


def connect(host: str, port: int, keys: Path) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=keys / "authority.pem")
    context.load_cert_chain(keys / "own.pem")
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context.wrap_socket(socket.create_connection((host, port), timeout=TIMEOUT_SECONDS), server_hostname=host)


_outboxes: dict[tuple[str, str], Outbox] = {}


class Sender(logging.Handler):
    """Logging is configured more than once in a process (gunicorn's, then Django's): its outbox stays."""

    def __init__(self, address: str, keys: str):
        super().__init__()
        if (address, keys) not in _outboxes:
            _outboxes[address, keys] = Outbox(address, keys)
        self.outbox = _outboxes[address, keys]

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.outbox.add(self.format(record))
        except Exception:
            self.handleError(record)
