"""Two recommenders at one moment cannot take the same last place, on PostgreSQL; without the lock they would."""

import contextlib
import threading

import pytest
from django.db import connection

from competition.models import Recommendation
from competition.selectors import recommendations as selectors
from competition.services import recommendations as services
from ledger.domain.reason import Refused
from tests.factories.competition import NOW
from tests.factories.recommending import make_asked, make_asking_call, make_speaker

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


def race(monkeypatch, rows):
    """Each counts the account, then waits for the other to have counted too, as long as locks let it."""
    gate, counted, answers = threading.Barrier(2), selectors.account_of, []

    def wait(quota):
        account = counted(quota)
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(1.5)
        return account

    monkeypatch.setattr(selectors, "account_of", wait)

    def send(row, user):
        try:
            answers.append(services.recommend(row, opinion="同意推荐。", actor=user, at=NOW).state)
        except Refused as refusal:
            answers.append(refusal.reason.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(row, make_speaker())) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(answers)


@pytest.fixture
def rows():
    call = make_asking_call({"320000": 1})
    return [make_asked(call) for _ in range(2)]


def test_the_last_place_goes_to_one(monkeypatch, rows):
    assert race(monkeypatch, rows) == ["competition.quota_used_up", "recommended"]
    assert list(Recommendation.objects.filter(state="recommended").values_list("preference", flat=True)) == [1]


def test_without_the_lock_both_would_have_it(monkeypatch, rows):
    """The control: what the lock is there for does happen without it."""
    monkeypatch.setattr(services, "_locked", lambda row: row)
    assert race(monkeypatch, rows) == ["recommended", "recommended"]
