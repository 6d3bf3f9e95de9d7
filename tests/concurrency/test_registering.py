"""Two who register the same organisation at one moment, on PostgreSQL: one is in, the other is told in words."""

import contextlib
import threading

import pytest
from django.db import connection

from competition.models import Organisation, Registration
from competition.services import registrations
from ledger.domain.reason import Refused
from tests.factories.accounts import make_user
from tests.factories.competition import NOW
from tests.factories.registering import registration_values

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


def test_one_code_registers_one_organisation(monkeypatch):
    first, second = registration_values(), registration_values()
    second["credit_code"] = first["credit_code"]
    gate, region, answers = threading.Barrier(2), registrations._region, []

    def wait(values):
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(5)  # both have seen that the code is free
        return region(values)

    monkeypatch.setattr(registrations, "_region", wait)

    def send(user, values):
        try:
            answers.append(registrations.register_organisation(values=values, actor=user, at=NOW).state)
        except Refused as refusal:
            answers.append((refusal.reason.code, refusal.field))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(make_user(), values)) for values in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers, key=str) == [("competition.credit_code_registered", "credit_code"), "pending"]
    assert (Organisation.objects.count(), Registration.objects.count()) == (1, 1)
