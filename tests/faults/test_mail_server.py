"""The mail server is away, refuses, or is cut off in the middle: the letter waits and goes out once."""

import contextlib
import socketserver
import threading

import pytest
from django.db.models import F
from django.utils import timezone, translation

from accounts.models import Notification
from accounts.services import mail
from accounts.services.invitation import invite
from jobs.models import Effect, Job
from jobs.services import enqueue, hint, retry, run
from ledger.domain.reason import Reason
from ledger.reasons import say
from tests.architecture.test_commands import free_port
from tests.factories.accounts import make_user

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


class Dialogue(socketserver.StreamRequestHandler):
    """As much SMTP as a letter needs. `server.moods` says how each DATA ends: `taken`, `later` (451) or `cut` before any answer."""

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            word = line[:4].decode().upper()
            if word == "DATA":
                self.say("354 go on")
                letter = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    letter += line
                mood = self.server.moods.pop(0) if self.server.moods else "taken"
                if mood == "cut":
                    return
                if mood == "taken":
                    self.server.letters.append(letter.decode())
                self.say("250 taken" if mood == "taken" else "451 later")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


@contextlib.contextmanager
def post_office(port, *moods):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Dialogue) as server:
        server.moods, server.letters, server.daemon_threads = list(moods), [], True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture
def port(settings, monkeypatch):
    monkeypatch.setattr(hint, "_silent_until", float("inf"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 5
    return settings.EMAIL_PORT


def tried(job):
    """Once more, the rest between two attempts passed; (state, why)."""
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    run(job.pk)
    job.refresh_from_db()
    return job.state, job.error_code


def invited():
    invite("li.ming@example.org", role="supervisor", scope="*", actor=None, at=timezone.now())
    return Job.objects.get(kind="mail.send")


AGAIN = ("queued", "job.expected_fault")


def test_a_letter_waits_for_its_server_and_goes_out_once(port):
    job = invited()
    assert [tried(job) for _ in range(2)] == [AGAIN] * 2  # nobody listens
    assert job.run_after > timezone.now() and Effect.objects.count() == 0
    with post_office(port, "later", "cut", "taken") as server:
        assert [tried(job) for _ in range(3)] == [AGAIN, AGAIN, ("done", "")]
        assert ["To: li.ming@example.org" in letter for letter in server.letters] == [True]
        # Its worker died before it could write that it was done.
        Job.objects.filter(pk=job.pk).update(state="queued", attempts=F("attempts"), finished_at=None)
        assert tried(job) == ("done", "")
        assert len(server.letters) == 1


def test_what_is_asked_for_anew_goes_out_anew(port):
    job = invited()
    with post_office(port) as server:
        assert tried(job) == ("done", "")
        Job.objects.filter(pk=job.pk).update(state="queued", finished_at=None)  # died after sending, and then somebody asks again
        assert enqueue("mail.send", job.subject).pk == job.pk
        assert tried(job) == ("done", "")
        first, second = server.letters
        assert [line for line in first.splitlines() if line.startswith("Message-ID")] == [
            line for line in second.splitlines() if line.startswith("Message-ID")
        ]


def test_a_server_that_stays_away_ends_in_words_and_can_be_tried_again(port):
    job = invited()
    assert job.max_attempts == 100  # a day, at a quarter of an hour each
    Job.objects.filter(pk=job.pk).update(attempts=98)
    assert [tried(job)[0] for _ in range(2)] == ["queued", "failed"]
    assert "could not be reached" in say_in_english(job)
    retry(job, actor="user:1", at=timezone.now())
    with post_office(port) as server:
        assert tried(job) == ("done", "")
        assert len(server.letters) == 1


def test_a_notification_is_free_again_where_the_server_refused(port):
    user = make_user()
    row = Notification.objects.create(
        kind="seal.anchor", subject="day:2026-03-02", user=user, params={"number": 7, "hash": "ab" * 32}, created_at=timezone.now()
    )
    job = mail.send("notification", row.pk)
    with post_office(port, "later", "taken") as server:
        assert tried(job) == AGAIN
        assert Notification.objects.get().mailed_at is None
        assert tried(job) == ("done", "")
        assert (len(server.letters), Notification.objects.get().mailed_at is not None) == (1, True)


def say_in_english(job):
    with translation.override("en"):
        return str(say(Reason(job.error_code)))
