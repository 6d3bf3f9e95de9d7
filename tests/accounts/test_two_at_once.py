"""Two at the same moment, on PostgreSQL."""

import contextlib
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts import selectors
from accounts.models import Membership
from accounts.services.membership import end_role, give_role
from ledger.domain.reason import Refused
from tests.factories.accounts import give, make_user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("places")]


def together(*calls):
    """Runs the calls in threads of their own; answers the codes of those refused."""
    refused, threads = [], []

    def run(call):
        try:
            call()
        except Refused as fault:
            refused.append(fault.reason.code)
        finally:
            connection.close()

    for call in calls:
        threads.append(threading.Thread(target=run, args=(call,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return refused


@pytest.fixture
def slow_look(monkeypatch):
    """Both look for another side before either has written: without a lock both would find none."""
    both = threading.Barrier(2)
    look = selectors.side_taken

    def slow(*arguments):
        found = look(*arguments)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)
        return found

    monkeypatch.setattr(selectors, "side_taken", slow)


def two_sides(user):
    return [
        lambda role=role: give_role(user, role=role, scope="competition:1", actor=None, at=timezone.now())
        for role in ("applicant", "evaluator")
    ]


def test_two_sides_at_once(slow_look):
    user = make_user("Both")
    assert len(together(*two_sides(user))) == 1
    assert Membership.objects.live().filter(user=user).count() == 1


def test_without_the_lock_both_would_pass(slow_look, monkeypatch):
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **_: self.all())
    user = make_user("Both")
    assert together(*two_sides(user)) == []
    assert Membership.objects.live().filter(user=user).count() == 2


def test_two_organisers_end_each_other():
    first, second = (give(make_user(name), "organiser", "*") for name in ("First", "Second"))
    refused = together(
        lambda: end_role(second, actor=first.user, at=timezone.now()),
        lambda: end_role(first, actor=second.user, at=timezone.now()),
    )
    assert len(refused) == 1
    assert Membership.objects.live().filter(role="organiser", scope="*").count() == 1
