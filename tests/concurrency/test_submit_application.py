"""Two people submit the same application at once, on PostgreSQL, where both really are at once."""

import contextlib
import threading

import pytest
from django.db import connection
from django.db.models.query import QuerySet

from competition import workflow
from competition.services.applications import save_draft, submit_application
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.applying import ANSWERS, make_call, make_draft
from tests.factories.competition import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]
WINDOW = ("application", "submit", "window")


def both_at_once(monkeypatch, *, keys=("", ""), draft=False):
    """Two colleagues of one applicant act in two threads; each waits where the window is judged until the other has come as
    far or is seen not to. Gives their answers: the revision's number, or the code of the refusal."""
    application, first = make_draft(make_call())
    second = make_user()
    give(second, "applicant", f"organisation:{application.organisation_id}")
    gate, judge, answers = threading.Barrier(2), workflow._providers[WINDOW], []

    def wait(act):
        # Only where nothing locks do both come here together; else the first goes on alone after a moment.
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(1)
        return judge(act)

    monkeypatch.setitem(workflow._providers, WINDOW, wait)

    def act(user, key):
        try:
            answers.append(submit_application(application, actor=user, at=NOW, idempotency_key=key).number)
        except Refused as refusal:
            answers.append(refusal.reason.code)
        finally:
            connection.close()

    def save(user):
        try:
            answers.append(save_draft(application, data=ANSWERS | {"area": "99"}, version=application.draft_version, actor=user, at=NOW))
        except Refused as refusal:
            answers.append(refusal.reason.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(first, keys[0]))]
    threads.append(threading.Thread(target=save, args=(second,)) if draft else threading.Thread(target=act, args=(second, keys[1])))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(answers, key=str), application


def test_exactly_one_gets_the_receipt(monkeypatch):
    answers, application = both_at_once(monkeypatch)
    assert answers == [1, "competition.action_not_now"]
    assert application.revisions.count() == 1
    assert Record.objects.filter(action="application.submit").count() == 1


def test_the_same_click_twice_is_one_submission(monkeypatch):
    answers, application = both_at_once(monkeypatch, keys=("k-7", "k-7"))
    assert answers == [1, 1]
    assert application.revisions.count() == 1


def test_an_autosave_beside_a_submission_never_changes_what_was_submitted(monkeypatch):
    """Either the save came first and is in the revision, or it is refused."""
    answers, application = both_at_once(monkeypatch, draft=True)
    application.refresh_from_db()
    assert application.revisions.get().data["area"] == application.draft["area"]
    assert answers in ([1, 2], [1, "competition.application_not_editable"])


def test_without_the_lock_both_get_a_receipt(monkeypatch):
    """The control: the race is real, and it is the lock that decides it."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    answers, application = both_at_once(monkeypatch)
    assert answers == [1, 2]
    assert application.revisions.count() == 2
