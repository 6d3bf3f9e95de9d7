from django.conf import settings
from django.db import models
from django.db.models import Q


class SchemeTrial(models.Model):
    """A dry run of a scheme on the snapshot of a finished round, too large to wait for: asked for once, computed by a job.

    `definition` and `dimensions` are what stood in the editor of `round`, `digest` is of the two; `result` is
    `evaluations.domain.trial.Trial` as JSON, `refused` why there is none.
    """

    round = models.ForeignKey("competition.Round", on_delete=models.CASCADE, related_name="scheme_trials")
    standings = models.ForeignKey("competition.Standings", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    definition = models.JSONField()
    dimensions = models.JSONField()
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    result = models.JSONField(null=True)
    refused = models.JSONField(default=list)
    computed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "standings", "asked_by", "digest"], name="trial_once"),
            models.CheckConstraint(condition=Q(result__isnull=True) | Q(computed_at__isnull=False), name="trial_result_when_computed"),
        ]
