"""Sign of life, progress and cancellation of a job whose handler sits in one long transaction."""

import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import registry
from jobs.models import Job
from jobs.services import enqueue, run, sweep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(30)]


@pytest.fixture(autouse=True)
def quick(settings):
    settings.JOBS_TICK_SECONDS, settings.JOBS_HEARTBEAT_SECONDS, settings.JOBS_LEASE_SECONDS = 0.05, 0.1, 0.4


def seen_from_outside(pk):
    """What another connection reads, while ours is in its transaction."""
    import threading

    rows = []

    def look():
        rows.append(Job.objects.values("progress_done", "heartbeat_at", "state").get(pk=pk))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return rows[0]


@pytest.mark.postgres
def test_progress_and_heartbeat_leave_a_long_transaction(test_kinds):
    looks = []

    def long_one(ctx):
        with transaction.atomic():
            Job.objects.select_for_update().exclude(pk=ctx.job_id).first()
            for done in (2, 5):
                ctx.progress(done, 9)
                time.sleep(0.3)
                looks.append(seen_from_outside(ctx.job_id))

    registry.register("test.long", long_one, label="")
    job = enqueue("test.long", "round:3")
    assert run(job.pk) == "done"
    assert [look["progress_done"] for look in looks] == [2, 5]
    assert looks[0]["heartbeat_at"] < looks[1]["heartbeat_at"]


def test_a_heartbeat_that_finds_the_database_locked_kills_nothing(test_kinds):
    """On SQLite the handler's own write locks the heartbeat out for longer than a lease; on PostgreSQL it does not."""

    def writes(ctx):
        with transaction.atomic():
            Job.objects.filter(subject="round:9").update(attempts=1)
            ctx.progress(4, 9)
            time.sleep(0.7)
        ctx.progress(8, 9)

    registry.register("test.writes", writes, label="")
    job = enqueue("test.writes", "round:3")
    assert run(job.pk) == "done"
    job.refresh_from_db()
    assert (job.attempts, job.progress_done, job.progress_total) == (1, 8, 9)


def test_a_heartbeat_keeps_a_silent_handler_alive(test_kinds):
    swept = []

    def silent(ctx):
        time.sleep(0.8)
        swept.append(sweep(at=timezone.now()).revived)

    registry.register("test.silent", silent, label="")
    assert run(enqueue("test.silent", "round:3").pk) == "done"
    assert swept == [0]


def test_a_handler_past_its_time_limit_shows_no_more_life(test_kinds, monkeypatch):
    from jobs.services import pacemaker

    monkeypatch.setattr(pacemaker, "OVERTIME_SECONDS", 0.2)
    swept = []

    def hangs(ctx):
        if ctx.attempt == 1:
            time.sleep(1)
            swept.append(sweep(at=timezone.now()).revived)

    registry.register("test.hangs", hangs, label="", time_limit=0)
    job = enqueue("test.hangs", "round:3")
    assert run(job.pk) == ""  # taken away meanwhile
    assert swept == [1]
    assert run(job.pk) == "done"


def test_cancelled_while_it_runs(test_kinds):
    rounds = []

    def long_one(ctx):
        for done in range(100):
            ctx.progress(done, 100)
            rounds.append(done)
            if done == 3:
                Job.objects.filter(pk=ctx.job_id).update(cancel_requested_at=timezone.now())
            time.sleep(0.05)

    registry.register("test.long", long_one, label="")
    job = enqueue("test.long", "round:3")
    assert run(job.pk) == "cancelled"
    assert 4 <= len(rounds) < 50
