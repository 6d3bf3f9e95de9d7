"""A program that sends the same act twice at once, on PostgreSQL: the second waits for the first and hears the same answer."""

import threading

import pytest
from django.utils import timezone

from accounts.models import ApiAct, ApiToken
from accounts.services.acts import once
from accounts.services.tokens import make_token
from tests.concurrency.test_leaving import together
from tests.factories.accounts import give, make_user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]


def test_the_same_act_at_once_is_done_once():
    person, at, gate, heard = make_user(), timezone.now(), threading.Barrier(2), []
    give(person, "evaluator", "competition:1")

    def act():
        return make_token(name="office", scopes=("read",), days=9, actor=person, at=at)[0].pk

    def send():
        gate.wait(20)
        heard.append(once(act, key="k", asked=["a"], actor=person, at=at))

    assert together(send, send) == ["done", "done"]
    assert heard == [ApiToken.objects.get().pk] * 2 == [ApiAct.objects.get().answer] * 2
