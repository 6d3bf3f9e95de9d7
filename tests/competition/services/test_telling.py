"""Who is told of what, and reminders before the intake or a correction's time ends: once for each step, none after submission."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Notification
from accounts.notifications import tell
from accounts.permissions import can
from competition.models import Application, Region, Registration, Round
from competition.services.applications import extend_correction, return_application, submit_application
from competition.services.registrations import confirm_registration, refuse_registration, resubmit_registration
from competition.services.telling import remind_applicants, remind_corrections, tell_anchors
from competition.tasks import remind
from jobs.services import run_queued
from ledger.services import record, seal
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_call, make_submitted
from tests.factories.competition import NOW, make_application, make_competition, make_organisation, make_round
from tests.factories.decisions import make_staff, release
from tests.factories.registering import make_registration, registration_values
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


@pytest.fixture
def held():
    """Who holds what, by name; the registrations' cluster lies in 330200; its parent is 330000."""
    places = {
        "parent": ("recommender", "region:330000"),
        "there": ("recommender", "region:330200"),
        "elsewhere": ("recommender", "region:320000"),
        "everywhere": ("recommender", "*"),
        "organiser": ("organiser", "competition:7"),
        "supervisor": ("supervisor", "*"),
    }
    users = {name: make_user(name, language="en") for name in places}
    for name, (role, scope) in places.items():
        give(users[name], role, scope)
    return users


@pytest.mark.parametrize("recommends", [False, True])
def test_whoever_may_confirm_a_registration_is_told_and_nobody_else(held, recommends):
    Region.objects.filter(code="330200").update(recommends=recommends)
    registration = make_registration(held["organiser"], region="330200", at=timezone.now())
    registration = Registration.objects.get(pk=registration.pk)
    may = {user.pk for user in held.values() if can(user, "registration.confirm", registration).allowed}
    names = {"there", "everywhere"} | (set() if recommends else {"parent"})
    assert told("registration.send") == may == {held[name].pk for name in names}


def test_a_registration_waits_in_mail_and_list_until_somebody_answers(held):
    at = timezone.now()
    held["there"].mail_rhythm = "daily"
    held["there"].save()
    registration = make_registration(region="330200", at=at)
    run_queued()
    assert {letter.to[0] for letter in mail.outbox} == {held[name].email for name in ("everywhere", "organiser")}
    title = f"Saima: A registration waits for your answer – {registration.organisation.name_en} · {registration.cluster.name_en}"
    assert {letter.subject for letter in mail.outbox} == {title}
    for name in ("everywhere", "organiser"):
        page = sign_in(held[name]).get(reverse("notification_list")).content.decode()
        assert registration.organisation.name_en in page
    confirm_registration(registration, actor=held["everywhere"], at=at)
    page = sign_in(held["organiser"]).get(reverse("notification_list"))
    assert registration.organisation.name_en not in page.content.decode() and page.context["unread"] == 0
    assert not Notification.objects.filter(kind="registration.send", read_at=None).exists()


def test_who_registered_hears_the_outcome_each_time_while_it_holds(held):
    at = timezone.now()
    sender = make_user("Wang Fang", language="en")

    def news():
        rows = Notification.objects.filter(user=sender).order_by("pk")
        with translation.override("en"):
            found = tell(rows)
        return [(*found[row.pk][:1], found[row.pk][1].note) for row in rows if row.pk in found]

    refused = refuse_registration(make_registration(sender, at=at), reason="代码\n不符。", actor=held["organiser"], at=at)
    again = "You may correct it and send it again; your drafts are kept."
    assert news() == [("Your registration was refused", f"Reason: 代码\n不符。\n{again}")]
    later = at + timedelta(hours=1)
    waiting = resubmit_registration(refused, values=registration_values(cluster_zh="新名"), actor=sender, at=later)
    assert news() == [] and not Notification.objects.filter(user=sender, read_at=None).exists()
    assert Notification.objects.filter(kind="registration.send", user=held["organiser"]).count() == 2
    confirm_registration(waiting, actor=held["organiser"], at=later)
    assert news() == [("Your organisation is confirmed", "You may submit its applications now and invite colleagues.")]


@pytest.fixture
def correction():
    """Submitted at NOW and returned, due in nine days: (application, applicant, organiser)."""
    call = make_call()
    application, user, _revision = make_submitted(call)
    due = NOW + timedelta(days=9)
    return return_application(application, reason="请补充。", due_at=due, actor=call.organiser, at=NOW), user, call.organiser


def reminded(since, hours):
    """Hours after `since` at which somebody was reminded, and how many."""
    found = {}
    for hour in hours:
        found[hour] = remind_corrections(at=since + timedelta(hours=hour))
        assert remind_corrections(at=since + timedelta(hours=hour)) == 0
    return {hour: number for hour, number in found.items() if number}


def test_a_correction_is_reminded_of_once_at_seven_two_and_one_days(correction):
    _application, user, _organiser = correction
    assert reminded(NOW, range(0, 240, 4)) == {48: 1, 168: 1, 192: 1}
    rows = Notification.objects.filter(kind="application.remind_correction")
    due = (NOW + timedelta(days=9)).isoformat()
    assert {(row.user_id, datetime.fromisoformat(row.params["due"])) for row in rows} == {(user.pk, datetime.fromisoformat(due))}


def test_more_time_is_told_and_reminded_of_anew(correction):
    application, user, organiser = correction
    assert reminded(NOW, (48, 168)) == {48: 1, 168: 1}
    at, due = NOW + timedelta(hours=170), NOW + timedelta(days=11)
    extend_correction(application, reason="应申请延期。", due_at=due, actor=organiser, at=at)
    assert told("application.extend") == {user.pk}
    rows = list(Notification.objects.filter(kind="application.remind_correction"))
    assert tell(rows) == {} and {row.read_at for row in rows} == {at}  # of the deadline before
    # Within the seven days it was told itself.
    assert reminded(NOW, range(172, 280, 4)) == {216: 1, 240: 1}


def test_no_reminder_once_the_correction_is_in(correction):
    application, user, _organiser = correction
    assert reminded(NOW, (48,)) == {48: 1}
    at = NOW + timedelta(hours=50)
    submit_application(application, actor=user, at=at)
    row = Notification.objects.get(kind="application.remind_correction")
    assert (row.read_at, tell([row])) == (at, {})
    assert reminded(NOW, range(52, 240, 4)) == {}


def test_each_correction_is_reminded_of_by_its_own_deadline():
    call = make_call()
    people = []
    for days in (5, 9):
        application, user, _revision = make_submitted(call)
        return_application(application, reason="请补充。", due_at=NOW + timedelta(days=days), actor=call.organiser, at=NOW)
        people.append(user)
    # The one of nine days comes to its seventh day after 48 hours, the one of five to its second after 72.
    assert reminded(NOW, (47, 73, 170)) == {73: 2, 170: 1}
    assert [Notification.objects.filter(user=user, kind="application.remind_correction").count() for user in people] == [1, 2]


def test_the_task_of_the_clock_reminds_of_drafts_and_of_corrections(draft, correction):
    application, users, at = draft
    Application.objects.filter(pk=application.pk).update(created_at=NOW)
    Application.objects.filter(pk=correction[0].pk).update(correction_due=at + timedelta(hours=36))
    Round.objects.filter(pk=application.round_id).update(intake_closes=at + timedelta(days=4))
    remind()
    assert told("application.remind") == {user.pk for user in users} and told("application.remind_correction") == {correction[1].pk}
