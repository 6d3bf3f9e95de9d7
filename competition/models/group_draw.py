from django.conf import settings
from django.db import models


class GroupDraw(models.Model):
    """One draw of a round's groups, never changed; the highest number counts. With the round's seed it can be drawn again by anybody.

    `content` has [entry id, track code, region code, group] of each entry, by id; `digest` is its SHA-256. What was moved by hand
    afterwards stands in the ledger."""

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="group_draws")
    number = models.PositiveIntegerField()
    grouping = models.JSONField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="group_draw_number_once")]
