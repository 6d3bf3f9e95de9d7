"""Asking clamd, the scanner for malware of SCANNER, by its own protocol (clamd(8)): one connection for each question."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings

from competition.domain.scans import Verdict, Version, verdict, version

CONNECT_SECONDS = 2.0
UPLOAD_SECONDS = 10.0  # how long somebody who hands in a file waits at the most
FILE_SECONDS = 150.0  # in the background; clamd itself gives a file up after 120
REST_SECONDS = 30.0
CHUNK = 64 * 1024
_silent_until = 0.0


class Unavailable(Exception):
    """It cannot be reached, or does not answer in time."""


@contextmanager
def _connection(seconds: float) -> Iterator[tuple[socket.socket, float]]:
    """With the moment by which all must be said."""
    address, ends = urlsplit(settings.SCANNER), time.monotonic() + seconds
    patience = min(CONNECT_SECONDS, seconds)
    try:
        if address.hostname:
            link = socket.create_connection((address.hostname, address.port), timeout=patience)
        else:
            link = socket.socket(socket.AF_UNIX)
            link.settimeout(patience)
        with link:
            if not address.hostname:
                link.connect(address.path)
            yield link, ends
    except OSError as error:
        raise Unavailable(type(error).__name__) from error


def _left(link, ends: float) -> socket.socket:
    link.settimeout(max(ends - time.monotonic(), 0.001))
    return link


def _answer(link, ends: float) -> str:
    said = b""
    while not said.endswith(b"\0") and (part := _left(link, ends).recv(4096)):
        said += part
    if not said:
        raise ConnectionResetError
    return said.rstrip(b"\0").decode("utf-8", "replace")


def scan(file, *, seconds: float = FILE_SECONDS) -> Verdict:
    """Of all that stands in `file`, from its beginning. Unavailable where there is no answer."""
    file.seek(0)
    with _connection(seconds) as (link, ends):
        _left(link, ends).sendall(b"zINSTREAM\0")
        with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough: the answer says why
            while chunk := file.read(CHUNK):
                _left(link, ends).sendall(struct.pack("!L", len(chunk)) + chunk)
            _left(link, ends).sendall(b"\0\0\0\0")
        return verdict(_answer(link, ends))


def ask_version() -> Version:
    with _connection(CONNECT_SECONDS) as (link, ends):
        _left(link, ends).sendall(b"zVERSION\0")
        return version(_answer(link, ends))


def scan_upload(upload) -> Verdict:
    """While somebody waits. After it did not answer nobody waits for it for a while, so that a rush before a deadline stands still once,
    not at each file."""
    global _silent_until
    if time.monotonic() < _silent_until:
        raise Unavailable("resting")
    try:
        return scan(upload, seconds=UPLOAD_SECONDS)
    except Unavailable:
        _silent_until = time.monotonic() + REST_SECONDS
        raise
    finally:
        upload.seek(0)
