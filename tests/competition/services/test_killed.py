"""A worker killed while it issues certificates or sends letters loses none; no award gets a second certificate."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services.invitation import invite
from competition.models import Document, Notice
from competition.services.awards import give_awards
from jobs.models import Job
from jobs.services import sweep
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_competition
from tests.factories.decisions import make_staff, release
from tests.factories.standings import make_closed_round
from tests.jobs.conftest import on_broker  # noqa: F401
from tests.jobs.test_worker import LEASE, until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180), pytest.mark.redis]
FIELD = tuple(f"{90 - number}.25" for number in range(20))


@pytest.fixture
def broker(settings, redis_url, on_broker):  # noqa: F811
    settings.JOBS_LEASE_SECONDS, settings.JOBS_GRACE_SECONDS = LEASE, 0
    on_broker(redis_url)
    return redis_url


def finish(kind, folder, broker):
    """A second worker takes up what the first left, running or queued."""
    with worker(folder, broker):
        end = time.monotonic() + 60
        while set(Job.objects.filter(kind=kind).values_list("state", flat=True)) != {"done"}:
            assert time.monotonic() < end, list(Job.objects.filter(kind=kind).values_list("state", flat=True))
            sweep(at=timezone.now())
            time.sleep(0.2)


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_certificates(broker, tmp_path):
    rule = {"take": {"top": len(FIELD)}, "scope": "overall", "reserve": 0}
    round, _entries = make_closed_round(FIELD, rule=rule)
    people = make_staff(round)
    release(round, people)
    after = NOW + (Notice.objects.get().ends_on - NOW.date()) + timedelta(days=1)
    certificates = Document.objects.filter(kind="certificate")
    with worker(tmp_path, broker) as process:
        awards = give_awards(round, titles=("cluster", "organisation"), actor=people["organiser"], at=after)
        until(lambda: certificates.exists(), what="the first certificate is issued")
        kill(process)
    assert 0 < certificates.count() < len(awards) == 40
    # One job issues them all, so it died running: the sweeper has to notice.
    until(lambda: sweep(at=timezone.now()).revived >= 1, what="the sweeper takes the job from the dead worker")
    finish("certificates.issue", tmp_path, broker)
    assert sorted(certificates.values_list("subject", flat=True)) == sorted(f"award:{award.pk}" for award in awards)


def test_letters(broker, tmp_path):
    competition = make_competition()
    organiser = make_user()
    give(organiser, "organiser", f"competition:{competition.pk}")
    letters = Job.objects.filter(kind="mail.send")
    people = [f"guest{number}@example.org" for number in range(60)]
    for address in people:
        invite(address, role="evaluator", scope=f"competition:{competition.pk}", actor=organiser, at=timezone.now())
    with worker(tmp_path, broker) as process:
        until(lambda: letters.filter(state="done").exists(), what="letters are being sent")
        kill(process)
    assert 0 < letters.filter(state="done").count() < len(people)
    finish("mail.send", tmp_path, broker)
    sent = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    assert [address for address in people if f"To: {address}" not in sent] == []
