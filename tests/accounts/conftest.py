import pytest

from accounts import scopes, sides
from tests.factories.accounts import give, make_user

COMPETITIONS = {"1": "江苏省第一届", "2": "江苏省第二届"}
ORGANISATIONS = {"7": {"2"}, "9": {"1", "2"}}


@pytest.fixture
def places(monkeypatch):
    """What the upper apps register, in small: two competitions, and two organisations that take part in some of them."""
    kinds = {
        "competition": scopes.ScopeKind("competition", COMPETITIONS.__contains__, COMPETITIONS.__getitem__),
        "organisation": scopes.ScopeKind("organisation", ORGANISATIONS.__contains__, lambda key: f"促进机构 {key}"),
    }
    monkeypatch.setattr(scopes, "_kinds", kinds)
    monkeypatch.setattr(sides, "_resolvers", [lambda role, scope: ORGANISATIONS.get(scope.partition(":")[2], set())])


@pytest.fixture
def records():
    """Ledger records of one action, oldest first."""
    from ledger.models import Record

    return lambda action: list(Record.objects.filter(action=action).order_by("pk"))


@pytest.fixture
def decider(db):
    user = make_user(email="lin@example.org", language="en")
    give(user, "decider", "competition:1")
    return user
