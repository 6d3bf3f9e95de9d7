"""The background jobs of the judging."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import job_watchers
from competition.models import Round
from evaluations.selectors.analysis import COMPUTE
from evaluations.selectors.flags import LOOK
from evaluations.selectors.plans import SOLVE, may_watch
from evaluations.selectors.trials import TRY
from evaluations.services.analysis import compute_analyses
from evaluations.services.flags import look_for_outliers
from evaluations.services.plans import compute_seats
from evaluations.services.scoreboards import REFRESH
from evaluations.services.standings import refresh_standings
from evaluations.services.stored_trials import compute_trial
from evaluations.services.telling import remind_evaluators
from jobs.registry import register


def refresh(ctx):
    refresh_standings(Round.objects.select_related("competition").get(pk=ctx.key), at=timezone.now())


def analyse(ctx):
    round = Round.objects.select_related("competition").get(pk=ctx.key)
    again = bool(ctx.params.get("again"))
    compute_analyses(round, again=again, requested_by=ctx.requested_by, progress=ctx.progress, at=timezone.now())


def solve(ctx):
    round = Round.objects.select_related("competition").get(pk=ctx.key)
    user = ctx.requested_by.removeprefix("user:")
    compute_seats(
        round,
        ask=ctx.params["ask"],
        version=ctx.params["version"],
        asked_by=int(user) if user.isdecimal() else None,
        at=timezone.now(),
        progress=ctx.progress,
    )


@shared_task(name="evaluations.remind")
def remind() -> None:
    """Idempotent: each reminder is written once."""
    remind_evaluators(at=timezone.now())


job_watchers.register("plan", may_watch)


def look(ctx):
    round = Round.objects.select_related("competition").get(pk=ctx.key)
    due_at = datetime.fromisoformat(ctx.params["due_at"])
    look_for_outliers(round, job=ctx.job_id, due_at=due_at, requested_by=ctx.requested_by, at=timezone.now())


def try_stored(ctx):
    compute_trial(int(ctx.key), at=timezone.now(), progress=ctx.progress)


register(LOOK, look, queue="scores", label=_("Search for outliers"))
register(COMPUTE, analyse, queue="scores", label=_("Analysis"))
register(SOLVE, solve, queue="scores", label=_("Assignment of evaluators"))
register(TRY, try_stored, queue="scores", label=_("Dry run of a scheme"))
register(REFRESH, refresh, queue="scores", label=_("Standings"))
