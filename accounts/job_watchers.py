"""Who may watch a job work: whoever asked for it, operators, and whoever may see its subject. The last is known above:
upper apps register it by the kind of subject."""

from collections.abc import Callable

_watchers: dict[str, Callable[..., bool]] = {}


def register(subject_kind: str, may_see: Callable[..., bool]) -> None:
    """`may_see(user, key)` for jobs whose subject is ``subject_kind:key``."""
    if subject_kind in _watchers:
        raise ValueError(f"watchers of {subject_kind} are registered twice")
    _watchers[subject_kind] = may_see


def may_see(user, subject: str) -> bool:
    kind, _colon, key = subject.partition(":")
    return kind in _watchers and _watchers[kind](user, key)
