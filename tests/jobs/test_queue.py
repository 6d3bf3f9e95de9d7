from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jobs import registry
from jobs.models import Job
from jobs.services import enqueue, run, run_queued

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_enqueue_writes_a_queued_row(test_kinds):
    job = enqueue("test.away", "user:7", params={"slip": 3}, requested_by="user:2", at=AT)
    job.refresh_from_db()
    assert (job.kind, job.subject, job.params, job.queue, job.state) == ("test.away", "user:7", {"slip": 3}, "mail", "queued")
    assert (job.attempts, job.max_attempts, job.run_after, job.requested_by, job.created_at) == (0, 3, AT, "user:2", AT)


def test_ten_wishes_for_one_subject_are_one_job(test_kinds):
    ids = {enqueue("test.note", "round:3").pk for _ in range(10)}
    other = enqueue("test.note", "round:4")
    assert len(ids) == 1
    assert [job.pk for job in run_queued()] == [*ids, other.pk]
    assert test_kinds.seen == [("round:3", {}, 1), ("round:4", {}, 1)]


def test_the_waiting_job_carries_the_newest_wish_and_is_due_again(test_kinds):
    first = enqueue("test.note", "round:3", params={"v": 1}, at=AT)
    Job.objects.filter(pk=first.pk).update(attempts=2, run_after=AT + timedelta(hours=1))
    second = enqueue("test.note", "round:3", params={"v": 2}, at=AT + timedelta(seconds=4))
    assert second.pk == first.pk
    second.refresh_from_db()
    assert (second.params, second.attempts, second.run_after) == ({"v": 2}, 0, AT + timedelta(seconds=4))


def test_a_running_job_does_not_swallow_a_new_wish(test_kinds):
    def while_running(ctx):
        test_kinds.seen.append(ctx.params["v"])
        if ctx.params["v"] == 1:
            enqueue("test.self", "round:3", params={"v": 2})

    registry.register("test.self", while_running, label="self")
    enqueue("test.self", "round:3", params={"v": 1})
    assert [job.state for job in run_queued()] == ["done", "done"]
    assert test_kinds.seen == [1, 2]


def test_a_done_job_does_not_swallow_a_new_wish(test_kinds):
    first = enqueue("test.note", "round:3")
    assert run(first.pk) == "done"
    assert enqueue("test.note", "round:3").pk != first.pk


def test_the_database_refuses_a_second_queued_row():
    facts = {"kind": "test.note", "subject": "round:3", "queue": "default", "max_attempts": 1, "run_after": AT, "created_at": AT}
    Job.objects.create(**facts)
    Job.objects.create(**facts, state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**facts)
    assert Job.objects.count() == 2


def test_enqueue_asks_two_queries_and_no_savepoint(django_assert_num_queries, test_kinds):
    with transaction.atomic(), django_assert_num_queries(2):
        enqueue.__wrapped__("test.note", "round:3")


def test_an_unknown_kind_is_refused_at_the_door():
    with pytest.raises(registry.UnknownKind):
        enqueue("test.nobody", "round:3")
    assert Job.objects.count() == 0


def test_a_rolled_back_wish_leaves_nothing(test_kinds):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.note", "round:3")
        1 / 0  # noqa: B018
    assert Job.objects.count() == 0
