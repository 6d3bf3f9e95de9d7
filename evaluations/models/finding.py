from django.conf import settings
from django.db import models
from django.db.models import Q


class Finding(models.Model):
    """What the organiser found for one entry in a criterion that is given once: points of a bonus or, of a veto, 100 passed and 0 failed
    (``value`` in hundredths). Never edited: another one replaces it, and the ended ones stay.

    ``together``: passed with all others that nobody had looked at. ``scores_version`` is the scoreboard's when it last changed.
    """

    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="findings")
    criterion = models.ForeignKey("evaluations.Criterion", on_delete=models.PROTECT, related_name="findings")
    value = models.IntegerField()
    reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    together = models.BooleanField(default=False)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    scores_version = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "criterion"], condition=Q(ended_at__isnull=True), name="finding_one_holds"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="finding_ended_by_somebody",
            ),
        ]
