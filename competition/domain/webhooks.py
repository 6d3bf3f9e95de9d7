"""What other systems are told of a competition, how it is signed, and when it is tried again."""

import hashlib
import hmac
from datetime import datetime, timedelta

# Nothing here is told before every part of the race knows it; bodies hold codes and numbers, never names, scores or outcomes.
EVENTS = (
    "competition.published",
    "competition.decided",
    "round.opened",
    "round.judging_started",
    "round.closed",
    "result.released",
    "award.issued",
    "award.revoked",
)
TEST = "webhook.test"
SIGNATURE = "Saima-Signature"
EVENT = "Saima-Event"
DELIVERY = "Saima-Delivery"
PREFIX = "whsec_"
OLD_SECRET_HOLDS = timedelta(days=1)
# Rests after each attempt that failed; after the last one it is given up: two days and a half in all.
RESTS = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 360, 720, 1440, 1080))


def rest(attempts: int) -> timedelta | None:
    """The rest after the attempt of this number, counted from 1; None where it was the last."""
    return RESTS[attempts - 1] if attempts <= len(RESTS) else None


def secret(master: str, webhook: int, salt: str) -> str:
    """256 bits that stand nowhere: whoever has only the database cannot sign."""
    return PREFIX + hmac.new(master.encode(), f"webhook:{webhook}:{salt}".encode(), hashlib.sha256).hexdigest()


def signature(body: bytes, secrets: list[str], *, at: datetime) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 over "SECONDS." and the body; one `v1` for each secret that holds."""
    seconds = int(at.timestamp())
    signed = b"%d." % seconds + body
    return ",".join([f"t={seconds}", *(f"v1={hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()}" for key in secrets)])
