"""Two windows submit the same sheet at once, on PostgreSQL, where both really are at once."""

import contextlib
import threading

import pytest
from django.db import connection
from django.db.models.query import QuerySet
from django.utils import timezone

from competition import workflow
from evaluations.models import Scoreboard, SheetVersion
from evaluations.services import sheets
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.desks import make_judge, make_judging, make_seat, marked

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


def both_at_once(monkeypatch):
    """Each waits inside the act, after the row was read, until the other has come as far or is seen not to."""
    scene = make_judging()
    evaluator = make_judge(scene)
    sheet = make_seat(scene, evaluator).sheet
    codes = marked(scene)
    sheets.save_sheet(sheet, marks={code: str(61 + n) for n, code in enumerate(codes)}, version=0, actor=evaluator.user, at=timezone.now())
    start, gate = threading.Barrier(2), threading.Barrier(2)
    fact = ("sheet", "submit", "against_submission")
    provider = workflow._providers[fact]

    def wait(act):
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(3)
        return provider(act)

    monkeypatch.setitem(workflow._providers, fact, wait)
    answers = []

    def submit(key):
        connection.ensure_connection()
        start.wait(30)
        try:
            version = sheets.submit_sheet(sheet, actor=evaluator.user, at=timezone.now(), idempotency_key=key)
            answers.append(f"version {version.number}")
        except Refused as refused:
            answers.append(refused.reasons[0].code)
        except Exception as error:  # the database itself may be what refuses
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=(f"window-{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(answers), Record.objects.filter(action="sheet.submit").count()


def test_exactly_one_submits(monkeypatch):
    answers, records = both_at_once(monkeypatch)
    assert answers == ["competition.action_not_now", "version 1"]
    assert (records, SheetVersion.objects.count(), Scoreboard.objects.get().scores_version) == (1, 1, 1)


def test_without_the_lock_both_come_through(monkeypatch):
    """The control: the race is real, and it is the locks (of the scoreboard and of the sheet) that decide it."""
    monkeypatch.setattr(sheets, "lock_board", lambda round: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    answers, records = both_at_once(monkeypatch)
    assert answers == ["version 1", "version 2"]
    assert records == 2
