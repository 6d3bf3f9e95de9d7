"""An entry leaves while its round is released, an objection comes while awards are given, on PostgreSQL: one after the other, and
nobody is thrown out of a circle of waiting."""

import threading
from datetime import timedelta

import pytest

from competition.models import Award, Notice
from competition.services import awards, entries, publicity, release, signatures
from tests.factories.competition import NOW
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.decisions import release as release_round
from tests.factories.standings import make_closed_round
from tests.together import meeting_in, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]
TOTALS = ("91.20", "88.45", "80.10", "70.05")


def leave_while_released(monkeypatch):
    round, found = make_closed_round(TOTALS)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    release.sign_release(proposal, digest=proposal.digest, actor=people["organiser"], at=NOW)
    gate = threading.Barrier(2)
    meeting_in(monkeypatch, gate, release, "lock_proposal")
    meeting_in(monkeypatch, gate, signatures, "void_signatures")
    return together(
        lambda: release.sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=NOW),
        lambda: entries.withdraw_entry(found[1], reason="自愿退出。", actor=people["organiser"], at=NOW),
    )


def test_an_entry_leaves_before_or_after_the_release(monkeypatch):
    answers = leave_while_released(monkeypatch)
    # Whoever comes second sees what the first has done: a list that an entry has left is not released.
    assert answers in (["done", "done"], ["competition.proposal_entry_left", "done"])


def test_without_the_order_of_locks_one_is_thrown_out(monkeypatch):
    """The control: each holds what the other waits for, and the database ends one of them."""
    monkeypatch.setattr(entries, "lock_course", lambda application_id: None)
    assert "OperationalError" in leave_while_released(monkeypatch)


def objected_before_awarded(monkeypatch) -> tuple:
    """An objection is on its way into the books when awards are given: what both came to, and the awards of its entry."""
    round, found = make_closed_round(TOTALS)
    people = make_staff(round)
    release_round(round, people)
    notice = Notice.objects.get()
    after = NOW + (notice.ends_on - NOW.date()) + timedelta(days=1)
    under_way, given = threading.Event(), threading.Event()
    random_code = publicity.random_code

    def slow(length):
        under_way.set()
        given.wait(3)
        return random_code(length)

    def give():
        under_way.wait(30)
        awards.give_awards(round, titles=("cluster",), actor=people["organiser"], at=after)
        given.set()

    monkeypatch.setattr(publicity, "random_code", slow)
    words = {"objector_kind": "person", "objector": "王某", "contact": "139", "text": "产值有误。", "received_at": NOW}
    answers = together(give, lambda: publicity.record_objection(notice, entry=found[1], **words, actor=people["organiser"], at=after))
    return answers, Award.objects.filter(entry=found[1]).count()


def test_no_award_goes_to_an_entry_whose_objection_came_first(monkeypatch):
    assert objected_before_awarded(monkeypatch) == (["done", "done"], 0)


def test_without_the_lock_one_is_thrown_out_here_too(monkeypatch):
    """The control."""
    monkeypatch.setattr(publicity, "lock_course", lambda application_id: None)
    assert "OperationalError" in objected_before_awarded(monkeypatch)[0]
