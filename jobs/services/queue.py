"""Putting a job into its queue."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jobs import registry
from jobs.models import Effect, Job
from jobs.services import hint


@transaction.atomic
def enqueue(
    kind: str,
    subject: str,
    *,
    params: dict | None = None,
    requested_by: str = "system",
    at: datetime | None = None,
    run_after: datetime | None = None,
) -> Job:
    """The queued job for (kind, subject): a new one, or the one that waits already, which then carries the newest
    ``params`` and is due again. It stays locked until the caller commits: no worker can take it and miss
    what the caller is about to change. Never fails for the broker's sake."""
    spec = registry.get(kind)
    at = at or timezone.now()
    wish = {"params": params or {}, "run_after": run_after or at, "attempts": 0}
    facts = {"queue": spec.queue, "max_attempts": spec.attempts, "requested_by": requested_by, "created_at": at}
    while True:
        Job.objects.bulk_create([Job(kind=kind, subject=subject, **wish, **facts)], ignore_conflicts=True)
        job = Job.objects.select_for_update().filter(kind=kind, subject=subject, state=Job.State.QUEUED).first()
        if job is not None:
            break  # else a worker took the waiting one between the two statements
    if job.params != wish["params"] or job.attempts or job.run_after > wish["run_after"]:
        Job.objects.filter(pk=job.pk).update(**wish)
        Effect.objects.filter(pk=job.pk).delete()  # asked for anew, it is sent anew
        for name, value in wish.items():
            setattr(job, name, value)
    if job.run_after <= at:
        transaction.on_commit(lambda: hint.send(job.pk, kind, job.queue))
    return job
