"""Keeps the lines of the log of web, worker, scheduler and `prepare`, away from all of them: they can add, and neither read nor change.

log_keeper.py serve      takes lines by TLS from who shows a certificate of the inner authority (service `logs` of docker-compose.yml)
log_keeper.py check      exit status 1 where nobody listens
log_keeper.py list       file, size, SHA-256 of what is closed

LOGS (/logs) has a file for each part and day (UTC, of receipt): 2026-11-29.web.jsonl. On the next day it is closed; its SHA-256 goes
into the ledger, for which the worker asks (config/log_digests.py). LOGS_KEPT_DAYS later it is deleted.

On the wire: lines of JSON, then an empty line; the answer is `ok` once they are on the disk. `?closed` from the worker: what is closed.
"""

import contextlib
import hashlib
import json
import os
import re
import socket
import socketserver
import ssl
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

MAY_ADD = {"prepare", "web", "worker", "scheduler"}
MAY_ASK = {"worker"}
LONGEST = 1 << 16  # bytes of a line
MOST = 1000  # lines at once
HANDSHAKE_SECONDS = 10
NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.([a-z]+)\.jsonl")


class Store:
    def __init__(self, folder: Path, kept_days: int):
        self.folder, self.kept_days, self._lock = folder, kept_days, threading.Lock()

    def add(self, part: str, lines: list[bytes], *, now=lambda: datetime.now(UTC)) -> None:
        """On the disk when it returns. The day is read inside the lock: nothing enters a day that is over."""
        with self._lock:
            path = self.folder / f"{now().date().isoformat()}.{part}.jsonl"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with open(descriptor, "ab") as file:
                if file.tell() and not _ends_whole(path):  # a disk that was full cut the line before
                    file.write(b"\n")
                file.write(b"".join(lines))
                file.flush()
                os.fsync(descriptor)

    def closed(self, *, today: date) -> dict[str, str]:
        """File → SHA-256, as it is now, of every day that is over."""
        found = {}
        for path in sorted(self.folder.iterdir()):
            if (match := NAME.fullmatch(path.name)) and date.fromisoformat(match[1]) < today:
                path.chmod(0o400)
                with path.open("rb") as file:
                    found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        return found

    def forget(self, *, today: date) -> list[str]:
        oldest, gone = today - timedelta(days=self.kept_days), []
        for path in sorted(self.folder.iterdir()):
            if (match := NAME.fullmatch(path.name)) and date.fromisoformat(match[1]) < oldest:
                path.unlink()
                gone.append(path.name)
        return gone


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


class Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # who is refused or goes hears no reason
            self.request.settimeout(HANDSHAKE_SECONDS)
            with self._context().wrap_socket(self.request, server_side=True) as link:
                link.settimeout(None)
                part = dict(pair[0] for pair in link.getpeercert()["subject"])["commonName"]
                self._serve(link, part)

    def _context(self) -> ssl.SSLContext:
        """From the files as they stand now: a renewed certificate is taken without a restart."""
        keys = self.server.keys
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=keys / "authority.pem")
        context.load_cert_chain(keys / "own.pem")
        context.verify_mode, context.minimum_version = ssl.CERT_REQUIRED, ssl.TLSVersion.TLSv1_3
        return context

    def _serve(self, link: ssl.SSLSocket, part: str) -> None:
        lines: list[bytes] = []
        with link.makefile("rb") as sent:
            while line := sent.readline(LONGEST):
                if line == b"?closed\n" and part in MAY_ASK and not lines:
                    store, today = self.server.store, datetime.now(UTC).date()
                    answer = {"kept_days": store.kept_days, "today": today.isoformat(), "closed": store.closed(today=today)}
                    link.sendall(json.dumps(answer).encode() + b"\n")
                elif line == b"\n" and lines:
                    self.server.store.add(part, lines)
                    lines = []
                    link.sendall(b"ok\n")
                elif part in MAY_ADD and line.startswith(b"{") and line.endswith(b"\n") and len(lines) < MOST:
                    lines.append(line)
                else:
                    return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, address: tuple[str, int], *, store: Store, keys: Path):
        self.store, self.keys = store, keys
        super().__init__(address, Handler)

    def forget_daily(self) -> None:
        done = threading.Event()
        while not done.wait(3600):
            for name in self.store.forget(today=datetime.now(UTC).date()):
                print(f"deleted: {name}", flush=True)


def main(arguments: list[str]) -> str | None:
    store = Store(Path(os.environ.get("LOGS", "/logs")), int(os.environ.get("LOGS_KEPT_DAYS", "180")))
    if arguments == ["list"]:
        for name, digest in store.closed(today=datetime.now(UTC).date()).items():
            print(f"{name:<32} {(store.folder / name).stat().st_size:>12}  {digest}")
        return None
    address = (os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "6514")))  # noqa: S104  a container reached through its network
    if arguments == ["check"]:
        with socket.create_connection(("127.0.0.1", address[1]), timeout=5):
            return None
    if arguments != ["serve"]:
        return __doc__
    with Server(address, store=store, keys=Path(os.environ.get("INNER_KEYS", "/keys"))) as server:
        threading.Thread(target=server.forget_daily, daemon=True).start()
        server.serve_forever()
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
