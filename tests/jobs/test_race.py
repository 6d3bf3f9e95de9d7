"""Two at once, on PostgreSQL, where both really are at once."""

import threading
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs.models import Job
from jobs.services import enqueue, run
from jobs.services.run import claim

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(30)]


def at_once(*acts):
    """Each in a thread of its own, all let go together; their answers in order."""
    answers, gate = [None] * len(acts), threading.Barrier(len(acts))

    def do(number, act):
        try:
            gate.wait(5)
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


@contextmanager
def elsewhere():
    """A transaction of another connection, open until its block ends: gives a function that runs acts in it."""
    import queue

    todo, done = queue.Queue(), queue.Queue()

    def keep():
        try:
            with transaction.atomic():
                while (act := todo.get(timeout=10)) is not None:
                    done.put(act())
        finally:
            connection.close()

    def do(act):
        todo.put(act)
        return done.get(timeout=10)

    thread = threading.Thread(target=keep)
    thread.start()
    yield do
    todo.put(None)
    thread.join(10)


def test_of_eight_workers_one_gets_the_job(test_kinds):
    job = enqueue("test.note", "round:3")
    won = at_once(*[partial(claim, job.pk, worker=f"w{n}", at=timezone.now()) for n in range(8)])
    assert sorted(type(answer).__name__ for answer in won) == ["Job"] + ["NoneType"] * 7
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    assert [f"w{n}" for n, answer in enumerate(won) if answer] == [job.worker]


def test_control_reading_before_writing_gives_it_to_two(test_kinds):
    """The same race with a claim that looks first and writes after: both win, so the test above can fail."""
    job = enqueue("test.note", "round:3")
    looked = threading.Barrier(2)

    def careless(worker):
        row = Job.objects.get(pk=job.pk)
        if row.state != "queued":
            return None
        looked.wait(5)
        Job.objects.filter(pk=job.pk).update(
            state="running", worker=worker, claim="7c2f0c5e-6f0e-4f43-9b3a-0d6b8b1f2a11", heartbeat_at=timezone.now()
        )
        return worker

    assert at_once(partial(careless, "w1"), partial(careless, "w2")) == ["w1", "w2"]


def test_eight_wishes_at_once_are_one_job(test_kinds):
    jobs = at_once(*[partial(enqueue, "test.note", "round:3") for _ in range(8)])
    assert len({job.pk for job in jobs}) == 1
    assert Job.objects.count() == 1


def test_a_worker_waits_for_the_change_whose_wish_was_coalesced(test_kinds):
    """Somebody writes marks and wishes for a job that waits already. Taken before that commit, it would miss the marks."""
    job = enqueue("test.note", "round:3")
    answer = []
    worker = threading.Thread(target=lambda: (answer.append(run(job.pk)), connection.close()))
    with elsewhere() as writer:
        assert writer(lambda: enqueue("test.note", "round:3").pk) == job.pk
        worker.start()
        worker.join(0.4)
        assert (answer, test_kinds.seen) == ([], [])
    worker.join(10)
    assert answer == ["done"]
    assert test_kinds.seen == [("round:3", {}, 1)]
