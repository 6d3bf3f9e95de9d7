"""The operator's page of background jobs, and the progress of one job for whoever waits for it."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from accounts import permissions
from accounts.job_faults import fault_words
from accounts.models import User
from jobs import selectors, services
from jobs.models import Job

PAGE = 50
PILLS = {"queued": "", "running": "in", "done": "out", "failed": "err", "cancelled": "out"}
OPEN = [Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED]


def failed_jobs(user, _competition):
    """What the menu counts: what waits for an operator."""
    return selectors.jobs(states=[Job.State.FAILED]) if permissions.can(user, "job.list") else None


@require_GET
def job_list(request):
    """What is queued, running and failed; asked for again every few seconds by its own table."""
    require(request.user, "job.list")
    at = timezone.now()
    counts = selectors.counts()
    state = request.GET.get("state", "")
    states = [state] if state in counts else ([*counts] if state == "all" else OPEN)
    page = Paginator(selectors.jobs(states=states), PAGE).get_page(request.GET.get("page"))
    rows = with_words(list(page.object_list))
    context = {
        "page": page,
        "rows": rows,
        "stats": stats(counts, at),
        "silence": silence(at),
        "tabs": tabs(counts, state),
        "every": "3s" if counts[Job.State.QUEUED] + counts[Job.State.RUNNING] else "15s",
        "query": request.GET.urlencode(),
    }
    return render(request, "accounts/jobs_table.html" if request.htmx else "accounts/jobs.html", context)


@require_POST
def job_cancel(request, pk):
    require(request.user, "job.cancel")
    job = get_object_or_404(Job, pk=pk)
    job = services.cancel(job, actor=f"user:{request.user.pk}", at=timezone.now())
    if job.state == Job.State.CANCELLED:
        messages.success(request, _("Job %(number)d is cancelled.") % {"number": job.pk})
    else:
        messages.success(request, _("Job %(number)d will stop at its next step.") % {"number": job.pk})
    return back(request)


@require_POST
def job_retry(request, pk):
    require(request.user, "job.retry")
    job = services.retry(get_object_or_404(Job, pk=pk), actor=f"user:{request.user.pk}", at=timezone.now())
    messages.success(request, _("Job %(number)d is queued again.") % {"number": job.pk})
    return back(request)


@require_GET
def job_progress(request, pk):
    """The fragment accounts/jobs_progress.html, which asks for itself again while the job is not over. Once it is, the page
    around it is loaded anew, since what it waited for is there."""
    job = get_object_or_404(Job, pk=pk)
    if not permissions.can(request.user, "job.watch", job):
        raise Http404
    response = render(request, "accounts/jobs_progress.html", {"job": job})
    if request.htmx and job.is_over:
        response.headers["HX-Refresh"] = "true"
    return response


def require(user, action):
    """Whoever holds no role at all does not learn that there is such a page."""
    if not permissions.roles(user):
        raise Http404
    permissions.require(user, action)


def back(request):
    query = request.GET.urlencode()
    return HttpResponseRedirect(reverse("job_list") + (f"?{query}" if query else ""))


def with_words(rows: list[Job]) -> list[Job]:
    """Beside each job: its pill, why it failed, and the name of who asked for it."""
    people = User.objects.in_bulk({int(key) for kind, _colon, key in (row.requested_by.partition(":") for row in rows) if kind == "user"})
    for row in rows:
        kind, _colon, key = row.requested_by.partition(":")
        person = people.get(int(key)) if kind == "user" else None
        row.asked_by = person.display_name() if person else pgettext("who asked for a job", "the system")
        row.pill = PILLS[row.state]
        row.fault = fault_words(row)
    return rows


def stats(counts, at) -> list[dict]:
    oldest = selectors.oldest_queued_age(at=at)
    return [
        {"label": Job.State.QUEUED.label, "value": counts["queued"]},
        {"label": Job.State.RUNNING.label, "value": counts["running"]},
        {"label": Job.State.FAILED.label, "value": counts["failed"]},
        {"label": _("Longest wait"), "value": age(oldest) if oldest is not None else "—"},
    ]


def silence(at) -> list[str]:
    """What is not running and should be: sentences."""
    patience = timedelta(seconds=settings.JOBS_LEASE_SECONDS)
    said = []
    seen = list(selectors.worker_pulses().values())
    if not seen:
        said.append(_("No worker has shown itself yet. Queued jobs wait until one is started."))
    elif at - seen[0] > patience:
        said.append(_("No worker has shown itself for %(age)s. Queued jobs wait until one is started.") % {"age": age(at - seen[0])})
    swept = selectors.sweeper_age(at=at)
    if swept is None:
        said.append(_("The sweeper has not run yet; start the scheduler. What a dead worker left behind waits for it."))
    elif swept > patience:
        said.append(_("The sweeper last ran %(age)s ago; is the scheduler running?") % {"age": age(swept)})
    return said


def age(span: timedelta) -> str:
    """Two hours and more in hours, two minutes and more in minutes, else in seconds."""
    seconds = max(0, int(span.total_seconds()))
    if seconds >= 7200:
        return _("%(number)d h") % {"number": seconds // 3600}
    return _("%(number)d min") % {"number": seconds // 60} if seconds >= 120 else _("%(number)d s") % {"number": seconds}


def tabs(counts, chosen) -> list[dict]:
    address = reverse("job_list")
    waiting = sum(counts[state] for state in OPEN)
    items = [{"label": _("Open jobs"), "url": address, "current": chosen not in counts and chosen != "all", "count": waiting}]
    for state in Job.State:
        items.append({"label": state.label, "url": f"{address}?state={state}", "current": chosen == state, "count": counts[state]})
    return [*items, {"label": _("All jobs"), "url": f"{address}?state=all", "current": chosen == "all", "count": sum(counts.values())}]
