import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from jobs import registry
from jobs.models import Job
from jobs.services import enqueue, run, run_queued
from ledger.domain.request_id import request_id

pytestmark = pytest.mark.django_db


def test_a_job_done_twice_is_done_once(test_kinds):
    job = enqueue("test.note", "round:3", params={"v": 5})
    assert [run(job.pk), run(job.pk)] == ["done", ""]
    assert test_kinds.seen == [("round:3", {"v": 5}, 1)]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.claim, job.error_code, job.percent) == ("done", 1, None, "", 100)
    assert job.started_at <= job.finished_at


def test_what_a_job_queues_is_run_in_turn(test_kinds):
    enqueue("test.chain", "round:3")
    assert [(job.kind, job.state) for job in run_queued()] == [("test.chain", "done"), ("test.note", "done")]
    assert test_kinds.seen == [("round:3", 1), ("round:3", {"from": "test.chain"}, 1)]


def test_only_named_kinds(test_kinds):
    enqueue("test.note", "round:3")
    enqueue("test.count", "round:3")
    assert [job.kind for job in run_queued(["test.count"])] == ["test.count"]
    assert Job.objects.get(kind="test.note").state == "queued"


def test_a_fault_is_tried_again_after_growing_rests_then_fails(test_kinds, caplog):
    job = enqueue("test.faulty", "round:3")
    rests = []
    for _ in range(2):
        assert run(job.pk) == "queued"
        assert run(job.pk) == ""  # not due yet
        job.refresh_from_db()
        rests.append(round((job.run_after - timezone.now()).total_seconds()))
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert run(job.pk) == "failed"
    assert rests == [5, 20]
    assert test_kinds.seen == [("round:3", 1), ("round:3", 2), ("round:3", 3)]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error_code, job.error_type) == ("failed", 3, "job.fault", "builtins.ZeroDivisionError")
    assert job.finished_at is not None
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 3


def test_an_expected_fault_is_one_line_not_a_traceback(test_kinds, caplog):
    job = enqueue("test.away", "user:7")
    assert run(job.pk) == "queued"
    job.refresh_from_db()
    assert (job.error_code, job.error_type) == ("job.expected_fault", "builtins.ConnectionRefusedError")
    assert [(record.levelno, record.exc_info) for record in caplog.records] == [(logging.WARNING, None)]


def test_a_refusal_fails_at_once_with_its_code(test_kinds):
    job = enqueue("test.refusing", "round:3")
    assert run(job.pk) == "failed"
    job.refresh_from_db()
    assert (job.attempts, job.error_code, job.error_type) == (1, "job.not_retryable", "Refused")


def test_run_queued_passes_the_fault_on_unless_told_otherwise(test_kinds):
    job = enqueue("test.faulty", "round:3")
    with pytest.raises(ZeroDivisionError):
        run_queued()
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("queued", "job.fault")
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert [tried.state for tried in run_queued(raising=False)] == ["queued"]


def test_a_handler_that_breaks_its_transaction_leaves_ours_usable(test_kinds):
    def broken(ctx):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    registry.register("test.broken", broken, label="broken", attempts=1)
    job = enqueue("test.broken", "round:3")
    with pytest.raises(DatabaseError):
        run(job.pk, raising=True)
    job.refresh_from_db()
    assert job.state == "failed"


def test_nobody_handles_it(test_kinds, monkeypatch):
    job = enqueue("test.note", "round:3")
    monkeypatch.setattr(registry, "_kinds", {})
    assert run(job.pk) == "failed"
    job.refresh_from_db()
    assert job.error_code == "job.unknown_kind"


def test_what_a_job_records_bears_its_number(test_kinds):
    ids = []
    registry.register("test.ids", lambda ctx: ids.append(request_id.get()), label="ids")
    job = enqueue("test.ids", "round:3")
    run(job.pk)
    assert ids == [f"job-{job.pk}-1"]
    assert request_id.get() == ""


def test_not_before_its_time(test_kinds):
    later = timezone.now() + timedelta(minutes=3)
    job = enqueue("test.note", "round:3", run_after=later)
    assert run_queued() == []
    assert run(job.pk) == ""
    assert test_kinds.seen == []
