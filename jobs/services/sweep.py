"""Finding what died or was never delivered."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from jobs.models import Job, Pulse
from jobs.services import hint
from jobs.services.run import release

logger = logging.getLogger(__name__)
HINTS_PER_QUEUE = 100


@dataclass(frozen=True)
class Swept:
    """``revived`` were given up for dead and taken from their worker; ``hinted`` waited and were announced again."""

    revived: int
    hinted: int


def sweep(*, at: datetime) -> Swept:
    """Take jobs whose heartbeat is older than the lease from their worker, and announce again what is due and waits.
    Two sweepers at once do no harm: each row changes hands by compare-and-swap.

    Where the clock was set back, a heartbeat lies in the future, and so does the moment for which a job was put off: the first counts
    as old (a worker that lives writes a new one, or finds its claim gone and the job done again), the second as come."""
    lease = timedelta(seconds=settings.JOBS_LEASE_SECONDS)
    dead = Job.objects.filter(Q(heartbeat_at__lt=at - lease) | Q(heartbeat_at__gt=at + lease), state=Job.State.RUNNING)
    Job.objects.filter(
        Q(created_at__gt=at + lease) | Q(started_at__gt=at + lease), state=Job.State.QUEUED, run_after__gt=at + lease
    ).update(run_after=at)
    revived = 0
    for job in dead.order_by("id")[:1000]:
        state = release(job, at=at, error_code="job.worker_lost", stale=job.heartbeat_at)
        if state:
            revived += 1
            logger.warning("Job %s (%s): its worker %s is lost; now %s.", job.pk, job.kind, job.worker, state)
    # Just queued ones have their own hint under way.
    due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=at - timedelta(seconds=settings.JOBS_GRACE_SECONDS))
    hinted = 0
    for queue in list(due.order_by().values_list("queue", flat=True).distinct()):
        for pk, kind in due.filter(queue=queue).order_by("run_after", "id").values_list("pk", "kind")[:HINTS_PER_QUEUE]:
            hinted += hint.send(pk, kind, queue)
    pulse("sweeper", at=at)
    return Swept(revived, hinted)


def pulse(name: str, *, at: datetime) -> None:
    """``name`` was alive at ``at``."""
    Pulse.objects.update_or_create(name=name[:200], defaults={"at": at})


def prune(*, at: datetime) -> int:
    """Forget jobs that ended well or were cancelled longer ago than settings say, and silent workers. Failed ones stay."""
    edge = at - timedelta(days=settings.JOBS_KEPT_DAYS)
    Pulse.objects.filter(at__lt=edge).delete()
    return Job.objects.filter(state__in=[Job.State.DONE, Job.State.CANCELLED], finished_at__lt=edge).delete()[0]
