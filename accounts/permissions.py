"""May they, why not, and the same rule as a queryset. Upper apps register their rows in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from accounts.domain.roles import EVERYWHERE
from accounts.models import Membership
from ledger.domain.reason import Reason, Refused

Check = Callable[[Any, Any], Reason | None]


class NotAllowed(Refused):
    """A colleague without the right; shown as a 403 page with the reason."""


@dataclass(frozen=True)
class Answer:
    allowed: bool
    reason: Reason | None = None

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Row:
    """One line of the permission table. `label` says the action to people, `who` the roles that have it."""

    action: str
    check: Check
    queryset: Callable[[Any, QuerySet], QuerySet] | None = None
    label: str = ""
    who: str = ""


_rows: dict[str, Row] = {}


def register(action: str, check: Check, *, queryset=None, label="", who="") -> None:
    """`check(user, subject)` answers None (allowed) or the reason against; `queryset(user, rows)` narrows `rows` to those
    for which `check` would allow. `label` and `who` are lazy texts for the printed table."""
    if action in _rows:
        raise ValueError(f"permission {action} is registered twice")
    _rows[action] = Row(action, check, queryset, label, who)


def table() -> list[Row]:
    """Every registered row, by action."""
    return [_rows[action] for action in sorted(_rows)]


def can(user, action: str, subject=None) -> Answer:
    reason = _rows[action].check(user, subject)
    return Answer(reason is None, reason)


def require(user, action: str, subject=None) -> None:
    """Raises NotAllowed with the reason."""
    answer = can(user, action, subject)
    if not answer.allowed:
        raise NotAllowed(answer.reason)


def visible(user, action: str, rows: type[Model] | QuerySet) -> QuerySet:
    """The rows of a model (or of a queryset) for which the action is allowed."""
    row = _rows[action]
    if row.queryset is None:
        raise LookupError(f"permission {action} has no queryset")
    return row.queryset(user, rows if isinstance(rows, QuerySet) else rows._default_manager.all())


# ---------------------------------------------------------------- who holds what


def held(user) -> frozenset[tuple[str, str]]:
    """Live (role, scope) pairs, read once per user object, which lives as long as its request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    pairs = getattr(user, "_held", None)  # not __dict__: request.user is a lazy wrapper with one of its own
    if pairs is None:
        pairs = user._held = frozenset((role, scope) for role, scope, live in _memberships(user) if live)
    return pairs


def ever_held(user) -> frozenset[tuple[str, str]]:
    """(role, scope) pairs, the ended ones too."""
    return frozenset((role, scope) for role, scope, _live in _memberships(user))


def _memberships(user) -> frozenset[tuple[str, str, bool]]:
    found = getattr(user, "_ever", None)
    if found is None:
        rows = Membership.objects.filter(user_id=user.pk).values_list("role", "scope", "ended_at")
        found = user._ever = frozenset((role, scope, ended is None) for role, scope, ended in rows)
    return found


def forget(user) -> None:
    """Drop what `held` remembers, after a membership was given or ended."""
    for name in ("_held", "_ever"):
        if hasattr(user, name):
            delattr(user, name)


def roles(user, *scopes: str) -> set[str]:
    """Roles held in any of these scopes, `*` always included; without scopes, every role held anywhere."""
    pairs = held(user)
    if not scopes:
        return {role for role, _ in pairs}
    return {role for role, scope in pairs if scope in scopes or scope == EVERYWHERE}


def scopes(user, role: str, kind: str) -> set[str]:
    """Ids of one kind in which the role is held: `scopes(user, "organiser", "competition")` → {"3", "8"}. A role held
    everywhere is answered by `everywhere`, not by this."""
    prefix = f"{kind}:"
    return {scope.removeprefix(prefix) for held_role, scope in held(user) if held_role == role and scope.startswith(prefix)}


def everywhere(user, role: str) -> bool:
    """Is the role held for `*`?"""
    return (role, EVERYWHERE) in held(user)
