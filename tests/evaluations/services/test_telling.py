"""Evaluators are reminded of open sheets, organisers hear of the last one."""

from datetime import timedelta

import pytest

from accounts.models import Notification
from competition.models import Round
from evaluations.models import Assignment, Undertaking
from evaluations.services.sheets import return_sheet, submit_sheet
from evaluations.services.telling import remind_evaluators
from tests.factories.competition import NOW
from tests.factories.judging import Judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged():
    """Three entries with two sheets each, all submitted; due five days from NOW."""
    judged = Judged({"X": [(80, 90), (75, 85)], "Y": [(84, 84), (80, 78)], "Z": [(70, 95), (72, 91)]})
    Round.objects.filter(pk=judged.round.pk).update(judging_opens=NOW - timedelta(days=9), judging_closes=NOW + timedelta(days=5))
    Assignment.objects.update(created_at=NOW - timedelta(days=8))
    return judged


def test_reminded_once_three_days_and_one_day_before_while_a_sheet_is_open(judged):
    sheet = judged.entries["Y"].assignments.first().sheet
    owner = sheet.assignment.evaluator.user
    return_sheet(sheet, reason="请核对。", actor=judged.organiser, at=NOW)
    assert Notification.objects.get(kind="sheet.return").user == owner
    sent = []
    for hours in range(0, 132, 4):
        sent.append(remind_evaluators(at=NOW + timedelta(hours=hours)))
        assert remind_evaluators(at=NOW + timedelta(hours=hours)) == 0
    assert [4 * index for index, number in enumerate(sent) if number] == [48, 96]
    assert set(Notification.objects.filter(kind="sheet.remind").values_list("user_id", flat=True)) == {owner.pk}


def test_organisers_hear_of_the_last_sheet(judged):
    seats = list(Assignment.objects.order_by("pk")[:2])
    for seat in seats:
        return_sheet(seat.sheet, reason="请核对。", actor=judged.organiser, at=NOW)
    for number, seat in enumerate(seats):
        Undertaking.objects.get_or_create(
            round=judged.round, evaluator=seat.evaluator, defaults={"text_digest": "0" * 64, "signed_at": NOW}
        )
        submit_sheet(seat.sheet, actor=seat.evaluator.user, at=NOW + timedelta(hours=1))
        assert Notification.objects.filter(kind="round.complete").count() == number
    assert Notification.objects.get(kind="round.complete").user == judged.organiser
    assert remind_evaluators(at=NOW + timedelta(days=4)) == 0
