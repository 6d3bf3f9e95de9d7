"""The background jobs of the judging."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competition.models import Round
from evaluations.selectors.analysis import COMPUTE
from evaluations.services.analysis import compute_analyses
from evaluations.services.scoreboards import REFRESH
from evaluations.services.standings import refresh_standings
from jobs.registry import register


def refresh(ctx):
    refresh_standings(Round.objects.select_related("competition").get(pk=ctx.key), at=timezone.now())


def analyse(ctx):
    round = Round.objects.select_related("competition").get(pk=ctx.key)
    again = bool(ctx.params.get("again"))
    compute_analyses(round, again=again, requested_by=ctx.requested_by, progress=ctx.progress, at=timezone.now())


register(COMPUTE, analyse, queue="scores", label=_("Analysis"))
register(REFRESH, refresh, queue="scores", label=_("Standings"))
