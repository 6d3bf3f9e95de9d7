"""Reading jobs. Who may read is decided above."""

from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from jobs.models import Job, Pulse


def jobs(
    *,
    states: list[str] | None = None,
    kind: str | None = None,
    queue: str | None = None,
    subject: str | None = None,
    requested_by: str | None = None,
) -> QuerySet[Job]:
    """Newest first."""
    found = Job.objects.order_by("-id")
    if states:
        found = found.filter(state__in=states)
    exact = {"kind": kind, "queue": queue, "subject": subject, "requested_by": requested_by}
    return found.filter(**{name: value for name, value in exact.items() if value})


def latest(kind: str, subject: str) -> Job | None:
    """The newest job of this kind for this subject, in whatever state: what a page shows the progress of."""
    return Job.objects.filter(kind=kind, subject=subject).order_by("-id").first()


def counts() -> dict[str, int]:
    """Jobs by state; every state has a number."""
    found = dict(Job.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in Job.State.values}


def counts_by_queue() -> dict[str, dict[str, int]]:
    """Queue → state → number, of what is queued, running or failed."""
    answer: dict[str, dict[str, int]] = {}
    watched = [Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED]
    rows = Job.objects.filter(state__in=watched).order_by("queue").values_list("queue", "state").annotate(n=Count("pk"))
    for queue, state, number in rows:
        answer.setdefault(queue, {name.value: 0 for name in watched})[state] = number
    return answer


def oldest_queued_age(*, at: datetime) -> timedelta | None:
    """How long the job that is due for longest has been waiting; None where nothing is due."""
    since = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=at).aggregate(since=Min("run_after"))["since"]
    return None if since is None else at - since


def worker_pulses() -> dict[str, datetime]:
    """Worker name → when it last showed itself, newest first."""
    rows = Pulse.objects.filter(name__startswith="worker:").order_by("-at").values_list("name", "at")
    return {name.removeprefix("worker:"): at for name, at in rows}


def last_signs() -> tuple[datetime | None, datetime | None]:
    """When any worker and when the sweeper last showed itself; None: never. One query."""
    workers = Max("at", filter=Q(name__startswith="worker:"))
    found = Pulse.objects.aggregate(worker=workers, sweeper=Max("at", filter=Q(name="sweeper")))
    return found["worker"], found["sweeper"]


def sweeper_age(*, at: datetime) -> timedelta | None:
    """Time since the last sweep; None where there was none."""
    last = Pulse.objects.filter(name="sweeper").values_list("at", flat=True).first()
    return None if last is None else at - last
