"""The people of every test: who they are, and how they sign in."""

import time
from dataclasses import dataclass, fields

import pytest
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY, AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.person import BACKEND
from tests.factories.accounts import give, make_user


@dataclass
class Cast:
    """All hold their roles in one competition (`scope`), except the operator (everywhere) and the stranger (nowhere).

    `organiser` also organises everything else. `applicant` and `rival` hold the role for an organisation of their own once
    a test gives it to them; here both hold it in the competition.
    """

    organiser: User
    chair: User
    evaluator: User
    other_evaluator: User
    applicant: User
    rival: User
    recommender: User
    decider: User
    second_decider: User
    supervisor: User
    operator: User
    stranger: User

    def people(self) -> dict[str, User]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


ROLES = {
    "organiser": "organiser",
    "chair": "evaluator",
    "evaluator": "evaluator",
    "other_evaluator": "evaluator",
    "applicant": "applicant",
    "rival": "applicant",
    "recommender": "recommender",
    "decider": "decider",
    "second_decider": "decider",
    "supervisor": "supervisor",
    "operator": "operator",
}


def make_cast(scope: str = "competition:1") -> Cast:
    names = [field.name for field in fields(Cast)]
    people = {name: make_user(name.replace("_", " ").title(), name_zh=f"{name}甲", email=f"{name}@example.org") for name in names}
    for name, role in ROLES.items():
        give(people[name], role, "*" if name in ("organiser", "operator") else scope)
    return Cast(**people)


def sign_in(user: User | None, *, fresh: bool = False) -> Client:
    """A browser in which the person is signed in. `fresh`: with a second factor (or password) given a moment ago."""
    client = Client()
    if user is None:
        return client
    client.force_login(user, backend=BACKEND)
    if fresh:
        session = client.session
        methods = [{"method": method, "at": time.time(), "reauthenticated": True} for method in ("password", "mfa")]
        session[AUTHENTICATION_METHODS_SESSION_KEY] = methods
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()
    return client


def session_of(user: User, address: str) -> dict[str, str]:
    """The cookie of somebody signed in, for a real browser at `address`."""
    cookie = sign_in(user).cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": address}


@pytest.fixture
def cast_scope() -> str:
    """Where the cast holds its roles; a folder of tests with a real competition overrides it."""
    return "competition:1"


@pytest.fixture
def cast(db, cast_scope) -> Cast:
    return make_cast(cast_scope)
