"""What a scope text points to. Memberships reach upward as text without a foreign key, so upper apps register how to check
that the thing exists and how to name it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.domain.roles import EVERYWHERE, SCOPE_KINDS
from ledger.domain.reason import Reason


@dataclass(frozen=True)
class ScopeKind:
    """`exists(key)`; `name(key)` in the language of the moment; `page_of(key)` the competition in whose shell its pages stand;
    `against(key)` the reason why its own members may not invite others yet."""

    kind: str
    exists: Callable[[str], bool]
    name: Callable[[str], str]
    page_of: Callable[[str], Any] | None = None
    against: Callable[[str], Reason | None] | None = None


_kinds: dict[str, ScopeKind] = {}


def register(
    kind: str,
    *,
    exists: Callable[[str], bool],
    name: Callable[[str], str],
    page_of: Callable[[str], Any] | None = None,
    against: Callable[[str], Reason | None] | None = None,
) -> None:
    if kind not in SCOPE_KINDS:
        raise ValueError(f"no such kind of scope: {kind}")
    _kinds[kind] = ScopeKind(kind, exists, name, page_of, against)


def exists(scope: str) -> bool:
    """Does the scope name a thing that is there? An unregistered kind has no things."""
    if scope == EVERYWHERE:
        return True
    kind, _colon, key = scope.partition(":")
    return bool(key) and kind in _kinds and _kinds[kind].exists(key)


def against_members(scope: str) -> Reason | None:
    """Why members of this place may not invite others yet."""
    kind, _colon, key = scope.partition(":")
    against = _kinds[kind].against if kind in _kinds else None
    return against(key) if against else None


def name(scope: str) -> str:
    """The scope in words, for people."""
    if scope == EVERYWHERE:
        return _("everywhere")
    kind, _colon, key = scope.partition(":")
    return _kinds[kind].name(key) if kind in _kinds and _kinds[kind].exists(key) else scope


def shell(scope: str) -> dict[str, Any]:
    """Context for a page about this scope: `competition` where the scope lies in one, so that its navigation is there."""
    kind, _colon, key = scope.partition(":")
    found = _kinds[kind].page_of(key) if kind in _kinds and _kinds[kind].page_of else None
    return {"competition": found, "demo": found.demo} if found else {}
