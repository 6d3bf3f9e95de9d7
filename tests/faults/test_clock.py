"""The clock is set back or ahead: what waits goes on, what is over stays over, seals hold."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from competition.models import Round
from competition.services.applications import submit_application
from config.celery import app
from config.health import age, readiness
from config.schedule import BEAT_SCHEDULE
from config.scheduler import Scheduler
from jobs.models import Job
from jobs.services import enqueue, hint, pulse, run, sweep
from ledger.domain.reason import Refused
from ledger.models import Record, Seal
from ledger.services import seal, verify
from tests.factories.applying import make_call, make_draft
from tests.jobs.conftest import test_kinds  # noqa: F401  a fixture of jobs, used by name

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_hints(monkeypatch):
    monkeypatch.setattr(hint, "_silent_until", float("inf"))


def claimed(job, at):
    Job.objects.filter(pk=job.pk).update(state="running", claim=uuid.uuid4(), worker="w1", attempts=1, heartbeat_at=at, started_at=at)


# ---------------------------------------------------------------- jobs, after the clock was an hour ahead
def test_jobs_of_the_hour_ahead_do_not_wait_for_it(test_kinds):  # noqa: F811
    now = timezone.now()
    waits = enqueue("test.note", "round:3", at=now + HOUR)
    rests = enqueue("test.note", "round:4", at=now - HOUR)
    Job.objects.filter(pk=rests.pk).update(started_at=now + HOUR, run_after=now + HOUR + timedelta(seconds=80), attempts=2)
    later = enqueue("test.note", "round:5", at=now, run_after=now + HOUR)  # that was the wish
    dead, alive = enqueue("test.note", "round:6", at=now), enqueue("test.note", "round:7", at=now)
    claimed(dead, now + HOUR)
    claimed(alive, now + timedelta(seconds=9))  # two machines are never quite of one mind
    assert run(waits.pk) == run(rests.pk) == ""
    assert sweep(at=now).revived == 1
    assert [run(job.pk) for job in (waits, rests, later, dead, alive)] == ["done", "done", "", "done", ""]


def test_a_worker_taken_for_dead_after_a_jump_ahead_writes_nothing_over_its_successor(test_kinds):  # noqa: F811
    now = timezone.now()
    job = enqueue("test.note", "round:3", at=now)
    claimed(job, now)
    assert sweep(at=now + HOUR).revived == 1
    Job.objects.update(run_after=now)
    assert (run(job.pk), test_kinds.seen) == ("done", [("round:3", {}, 2)])


def test_the_scheduler_goes_on_after_the_clock_was_set_back(tmp_path):
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "beat"), lazy=True)
    scheduler.setup_schedule()
    sent = []
    scheduler.apply_entry = lambda entry, producer=None: sent.append(entry.name)
    scheduler.producer = None
    while scheduler.tick() == 0:
        pass
    sent.clear()
    for entry in scheduler.schedule.values():
        entry.last_run_at += HOUR  # as they stand once the clock is an hour back
    scheduler._heap = [event._replace(time=event.time + 3600) for event in scheduler._heap]
    while scheduler.tick() == 0:
        pass
    assert sorted(sent) == sorted(BEAT_SCHEDULE)
    assert scheduler.tick() <= 15
    scheduler.close()


def test_a_sign_of_life_from_the_future_is_none():
    now = timezone.now()
    assert age(timedelta(seconds=-3600)) == {"ok": False, "age_s": -3600}
    assert age(timedelta(seconds=-5))["ok"]
    pulse("sweeper", at=now + HOUR)
    assert readiness(at=now)["sweeper"] == {"ok": False, "age_s": -3600}
    pulse("sweeper", at=now)
    assert readiness(at=now)["sweeper"]["ok"]


# ---------------------------------------------------------------- deadlines and seals
def test_a_deadline_is_judged_by_the_moment_of_receipt_and_what_came_in_stays_in():
    now = timezone.now()
    call = make_call()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - HOUR, intake_closes=now)
    early, early_user = make_draft(call, at=now - HOUR)
    late, late_user = make_draft(call, at=now - HOUR)
    with pytest.raises(Refused, match=r"competition\.window_closed"):
        submit_application(late, actor=late_user, at=now + timedelta(seconds=1))
    # Set back by a minute: the same moment counts, in the file and in the record, not the order of arrival.
    revision = submit_application(early, actor=early_user, at=now - timedelta(seconds=59))
    assert revision.submitted_at == now - timedelta(seconds=59)
    with pytest.raises(Refused, match=r"competition\.window_closed"):
        submit_application(late, actor=late_user, at=now + timedelta(seconds=2))
    early.refresh_from_db()
    assert early.state == "submitted"
    moments = list(Record.objects.filter(action="application.submit").values_list("at", flat=True))
    assert moments == [now - timedelta(seconds=59)]


def test_seals_made_while_the_clock_ran_backwards_hold():
    now = timezone.now()
    call = make_call()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - 5 * HOUR, intake_closes=now + HOUR)
    for hours in (0, 2, 1):
        application, user = make_draft(call, at=now - hours * HOUR)
        submit_application(application, actor=user, at=now - hours * HOUR)
        assert seal(at=now - hours * HOUR) is not None
    numbers, moments = zip(*Seal.objects.order_by("number").values_list("number", "at"), strict=True)
    assert (numbers, moments) == ((1, 2, 3), (now, now - 2 * HOUR, now - HOUR))
    assert verify().faults == ()
