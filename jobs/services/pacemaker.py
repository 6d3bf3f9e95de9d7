"""The sign of life of a running job, its progress, and the ear for a cancellation."""

import logging
import threading
import time
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from jobs.models import Job
from jobs.registry import Cancelled

logger = logging.getLogger(__name__)
OVERTIME_SECONDS = 30  # between the soft time limit, which raises in the handler, and the hard one, which kills its process


class Pacemaker:
    """Writes from a thread of its own, hence on a connection of its own: the handler may sit in one long transaction
    and its progress is seen all the same. Inside a caller's transaction (tests, a command) it writes in line instead,
    since a second connection could not see the row, and on SQLite would wait for ever.

    A failed write (SQLite locked by the handler's own transaction) is tried again at the next tick: the sweeper needs
    the same lock, so it cannot give the job up for dead meanwhile; the lease is several heartbeats long.
    """

    def __init__(self, job_id: int, claim: UUID, *, time_limit: int):
        self.job_id = job_id
        self.claim = claim
        self.inline = connection.in_atomic_block
        self.done = self.total = 0
        self._written = self.progress
        self._beaten = self._born = time.monotonic()
        self._time_limit = time_limit
        self._cancelled = False
        self._stop = threading.Event()
        self._thread = None

    def __enter__(self):
        if not self.inline:
            self._thread = threading.Thread(target=self._keep, name=f"job-{self.job_id}", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *exc):
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def progress(self) -> dict[str, int]:
        return {"progress_done": self.done, "progress_total": self.total}

    def report(self, done: int, total: int) -> None:
        self.done, self.total = max(0, int(done)), max(0, int(total))
        if self.inline:
            self._beat()
        if self._cancelled:
            raise Cancelled

    def _keep(self) -> None:
        try:
            # Past its time limit the handler hangs: no more signs of life, so that the sweeper can pass the job on.
            while not self._stop.wait(settings.JOBS_TICK_SECONDS) and time.monotonic() - self._born < self._time_limit + OVERTIME_SECONDS:
                try:
                    self._beat()
                except (DatabaseError, InterfaceError) as error:
                    logger.info("Heartbeat of job %s not written (%s); trying again.", self.job_id, type(error).__name__)
                    connection.close()
        finally:
            connection.close()

    def _beat(self) -> None:
        mine = Job.objects.filter(pk=self.job_id, state=Job.State.RUNNING, claim=self.claim)
        now, progress = time.monotonic(), self.progress
        if progress != self._written or now - self._beaten >= settings.JOBS_HEARTBEAT_SECONDS:
            mine.update(heartbeat_at=timezone.now(), **progress)
            self._written, self._beaten = progress, now
        # No row: another worker holds it by now, which ends this run as a cancellation does.
        row = mine.values("cancel_requested_at").first()
        self._cancelled = row is None or row["cancel_requested_at"] is not None
