"""Doing a job: claim, handler, outcome."""

import errno
import logging
import os
import socket
import uuid
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from jobs import registry
from jobs.domain.backoff import rest
from jobs.models import Job
from jobs.services.pacemaker import Pacemaker
from ledger.domain.reason import Refused
from ledger.domain.request_id import request_id

logger = logging.getLogger(__name__)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def claim(job_id: int, *, worker: str, at: datetime) -> Job | None:
    """The job, now ours; None where it is not due, taken, or over. One statement decides: of two workers one wins."""
    token = uuid.uuid4()
    won = Job.objects.filter(pk=job_id, state=Job.State.QUEUED, run_after__lte=at).update(
        state=Job.State.RUNNING,
        claim=token,
        worker=worker,
        attempts=F("attempts") + 1,
        heartbeat_at=at,
        started_at=at,
        finished_at=None,
        progress_done=0,
        progress_total=0,
    )
    return Job.objects.get(pk=job_id) if won else None


def release(
    job: Job,
    *,
    at: datetime,
    error_code: str,
    error_type: str = "",
    otherwise: str = Job.State.QUEUED,
    stale: datetime | None = None,
    progress: dict | None = None,
) -> str:
    """Give a running job back unfinished: ``otherwise`` (queued for another attempt, while it has one, else failed) unless it
    was being cancelled. Writes only under the claim that ``job`` carries, and where ``stale`` is given only while
    its heartbeat is still that one. Answers with the new state, or "" where that no longer holds."""
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, claim=job.claim)
    if stale is not None:
        mine = mine.filter(heartbeat_at=stale)
    facts = {"claim": None, "error_code": error_code, "error_type": error_type[:200], **(progress or {})}
    over = {**facts, "finished_at": at}
    if mine.filter(cancel_requested_at__isnull=False).update(state=Job.State.CANCELLED, **over):
        return Job.State.CANCELLED
    if otherwise == Job.State.QUEUED and job.attempts >= job.max_attempts:
        otherwise = Job.State.FAILED
    if otherwise != Job.State.QUEUED:
        return otherwise if mine.update(state=otherwise, **over) else ""
    # A job whose worker died is not to blame, and has waited for a lease already.
    due = at if stale is not None else at + rest(job.attempts)
    try:
        with transaction.atomic():
            queued = mine.update(state=Job.State.QUEUED, run_after=due, heartbeat_at=None, **facts)
        return Job.State.QUEUED if queued else ""
    except IntegrityError:  # a newer one for the same subject waits already and will do this work
        return Job.State.CANCELLED if mine.update(state=Job.State.CANCELLED, **{**over, "error_code": "job.superseded"}) else ""


def give_up(job: Job, error: Exception, spec: registry.Kind, progress: dict) -> str:
    """Write down how a handler failed, in the row and in the log."""
    failed = {"at": timezone.now(), "progress": progress}
    if isinstance(error, registry.Cancelled):
        return release(job, **failed, error_code="job.cancelled", otherwise=Job.State.CANCELLED)
    if isinstance(error, Refused):
        logger.warning("Job %s (%s) refused: %s.", job.pk, job.kind, error.reasons[0].code)
        return release(job, **failed, error_code=error.reasons[0].code, error_type="Refused", otherwise=Job.State.FAILED)
    if isinstance(error, OSError) and error.errno in FULL:
        logger.error("Job %s (%s), attempt %s of %s: no room left on the disk.", job.pk, job.kind, job.attempts, job.max_attempts)
        return release(job, **failed, error_type=type(error).__qualname__, error_code="job.disk_full")
    failed["error_type"] = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, spec.retry_on):
        logger.warning("Job %s (%s), attempt %s of %s: %s.", job.pk, job.kind, job.attempts, job.max_attempts, type(error).__name__)
        return release(job, **failed, error_code="job.expected_fault")
    logger.error("Job %s (%s), attempt %s of %s failed.", job.pk, job.kind, job.attempts, job.max_attempts, exc_info=error)
    return release(job, **failed, error_code="job.timeout" if isinstance(error, SoftTimeLimitExceeded) else "job.fault")


def run(job_id: int, *, worker: str | None = None, raising: bool = False) -> str:
    """Do this job here and now. Answers with the state it leaves the job in, or "" where the job was not ours to do.
    ``raising`` passes the handler's exception on after it was recorded."""
    job = claim(job_id, worker=worker or f"{socket.gethostname()}:{os.getpid()}", at=timezone.now())
    if job is None:
        return ""
    try:
        spec = registry.get(job.kind)
    except registry.UnknownKind:
        logger.error("Job %s: nobody handles the kind %s.", job.pk, job.kind)
        return release(job, at=timezone.now(), error_code="job.unknown_kind", otherwise=Job.State.FAILED)
    token = request_id.set(f"job-{job.pk}-{job.attempts}")
    pacemaker = Pacemaker(job.pk, job.claim, time_limit=spec.time_limit)
    context = registry.Context(job.pk, job.kind, job.subject, job.params, job.requested_by, job.attempts, pacemaker.report)
    try:
        # Inside a caller's transaction a savepoint keeps it usable when the handler fails in the database.
        with pacemaker, transaction.atomic() if connection.in_atomic_block else nullcontext():
            spec.handler(context)
    except Exception as error:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()  # a database that came back is told on a new connection
        state = give_up(job, error, spec, pacemaker.progress)
        if raising and not isinstance(error, registry.Cancelled):
            raise
        return state
    finally:
        request_id.reset(token)
    over = {"claim": None, "finished_at": timezone.now(), "cancel_requested_at": None, "error_code": "", "error_type": ""}
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, claim=job.claim)
    return Job.State.DONE if mine.update(state=Job.State.DONE, **over, **pacemaker.progress) else ""


def run_queued(kinds: Iterable[str] | None = None, *, raising: bool = True) -> list[Job]:
    """Do all that is due, oldest first, and what that queues in turn, until nothing is due. Answers with the jobs tried."""
    tried: list[int] = []
    while True:
        due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=timezone.now()).order_by("id")
        if kinds is not None:
            due = due.filter(kind__in=list(kinds))
        ids = list(due.values_list("pk", flat=True)[:100])
        if not ids:
            return list(Job.objects.filter(pk__in=tried).order_by("id"))
        for job_id in ids:
            tried.append(job_id)
            run(job_id, raising=raising)
