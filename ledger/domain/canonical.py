"""Canonical JSON: one value, one sequence of bytes, whatever the database, the locale or the order of keys."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def moment_text(at: datetime) -> str:
    """UTC with six digits of a second: ``2026-03-01T08:00:00.000000Z``. A naive moment is refused."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).strftime(MOMENT_FORMAT)


def plain(value: Any) -> Any:
    """`value` as objects, arrays, text, integers, booleans and null.

    Exact numbers that are no integers become text (``"7.50"``, ``"1/3"``). A float is refused with TypeError: it has no one
    spelling, and no mark or figure of ours is one.
    """
    if value is None or isinstance(value, bool) or type(value) in (int, str):
        return value
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=encode)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (str, Decimal, Fraction, UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON; give text, an integer or an exact number")


def _key(key: Any) -> str:
    if type(key) is str:
        return key
    if isinstance(key, (str, int)) and not isinstance(key, bool):
        return str(key)
    raise TypeError(f"a key of canonical JSON is text, not {type(key).__name__}")


def text(value: Any) -> str:
    """Keys sorted by code point, no spaces, characters as themselves."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def encode(value: Any) -> bytes:
    return text(value).encode()


def parse(source: str) -> Any:
    """The value of canonical text; ValueError where `source` is not exactly what `text` would write."""
    try:
        value = json.loads(source)
        canonical = text(value) == source
    except (TypeError, RecursionError) as fault:
        raise ValueError("not canonical JSON") from fault
    if not canonical:
        raise ValueError("not canonical JSON")
    return value
