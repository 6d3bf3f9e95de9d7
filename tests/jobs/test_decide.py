from datetime import UTC, datetime, timedelta

import pytest

from jobs.models import Job
from jobs.services import cancel, enqueue, retry, run, run_queued
from ledger.domain.reason import Reason, Refused
from ledger.models import Record

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def recorded():
    return list(Record.objects.order_by("id").values_list("actor", "action", "subject", "before", "after", "at"))


def test_a_queued_job_is_cancelled_at_once_and_never_runs(test_kinds):
    job = enqueue("test.note", "round:3")
    cancel(job, actor="user:8", at=AT)
    assert (job.state, job.finished_at, job.error_code) == ("cancelled", AT, "job.cancelled")
    assert run_queued() == []
    assert test_kinds.seen == []
    after = {"state": "cancelled", "kind": "test.note", "subject": "round:3"}
    assert recorded() == [("user:8", "job.cancel", f"job:{job.pk}", {"state": "queued"}, after, AT)]


def test_a_running_job_ends_at_its_next_progress(test_kinds):
    from jobs import registry

    def cancelled_at_three(ctx):
        for done in range(1, 8):
            test_kinds.seen.append(done)
            if done == 3:
                cancel(Job.objects.get(pk=ctx.job_id), actor="user:8", at=AT)
                assert Job.objects.get(pk=ctx.job_id).state == "running"
            ctx.progress(done, 7)

    registry.register("test.cancelled_at_three", cancelled_at_three, label="")
    job = enqueue("test.cancelled_at_three", "round:3")
    assert run(job.pk) == "cancelled"
    assert test_kinds.seen == [1, 2, 3]
    job.refresh_from_db()
    assert (job.state, job.error_code, job.progress_done, job.progress_total, job.percent) == ("cancelled", "job.cancelled", 3, 7, 42)


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_what_is_over_cannot_be_cancelled(test_kinds, state):
    job = enqueue("test.note", "round:3")
    Job.objects.update(state=state)
    with pytest.raises(Refused) as refused:
        cancel(job, actor="user:8", at=AT)
    assert refused.value.reasons == (Reason("job.not_cancellable"),)
    assert Job.objects.get().state == state
    assert recorded() == []


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_retry_gives_all_attempts_back(test_kinds, state):
    job = enqueue("test.note", "round:3", params={"v": 4})
    Job.objects.update(state=state, attempts=3, error_code="job.fault", finished_at=AT, cancel_requested_at=AT)
    job.refresh_from_db()
    retry(job, actor="user:8", at=AT + timedelta(seconds=7))
    assert (job.state, job.attempts, job.run_after, job.cancel_requested_at) == ("queued", 0, AT + timedelta(seconds=7), None)
    after = {"state": "queued", "kind": "test.note", "subject": "round:3"}
    assert recorded() == [("user:8", "job.retry", f"job:{job.pk}", {"state": state}, after, AT + timedelta(seconds=7))]
    assert [tried.state for tried in run_queued()] == ["done"]
    assert test_kinds.seen == [("round:3", {"v": 4}, 1)]


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_only_what_failed_or_was_cancelled_is_retried(test_kinds, state):
    job = enqueue("test.note", "round:3")
    if state != "queued":
        Job.objects.update(state=state, claim="7c2f0c5e-6f0e-4f43-9b3a-0d6b8b1f2a11", heartbeat_at=AT)
    with pytest.raises(Refused) as refused:
        retry(job, actor="user:8", at=AT)
    assert refused.value.reasons == (Reason("job.not_retryable"),)
    assert (Job.objects.get().state, recorded()) == (state, [])


def test_retry_beside_a_newer_queued_one_says_so(test_kinds):
    failed = enqueue("test.note", "round:3")
    Job.objects.update(state="failed")
    newer = enqueue("test.note", "round:3")
    with pytest.raises(Refused) as refused:
        retry(failed, actor="user:8", at=AT)
    assert refused.value.reasons == (Reason("job.already_queued"),)
    assert sorted(Job.objects.values_list("pk", "state")) == [(failed.pk, "failed"), (newer.pk, "queued")]
