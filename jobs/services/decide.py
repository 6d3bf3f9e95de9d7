"""What a person decides about a job."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jobs.models import Job
from jobs.services import hint
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def cancel(job: Job, *, actor: str, at: datetime) -> Job:
    """A queued job ends at once; a running one at its next progress, and stays ``running`` until then."""
    rows = Job.objects.filter(pk=job.pk)
    over = {"state": Job.State.CANCELLED, "finished_at": at, "error_code": "job.cancelled", "cancel_requested_at": at}
    if rows.filter(state=Job.State.QUEUED).update(**over):
        before = Job.State.QUEUED
    elif rows.filter(state=Job.State.RUNNING, cancel_requested_at=None).update(cancel_requested_at=at):
        before = Job.State.RUNNING
    else:
        raise Refused(Reason("job.not_cancellable", {}))
    job.refresh_from_db()
    record(
        actor=actor,
        action="job.cancel",
        subject=f"job:{job.pk}",
        before={"state": str(before)},
        after={"state": job.state, "kind": job.kind, "subject": job.subject},
        at=at,
    )
    return job


@transaction.atomic
def retry(job: Job, *, actor: str, at: datetime) -> Job:
    """A failed or cancelled job is queued again, with all its attempts."""
    ended = (Job.State.FAILED, Job.State.CANCELLED)
    before = job.state
    changes = {"state": Job.State.QUEUED, "attempts": 0, "run_after": at, "cancel_requested_at": None, "finished_at": None}
    changes |= {"started_at": None, "heartbeat_at": None, "claim": None, "worker": "", "progress_done": 0, "progress_total": 0}
    try:
        with transaction.atomic():
            if not Job.objects.filter(pk=job.pk, state__in=ended).update(**changes):
                raise Refused(Reason("job.not_retryable", {}))
    except IntegrityError:
        raise Refused(Reason("job.already_queued", {})) from None
    job.refresh_from_db()
    record(
        actor=actor,
        action="job.retry",
        subject=f"job:{job.pk}",
        before={"state": str(before)},
        after={"state": job.state, "kind": job.kind, "subject": job.subject},
        at=at,
    )
    transaction.on_commit(lambda: hint.send(job.pk, job.kind, job.queue))
    return job
