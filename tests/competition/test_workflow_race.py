"""Two people perform the same action at once, on PostgreSQL, where both really are at once."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.models.query import QuerySet

from competition import workflow
from competition.domain.lifecycle import Machine, Transition
from competition.models import Competition
from ledger import actions as ledger_actions
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.competition import make_competition

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
TRIAL = Machine("trial", "draft", (Transition("publish", {"draft"}, "published", guard=lambda facts: (), facts=("gate",)),))


def both_at_once(monkeypatch):
    """Two threads perform the action; each waits inside it, after the row was read, until the other has come as far or
    is seen not to. Gives their answers, "done" or the code of the refusal."""
    for name in ("_kinds", "_kind_of", "_providers", "_hooks"):
        monkeypatch.setattr(workflow, name, {})
    monkeypatch.setattr(ledger_actions, "_labels", dict(ledger_actions._labels))
    workflow.register("trial", Competition, TRIAL, scope=lambda row: "")
    gate = threading.Barrier(2)

    @workflow.provide("trial", "publish", "gate")
    def wait(act):
        # Only where nothing locks do both come here together; else the first goes on alone after a moment.
        try:
            gate.wait(1)
        except threading.BrokenBarrierError:
            return "alone"
        return "together"

    row = make_competition(region=None, state="draft")
    answers = []

    def act():
        try:
            with transaction.atomic():
                workflow.perform(row, "publish", actor=None, at=AT)
            answers.append("done")
        except Refused as refusal:
            answers.append(refusal.reason.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(answers), Record.objects.filter(action="trial.publish").count()


def test_exactly_one_wins(monkeypatch):
    assert both_at_once(monkeypatch) == (["competition.action_not_now", "done"], 1)


def test_without_the_lock_both_win(monkeypatch):
    """The control: the race is real, and it is the lock that decides it."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    assert both_at_once(monkeypatch) == (["done", "done"], 2)
