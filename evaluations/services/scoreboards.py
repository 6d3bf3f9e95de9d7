"""Counting changes of marks: one number per round, and a queued computation."""

from django.db.models import F

from evaluations.models import Scoreboard, Sheet
from jobs.services import enqueue

REFRESH = "standings.refresh"


def count_change(round, *sheets: Sheet, requested_by: str = "system") -> int:
    """In the caller's transaction: the round's `scores_version` grows by one, the sheets carry it, and one computation is
    queued (at most one waits). The row lock on the scoreboard makes changes of one round stand in line."""
    Scoreboard.objects.get_or_create(round=round)
    Scoreboard.objects.filter(round=round).update(scores_version=F("scores_version") + 1)
    version = Scoreboard.objects.values_list("scores_version", flat=True).get(round=round)
    if sheets:
        Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(scores_version=version)
    enqueue(REFRESH, f"round:{round.pk}", requested_by=requested_by)
    return version
