"""Notifications and their letters: once each, in the reader's language, as often as the reader wishes."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import notifications as kinds
from accounts.models import Notification
from accounts.notifications import Told
from accounts.services import notifications
from accounts.services.notifications import notify, notify_all, post_digests
from accounts.tasks import digest
from jobs.models import Job
from jobs.services import run_queued
from tests.cast import sign_in
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
EIGHT = datetime.fromisoformat("2026-03-02T08:00:00+08:00")


@pytest.fixture(autouse=True)
def bells(monkeypatch):
    """Two kinds: one for whoever wants letters, one always mailed; a subject that ends in 0 is no longer due."""
    monkeypatch.setattr(kinds, "_kinds", {})

    def tell(rows):
        return {row.pk: Told(f"about {row.subject}", "/account/profile/") for row in rows if not row.subject.endswith("0")}

    kinds.register("bell.ring", "It rang", tell)
    kinds.register("bell.anchor", "Anchor", tell, always_mailed=True)


def of(rhythm, **fields):
    user = make_user(**fields)
    user.mail_rhythm = rhythm
    user.save()
    return user


def deliver():
    run_queued()
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def test_who_is_mailed_and_who_only_reads(settings):
    now, daily, never = of("at_once"), of("daily"), of("never")
    people = [now.pk, daily.pk, never.pk]
    assert notify("bell.ring", "bell:7", people, at=EIGHT) == 3
    assert notify("bell.ring", "bell:7", people, at=EIGHT) == 0  # once for each person, kind, subject and step
    assert notify("bell.ring", "bell:7", [now.pk], at=EIGHT - timedelta(days=40), step="again") == 1


def recent():
    """Letters are only written about what is new."""
    from django.utils import timezone

    return timezone.now()


def test_letters_go_once_however_often_a_job_runs():
    at = recent()
    now, never = of("at_once"), of("never")
    notify("bell.ring", "bell:7", [now.pk, never.pk], at=at)
    notify("bell.anchor", "bell:8", [never.pk], at=at)
    sent = deliver()
    assert sorted(to for to, _subject in sent) == sorted([now.email, never.email])
    for kind in ("bell.ring", "bell.anchor"):  # as after a worker that was killed before it could say that it was done
        notifications.post(kind, at=at)
    for row in Notification.objects.all():
        notifications.mail.send("notification", row.pk)
    assert deliver() == sent


def test_a_refusal_of_the_mail_server_is_tried_again_and_the_letter_goes_once(settings, monkeypatch):
    now = of("at_once")
    notify("bell.ring", "bell:7", [now.pk], at=recent())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    with pytest.raises(OSError):
        run_queued()
    assert Notification.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.filter(state="queued").update(run_after=recent())
    assert len(deliver()) == 1
    assert Notification.objects.get().mailed_at is not None


def test_what_is_no_longer_due_is_not_mailed_nor_shown():
    now = of("at_once")
    notify("bell.ring", "bell:10", [now.pk], at=recent())
    assert deliver() == []
    assert sign_in(now).get(reverse("notification_list")).context["rows"] == []


def test_one_letter_a_day_for_whoever_wants_that():
    reader, other = of("daily", language="en"), of("at_once")
    for number in (1, 2):
        notify("bell.ring", f"bell:{number}", [reader.pk, other.pk], at=EIGHT - timedelta(hours=number))
    notify("bell.ring", "bell:3", [reader.pk], at=EIGHT + timedelta(minutes=1))
    Job.objects.all().delete()  # the letters that go at once are another test
    assert post_digests(at=EIGHT - timedelta(minutes=1)) == 0
    assert post_digests(at=EIGHT + timedelta(minutes=5)) == 1
    assert post_digests(at=EIGHT + timedelta(minutes=20)) == 1  # before the letter went: the same job
    ((to, subject),) = deliver()
    assert (to, subject) == (reader.email, "Saima: what happened since the last letter")
    body = mail.outbox[0].body
    assert ("about bell:1" in body, "about bell:2" in body, "about bell:3" in body) == (True, True, False)
    assert post_digests(at=EIGHT + timedelta(hours=3)) == 0
    assert post_digests(at=EIGHT + timedelta(days=1)) == 1
    digest()
    assert len(deliver()) == 2


@pytest.mark.parametrize(("language", "words"), [("en", "See it here:"), ("zh-hans", "请在此查看：")])
def test_the_letter_is_in_the_readers_language(language, words):
    reader = of("at_once", language=language)
    notify("bell.ring", "bell:7", [reader.pk], at=recent())
    deliver()
    assert words in mail.outbox[0].body
    assert reverse("notification_open", args=[Notification.objects.get().pk]) in mail.outbox[0].body


def test_the_bell_counts_what_is_unread_and_leads_on():
    reader, other = of("never"), of("never")
    for number in (1, 2, 3):
        notify("bell.ring", f"bell:{number}", [reader.pk], at=EIGHT)
    client = sign_in(reader)
    page = client.get(reverse("notification_list"))
    assert (len(page.context["rows"]), page.context["unread"]) == (3, 3)
    first = page.context["rows"][0]["row"]
    assert sign_in(other).get(reverse("notification_open", args=[first.pk])).status_code == 404
    assert client.get(reverse("notification_open", args=[first.pk])).url == "/account/profile/"
    assert client.get(reverse("notification_list")).context["unread"] == 2
    assert client.post(reverse("notifications_read")).url == reverse("notification_list")
    assert client.get(reverse("notification_list")).context["unread"] == 0


def test_the_same_queries_for_many(django_assert_num_queries):
    people = [of("at_once").pk for _number in range(4)]
    notify_all("bell.ring", {"bell:90": [people[0]]}, at=EIGHT)
    with CaptureQueriesContext(connection) as few:
        notify_all("bell.ring", {"bell:1": people[:1]}, at=EIGHT)
    with CaptureQueriesContext(connection) as many:
        notify_all("bell.ring", {f"bell:{number}": people for number in range(101, 109)}, at=EIGHT)
    assert len(few) == len(many)
