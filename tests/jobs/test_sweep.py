import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import registry, selectors
from jobs.models import Job, Pulse
from jobs.services import enqueue, hint, prune, pulse, run, sweep
from jobs.services.sweep import Swept

pytestmark = pytest.mark.django_db


@pytest.fixture
def hints(monkeypatch):
    """What went to the broker; the broker itself is met in test_hint and test_worker."""
    sent = []
    monkeypatch.setattr(hint.current_app, "send_task", lambda name, args, queue, **options: sent.append((name, args[0], queue)))
    monkeypatch.setattr(hint, "_silent_until", 0.0)
    return sent


def started(kind, subject, *, seconds_ago, **facts):
    """A job whose worker showed itself for the last time so long ago."""
    job = enqueue(kind, subject)
    heartbeat = timezone.now() - timedelta(seconds=seconds_ago)
    Job.objects.filter(pk=job.pk).update(
        state="running", claim=uuid.uuid4(), worker="w1", heartbeat_at=heartbeat, **{"attempts": 1} | facts
    )
    return job


def test_what_died_is_queued_again_what_lives_is_left(test_kinds, hints, caplog):
    at = timezone.now()
    dead = started("test.note", "round:3", seconds_ago=61)
    alive = started("test.note", "round:4", seconds_ago=58)
    assert sweep(at=at).revived == 1
    assert dict(Job.objects.values_list("pk", "state")) == {dead.pk: "queued", alive.pk: "running"}
    dead.refresh_from_db()
    assert (dead.run_after, dead.error_code, dead.attempts, dead.claim) == (at, "job.worker_lost", 1, None)
    assert run(dead.pk) == "done"
    assert test_kinds.seen == [("round:3", {}, 2)]


def test_one_that_died_too_often_fails(hints):
    job = started("test.note", "round:3", seconds_ago=90, attempts=3)
    assert sweep(at=timezone.now()).revived == 1
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "job.worker_lost")


def test_one_that_died_while_being_cancelled_is_cancelled(hints):
    job = started("test.note", "round:3", seconds_ago=90, cancel_requested_at=timezone.now())
    sweep(at=timezone.now())
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_one_that_died_while_a_newer_one_waits_leaves_it_the_work(test_kinds, hints):
    old = started("test.note", "round:3", seconds_ago=90)
    new = enqueue("test.note", "round:3")
    assert sweep(at=timezone.now()).revived == 1
    old.refresh_from_db()
    assert (old.state, old.error_code) == ("cancelled", "job.superseded")
    assert run(new.pk) == "done"


def test_a_worker_given_up_for_dead_writes_nothing_more(test_kinds, hints):
    def taken(ctx):
        test_kinds.seen.append(ctx.attempt)
        if ctx.attempt == 1:
            Job.objects.filter(pk=ctx.job_id).update(heartbeat_at=timezone.now() - timedelta(seconds=90))
            sweep(at=timezone.now())
            assert run(ctx.job_id) == "done"
        else:
            ctx.progress(5, 9)

    registry.register("test.taken", taken, label="")
    job = enqueue("test.taken", "round:3")
    assert run(job.pk) == ""
    assert test_kinds.seen == [1, 2]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress_done, job.progress_total) == ("done", 2, 5, 9)


def test_what_was_never_delivered_is_announced_again(test_kinds, hints):
    now = timezone.now()
    lost = enqueue("test.away", "user:7", at=now - timedelta(seconds=6))
    enqueue("test.note", "round:3", at=now - timedelta(seconds=2))  # its own message is on the way
    enqueue("test.note", "round:4", run_after=now + timedelta(seconds=30))
    assert sweep(at=now) == Swept(revived=0, hinted=1)
    assert hints == [("jobs.run_job", lost.pk, "mail")]


def test_a_sweep_leaves_its_moment(hints):
    at = timezone.now()
    assert selectors.sweeper_age(at=at) is None
    sweep(at=at - timedelta(seconds=14))
    assert selectors.sweeper_age(at=at) == timedelta(seconds=14)


def test_prune_forgets_what_ended_well_long_ago(hints):
    at = timezone.now()
    for number, (state, days) in enumerate([("done", 31), ("done", 29), ("cancelled", 31), ("failed", 31)]):
        enqueue("test.note", f"round:{number}")
        Job.objects.filter(subject=f"round:{number}").update(state=state, finished_at=at - timedelta(days=days))
    enqueue("test.note", "round:9")
    pulse("worker:old", at=at - timedelta(days=31))
    assert prune(at=at) == 2
    assert sorted(Job.objects.values_list("subject", flat=True)) == ["round:1", "round:3", "round:9"]
    assert Pulse.objects.count() == 0


def test_selectors_count_and_age(hints):
    at = timezone.now()
    started("test.note", "round:1", seconds_ago=3)
    enqueue("test.away", "user:1", at=at - timedelta(seconds=40))
    enqueue("test.away", "user:2", at=at - timedelta(seconds=7))
    enqueue("test.away", "user:3", run_after=at + timedelta(seconds=9))
    assert selectors.counts() == {"queued": 3, "running": 1, "done": 0, "failed": 0, "cancelled": 0}
    assert selectors.counts_by_queue() == {
        "default": {"queued": 0, "running": 1, "failed": 0},
        "mail": {"queued": 3, "running": 0, "failed": 0},
    }
    assert selectors.oldest_queued_age(at=at) == timedelta(seconds=40)
    pulse("worker:a", at=at - timedelta(seconds=9))
    pulse("worker:b", at=at - timedelta(seconds=2))
    assert list(selectors.worker_pulses()) == ["b", "a"]
    assert [job.subject for job in selectors.jobs(states=["queued"], kind="test.away", queue="mail")] == ["user:3", "user:2", "user:1"]
    assert selectors.latest("test.away", "user:2").subject == "user:2"
    assert selectors.latest("test.away", "user:4") is None
