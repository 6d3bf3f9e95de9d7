from django.conf import settings
from django.db import models


class AssignmentPlan(models.Model):
    """How a round's evaluators are to be assigned, as `evaluations.domain.assignment_plan` reads it; `version` guards against
    two tabs."""

    round = models.OneToOneField("competition.Round", on_delete=models.PROTECT, related_name="assignment_plan")
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    saved_at = models.DateTimeField()


class AssignmentRun(models.Model):
    """One computation of a round's seats under one version of the plan, never changed. `ask` names the request: done once.

    `input_digest` is of the whole problem that was solved. Where there is an assignment: `total_fit` and `worst_fit` (text of a
    whole number), `worst_entry`, `loads` (evaluator id → entries), `kept` seats that stood, `added` and `removed` proposed
    ones as [entry id, evaluator id]; else `shortage` holds the reasons with their ids.
    """

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="assignment_runs")
    ask = models.CharField(max_length=64, unique=True)
    solved = models.BooleanField()
    plan_version = models.PositiveIntegerField()
    plan_digest = models.CharField(max_length=64)
    plan = models.JSONField()
    seed = models.CharField(max_length=60)
    input_digest = models.CharField(max_length=64)
    total_fit = models.CharField(max_length=20, blank=True)
    worst_fit = models.CharField(max_length=20, blank=True)
    worst_entry = models.ForeignKey("competition.Entry", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    loads = models.JSONField(default=dict)
    seats = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    added = models.JSONField(default=list)
    removed = models.JSONField(default=list)
    shortage = models.JSONField(default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["round", "-at"])]
