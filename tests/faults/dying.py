"""A worker that is killed by the machine just before it writes for the n-th time: a fork of this process, ended by SIGKILL."""

import os
import signal
import traceback
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from evaluations.models import Analysis
from jobs.models import Effect, Job
from jobs.services import run, sweep
from ledger.models import Record

WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")
MOST = 80


class Dies:
    """For `connection.execute_wrapper`; the savepoints and reads between count for nothing."""

    def __init__(self, at_write: int):
        self.left = at_write

    def __call__(self, execute, sql, params, many, context):
        self.meet(sql)
        return execute(sql, params, many, context)

    def meet(self, sql: str) -> None:
        if sql.lstrip().upper().startswith(WRITES):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch_copying(self) -> None:
        """COPY goes past Django's wrappers. For good: this process does nothing else."""
        whole = psycopg.Cursor.copy

        def copy(cursor, statement, *args, **more):
            self.meet(statement)
            return whole(cursor, statement, *args, **more)

        psycopg.Cursor.copy = copy


def dies(act, at_write: int) -> bool:
    """Does `act` in a process that dies before its `at_write`-th write; whether it came so far."""
    connections.close_all()  # two processes on one connection would be a fault of this test
    child = os.fork()
    if child == 0:
        # Beside a browser's event loop Django keeps connections elsewhere than in a process without one, as the child is: what it finds
        # is the parent's, open since before. Kept, or its end would end the parent's.
        inherited = [(one, one.connection) for one in connections.all(initialized_only=True)]
        for one, _open in inherited:
            one.connection = None
        status = 3
        try:
            guard = Dies(at_write)
            guard.watch_copying()
            with connection.execute_wrapper(guard):
                act()
            status = 0
        except BaseException:  # what a forked process raises would be lost
            traceback.print_exc()
        finally:
            connections.close_all()
            os._exit(status)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"the act failed by itself: {status}"
    return os.WIFSIGNALED(status)


def killed_at_every_write(job: Job) -> int:
    """Runs the job in workers that die before their first write, their second, and so on, each given up for dead by the sweeper, until
    one comes through. Where a worker that died had got something done, the next one dies at the same write, so that none of what
    is left is passed over. Returns how many died."""
    number, deaths, done = 1, 0, _committed()
    while dies(lambda: run(job.pk), number):
        deaths += 1
        assert deaths < MOST, f"still not done after {MOST} deaths"
        later = timezone.now() + timedelta(seconds=settings.JOBS_LEASE_SECONDS + 1)
        assert sweep(at=later).revived == (number > 1)  # the first write is the claim itself
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now(), attempts=0)
        number, done = (number, now) if (now := _committed()) != done else (number + 1, done)
    job.refresh_from_db()
    assert job.state == "done", (job.state, job.error_code, job.error_type)
    return deaths


def _committed() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Record, Job, Effect, Analysis))
