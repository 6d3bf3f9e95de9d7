"""The background jobs of the judging."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competition.models import Round
from evaluations.services.scoreboards import REFRESH
from evaluations.services.standings import refresh_standings
from jobs.registry import register


def refresh(ctx):
    refresh_standings(Round.objects.select_related("competition").get(pk=ctx.key), at=timezone.now())


register(REFRESH, refresh, queue="scores", label=_("Standings"))
