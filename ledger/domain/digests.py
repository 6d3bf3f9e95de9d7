"""What a record, a private value and a seal are worth in 64 hexadecimal digits."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from ledger.domain.canonical import encode, moment_text

FORMAT = 1
NO_SEAL = "0" * 64
"""Stands as the previous hash of seal number 1."""


def record_digest(
    *, at: datetime, actor: str, action: str, subject: str, scope: str, request: str, before: Any, after: Any, private: dict[str, str]
) -> str:
    """SHA-256 of the record's canonical JSON. Its id is not part of it: the place in a seal orders the records."""
    return hashlib.sha256(
        encode(
            {
                "format": FORMAT,
                "at": moment_text(at),
                "actor": actor,
                "action": action,
                "subject": subject,
                "scope": scope,
                "request": request,
                "before": before,
                "after": after,
                "private": private,
            }
        )
    ).hexdigest()


def private_digest(salt: str, value: str) -> str:
    """HMAC-SHA-256 of the text under a salt of its own: without the salt, nobody can try out names."""
    return hmac.new(bytes.fromhex(salt), value.encode(), hashlib.sha256).hexdigest()


def seal_hash(*, number: int, at: datetime, size: int, root: str, previous: str) -> str:
    """SHA-256 of the seal's canonical JSON; `previous` links it to the seal before."""
    return hashlib.sha256(
        encode({"format": FORMAT, "number": number, "at": moment_text(at), "size": size, "root": root, "previous": previous})
    ).hexdigest()
