"""The hash functions that the ledger can be kept in, each of 256 bits. Every row names its own, so that one can follow another."""

import hashlib
from typing import Any

FIRST = "sha256"
"""Of rows that were written before there was a choice, and where nothing else is chosen."""
OPENSSL = {FIRST: "sha256", "sha3-256": "sha3_256", "sm3": "sm3"}
NAMES = tuple(OPENSSL)


class UnknownHash(ValueError):
    """No such hash function, or none that this machine's OpenSSL has."""


def name_of(algorithm: Any) -> str:
    """What OpenSSL calls it."""
    name = OPENSSL.get(algorithm) if isinstance(algorithm, str) else None
    if name is None or name not in hashlib.algorithms_available:
        raise UnknownHash(f"{algorithm!r} is none of {', '.join(NAMES)}, or this machine's OpenSSL is without it")
    return name


def digest(algorithm: str, data: bytes) -> bytes:
    return hashlib.new(name_of(algorithm), data).digest()
