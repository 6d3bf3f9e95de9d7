"""ETag and If-Match: two programs, or a program and a page, never overwrite each other silently."""

import hashlib
import json
import re

from rest_framework.exceptions import ParseError

from ledger.domain.reason import Reason

IDEMPOTENCY = "Idempotency-Key"
LONGEST_KEY = 64
_DIGEST = re.compile(r'"[0-9a-f]{16}"')
_TAG = re.compile(r'"(\d{1,9})"')


def tag(version: int) -> dict[str, str]:
    """Headers of an answer that shows this version."""
    return {"ETag": f'"{version}"'}


def matched(request) -> int:
    """The version that the change is based on; ParseError (400) where the request does not say."""
    found = _TAG.fullmatch(request.headers.get("If-Match", "").strip())
    if found is None:
        raise ParseError(Reason("accounts.if_match_missing"))
    return int(found[1])


def content_tag(content) -> dict[str, str]:
    """The same of plain JSON that has no version of its own."""
    return {"ETag": f'"{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]}"'}


def matches(request, content) -> bool:
    """Is the change based on this content? ParseError (400) where the request does not say."""
    found = request.headers.get("If-Match", "").strip()
    if not _DIGEST.fullmatch(found):
        raise ParseError(Reason("accounts.if_match_missing"))
    return found == content_tag(content)["ETag"]


def idempotency_key(request) -> str:
    """The same key again is the same act, done once. Empty where there is none."""
    key = request.headers.get(IDEMPOTENCY, "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise ParseError(Reason("accounts.body_wrong", {"fault": IDEMPOTENCY}))
    return key
