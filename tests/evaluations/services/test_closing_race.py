"""Two people close a round at once, and one closes while another submits, on PostgreSQL, where both really are at once."""

import contextlib
import threading
import time

import pytest
from django.db.models.query import QuerySet

from competition.models import Round, Standings
from competition.services import rounds
from evaluations.models import Sheet
from evaluations.services import closing
from evaluations.services.sheets import return_sheet
from ledger.models import Record
from tests.factories.competition import NOW
from tests.factories.judging import Judged
from tests.together import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def meet(monkeypatch):
    """Both wait inside the closing, after the round was read, until the other is there or is seen not to come."""
    gate, count = threading.Barrier(2), closing.open_seats

    def waiting(round):
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(2)
        return count(round)

    monkeypatch.setattr(closing, "open_seats", waiting)


def both_close(judged):
    first = together(*(lambda person=person: rounds.close_round(judged.round, actor=person, at=NOW) for person in (judged.organiser, None)))
    return sorted(first)


def test_exactly_one_closing_wins(monkeypatch):
    judged = Judged()
    meet(monkeypatch)
    assert both_close(judged) == ["competition.action_not_now", "done"]
    assert (Standings.objects.count(), Record.objects.filter(action="round.close").count()) == (1, 1)
    assert set(Sheet.objects.values_list("state", flat=True)) == {"locked"}


def test_without_the_lock_both_try(monkeypatch):
    """The control: the race is real. Without locks the second gets into the closing too, and only a constraint or a table
    further down stops it."""
    judged = Judged()
    meet(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    assert "competition.action_not_now" not in both_close(judged)


def test_a_sheet_returned_while_the_round_closes_is_not_left_open(monkeypatch):
    """Whoever comes second sees what the first has done: no sheet is open in a closed round."""
    judged = Judged()
    sheet = Sheet.objects.select_related("assignment__entry__round").first()
    count = closing.open_seats

    def slow(round):
        found = count(round)
        found.count = lambda: (time.sleep(1), type(found).count(found))[1]
        return found

    monkeypatch.setattr(closing, "open_seats", slow)
    answers = together(
        lambda: rounds.close_round(judged.round, actor=judged.organiser, at=NOW),
        lambda: (time.sleep(0.3), return_sheet(sheet, reason="评语不符。", actor=judged.organiser, at=NOW)),
    )
    assert answers == ["done", "evaluations.judging_not_open"]
    assert Round.objects.get(pk=judged.round.pk).state == "closed"
    assert set(Sheet.objects.values_list("state", flat=True)) == {"locked"}
