"""Two people sign one proposal at once, on PostgreSQL: exactly one release, one notice, each outcome announced once."""

import contextlib
import threading

import pytest
from django.db import connection
from django.db.models.query import QuerySet

from competition.models import Notice, Signature
from competition.services import release
from competition.services.release import sign_release
from ledger.models import Record
from tests.factories.competition import NOW
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.standings import make_closed_round

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]


def both_sign(monkeypatch, *, patience: float):
    """Two people sign at once; each waits before it signs and again before it counts, until the other has come as far or is seen
    not to within `patience` seconds. Gives what they got, the notices, the releases, the announced outcomes and the signatures that hold."""
    round, _ = make_closed_round(("91.20", "88.45", "80.10", "70.05"), rounds=2)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    gate = threading.Barrier(2)
    valid_signatures = release.valid_signatures

    def waiting(proposal):
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(patience)
        return valid_signatures(proposal)

    monkeypatch.setattr(release, "valid_signatures", waiting)
    answers = []

    def sign(person):
        try:
            answers.append(sign_release(proposal, digest=proposal.digest, actor=person, at=NOW).state)
        except Exception as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(people[name],)) for name in ("organiser", "decider")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    released = Record.objects.filter(action="proposal.release").count()
    announced = Record.objects.filter(action="entry.announce").count()
    return sorted(answers), Notice.objects.count(), released, announced, Signature.objects.filter(voided_at=None).count()


def test_one_release_and_one_notice(monkeypatch):
    assert both_sign(monkeypatch, patience=4) == (["released", "tabled"], 1, 1, 4, 2)


def test_without_the_locks_nobody_releases(monkeypatch):
    """The control: unlocked, each sees only its own signature, and two signatures release nothing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    assert both_sign(monkeypatch, patience=30) == (["tabled", "tabled"], 0, 0, 0, 2)
