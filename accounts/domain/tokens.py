"""Keys for programs: what they look like and what they may be for. Only the digest of one is ever stored."""

import hashlib
import secrets

PREFIX = "saima_"
SHOWN = len(PREFIX) + 6  # characters by which people tell their keys apart
# What a key may do, each within the rights of its owner. There is none for releasing, signing or giving roles.
SCOPES = ("read", "apply", "judge", "recommend", "organise", "decide")
MOST_DAYS = 366


def new_text() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256: the text is 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(text.encode()).hexdigest()
