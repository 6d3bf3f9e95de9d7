from django.db import models
from django.db.models import Q

from competition.domain.states import ENTRY, OUTCOMES


class Entry(models.Model):
    """An application's place in one round. ``outcome`` is written only when the round is released; ``group`` is the number of its group
    inside its track, where the round has groups and it is in one.

    ``revision`` is the accepted one that is judged; null while the round's own intake has not accepted one.
    """

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="entries")
    application = models.ForeignKey("competition.Application", on_delete=models.PROTECT, related_name="entries")
    revision = models.ForeignKey("competition.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    track = models.ForeignKey("competition.Track", null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    group = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=14, default=ENTRY.initial)
    state_reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, null=True, blank=True)
    outcome_reason = models.JSONField(null=True, blank=True)
    outcome_note = models.TextField(blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "application"], name="entry_once_per_round"),
            models.CheckConstraint(condition=Q(state__in=ENTRY.states), name="entry_state_known"),
            models.CheckConstraint(condition=Q(outcome__isnull=True) | Q(outcome__in=OUTCOMES), name="entry_outcome_known"),
        ]
