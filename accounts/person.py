"""The person who is signed in, read in one query with what every page asks about them: memberships, second factor, and the facts
that upper apps register so that most pages need not ask further."""

import functools
import json
from collections.abc import Callable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Case, Exists, OuterRef, Value, When
from django.db.models.expressions import Combinable

from accounts.models import Membership, User
from accounts.sql import rows_of

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_facts: dict[str, Callable[[], Combinable]] = {}


def register(name: str, fact: Callable[[], Combinable]) -> None:
    """`fact()` → an expression over User, true or false; `OuterRef("pk")` is the person."""
    if name in _facts:
        raise ValueError(f"fact {name} is registered twice")
    _facts[name] = fact


def fact(user, name: str) -> bool:
    """Does it hold of this person? Asked once per user object, which lives as long as its request."""
    known = getattr(user, "_facts", None)
    if known is None:
        known = user._facts = {}
    if name not in known:
        known[name] = User.objects.filter(pk=user.pk).filter(_facts[name]()).exists()
    return known[name]


def forget(user) -> None:
    """Drop what is remembered of the second factor and of facts, after one of them changed."""
    for name in ("_has_second_factor", "_facts"):
        if hasattr(user, name):
            delattr(user, name)


def signed_in(user_id) -> User | None:
    """One query."""
    sql, params = _asked()
    user: Any = next(iter(User.objects.raw(sql, [user_id if value == _WHO else value for value in params])), None)
    if user is None:
        return None
    every = json.loads(user._every) if isinstance(user._every, str) else user._every
    user._ever = frozenset((role, scope, bool(live)) for role, scope, live in every or ())
    user._has_second_factor = bool(user._second)
    user._facts = {name: bool(getattr(user, f"_fact_{name}")) for name in _facts}
    return user


_WHO = -(2**40)  # stands for the person's key in the compiled query: no key and no other parameter is it


@functools.cache
def _asked() -> tuple[str, tuple]:
    """The query with its parameters, compiled once: compiling costs several times what asking does. Facts are registered at start-up and
    hang on no moment."""
    live = Case(When(ended_at=None, then=Value(1)), default=Value(0))
    every = rows_of(Membership.objects.filter(user=OuterRef("pk")), "role", "scope", live)
    second = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
    facts = {f"_fact_{name}": Case(When(made(), then=True), default=False, output_field=BooleanField()) for name, made in _facts.items()}
    return User.objects.filter(pk=_WHO).annotate(_every=every, _second=second, **facts).order_by().query.sql_with_params()


BACKEND = "accounts.person.Backend"


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        user = signed_in(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
