"""What a record, a private value and a seal are worth in 64 hexadecimal digits."""

import hmac
from datetime import datetime
from typing import Any

from ledger.domain import hashing
from ledger.domain.canonical import encode, moment_text

NO_SEAL = "0" * 64
"""Stands as the previous hash of seal number 1."""


def _worth(algorithm: str, content: dict[str, Any]) -> str:
    """Of the canonical JSON. Format 1 is SHA-256 and does not say so; format 2 names its hash function, so that a row cannot
    be passed off as one under another."""
    headed = {"format": 1} if algorithm == hashing.FIRST else {"format": 2, "algorithm": algorithm}
    return hashing.digest(algorithm, encode(headed | content)).hex()


def record_digest(
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    scope: str,
    request: str,
    before: Any,
    after: Any,
    private: dict[str, str],
    algorithm: str = hashing.FIRST,
) -> str:
    """Of the record's canonical JSON. Its id is not part of it: the place in a seal orders the records."""
    return _worth(
        algorithm,
        {
            "at": moment_text(at),
            "actor": actor,
            "action": action,
            "subject": subject,
            "scope": scope,
            "request": request,
            "before": before,
            "after": after,
            "private": private,
        },
    )


def private_digest(salt: str, value: str, algorithm: str = hashing.FIRST) -> str:
    """HMAC of the text under a salt of its own: without the salt, nobody can try out names."""
    return hmac.new(bytes.fromhex(salt), value.encode(), hashing.name_of(algorithm)).hexdigest()


def seal_hash(*, number: int, at: datetime, size: int, root: str, previous: str, algorithm: str = hashing.FIRST) -> str:
    """Of the seal's canonical JSON; `previous` links it to the seal before, whatever that one's hash function."""
    return _worth(algorithm, {"number": number, "at": moment_text(at), "size": size, "root": root, "previous": previous})
