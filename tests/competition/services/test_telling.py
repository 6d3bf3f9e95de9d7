"""Who is told of what, and reminders before the intake closes: once for each step, none after submission."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.models import Notification
from competition.models import Application
from competition.services.telling import remind_applicants, tell_anchors
from jobs.services import run_queued
from ledger.services import record, seal
from tests.factories.accounts import give, make_user
from tests.factories.competition import make_application, make_competition, make_organisation, make_round
from tests.factories.decisions import make_staff, release
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("user_id", flat=True))


@pytest.fixture
def draft():
    """A draft of an organisation with two applicants, its intake closing in eight days; `at`: now."""
    at = timezone.now()
    round = make_round(
        make_competition(state="published"), state="open", intake_opens=at - timedelta(days=9), intake_closes=at + timedelta(days=8)
    )
    organisation = make_organisation()
    users = [make_user(), make_user()]
    for user in users:
        give(user, "applicant", f"organisation:{organisation.pk}")
    application = make_application(round, users[0], organisation=organisation)
    Application.objects.filter(pk=application.pk).update(state="draft", created_at=at - timedelta(days=5))
    return application, users, at


def test_applicants_are_reminded_once_at_seven_two_and_one_days(draft):
    _application, users, at = draft
    days = timedelta(days=1)
    sent = []
    for hours in range(0, 200, 4):
        sent.append(remind_applicants(at=at + timedelta(hours=hours)))
        assert remind_applicants(at=at + timedelta(hours=hours)) == 0  # as after a task that was killed and runs again
    assert [(4 * index, number) for index, number in enumerate(sent) if number] == [(24, 2), (144, 2), (168, 2)]
    assert told("application.remind") == {user.pk for user in users}
    assert {row.step.partition(":")[0] for row in Notification.objects.all()} == {"7", "2", "1"}
    assert remind_applicants(at=at + 8 * days) == 0


def test_none_after_submission_not_even_a_letter_that_waits(draft):
    application, _users, at = draft
    assert remind_applicants(at=at + timedelta(days=1)) == 2
    Application.objects.filter(pk=application.pk).update(state="submitted")
    assert remind_applicants(at=at + timedelta(days=6)) == 0
    run_queued()
    assert mail.outbox == []


def test_what_was_begun_within_the_step_waits_for_the_next(draft):
    application, _users, at = draft
    Application.objects.filter(pk=application.pk).update(created_at=at + timedelta(days=2))
    assert remind_applicants(at=at + timedelta(days=3)) == 0
    assert remind_applicants(at=at + timedelta(days=6, hours=1)) == 2


def test_a_release_tells_deciders_what_is_missing_and_applicants_that_it_is_out():
    round, entries = make_closed_round(("91.20", "88.45"))
    applicant = make_user()
    give(applicant, "applicant", f"organisation:{entries[1].application.organisation_id}")
    people = make_staff(round)
    release(round, people)
    assert told("proposal.table") == {people["decider"].pk, people["second"].pk}
    assert told("proposal.sign") == {people["decider"].pk, people["second"].pk}
    assert applicant.pk in told("result.release")
    mine = Notification.objects.get(user=applicant)
    assert (mine.subject, mine.params) == (f"application:{entries[1].application_id}", {})


def test_supervisors_get_one_anchor_a_day():
    supervisor = make_user()
    give(supervisor, "supervisor", "*")
    assert tell_anchors(at=timezone.now()) == 0  # nothing is sealed
    for number in (1, 2):
        with transaction.atomic():
            record(actor="system", action="round.open", subject=f"round:{number}")
            newest = seal()
        told_now = tell_anchors(at=newest.at)
        assert told_now == (1 if number == 1 else 0)
    run_queued()
    (letter,) = mail.outbox
    first = Notification.objects.get().params
    assert (letter.to, first["number"]) == ([supervisor.email], 1)
    assert f"1:{first['hash']}" in letter.body
    assert tell_anchors(at=timezone.now() + timedelta(days=1)) == 0  # no seal of that day yet
