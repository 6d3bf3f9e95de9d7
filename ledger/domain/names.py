"""Who and what a record speaks of: ``kind:key`` text, never a name, an address or any other free text."""

import re

_REFERENCE = re.compile(r"[a-z][a-z0-9_]{0,39}(:[A-Za-z0-9][A-Za-z0-9_.\-]{0,79})?")
_ACTION = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_PRIVATE_KEY = re.compile(r"[a-z][a-z0-9_.\-:]{0,79}")


def check_reference(name: str, value: str) -> str:
    """``user:12``, ``region:320000``, or a kind alone where there is only one (``system``); ValueError otherwise."""
    if not _REFERENCE.fullmatch(value):
        raise ValueError(f"{name} of a record is kind:key, not {value!r}")
    return value


def check_scope(value: str) -> str:
    """A reference, ``*`` for everywhere, or empty."""
    return value if value in ("", "*") else check_reference("scope", value)


def check_action(value: str) -> str:
    if not _ACTION.fullmatch(value):
        raise ValueError(f"an action is noun.verb, not {value!r}")
    return value


def check_private_key(value: str) -> str:
    if not _PRIVATE_KEY.fullmatch(value):
        raise ValueError(f"a private key is a short code, not {value!r}")
    return value
