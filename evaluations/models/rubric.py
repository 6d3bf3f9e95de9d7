from django.db import models
from django.db.models import Q

from competition.models.names import Named


class Rubric(models.Model):
    """What is judged in one round; a change makes the next version until publishing freezes it."""

    round = models.ForeignKey("competition.Round", on_delete=models.CASCADE, related_name="rubrics")
    version = models.PositiveIntegerField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="rubric_version_once")]


class Dimension(Named, models.Model):
    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="dimensions")
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["rubric", "code"], name="dimension_code_once")]


class Criterion(Named, models.Model):
    """``weight`` in ten-thousandths; ``least`` (of a bonus), ``maximum`` and ``step`` in hundredths of a mark. A veto is marked 1
    (passed) or 0. Bonus and veto have no weight; ``given_by`` says who gives them: the organiser once, or the panel on its sheets.

    ``function`` is the metric's scoring function and ``reverse`` turns its points round;
    ``data_item`` the item of the form's data table that it reads or
    that is shown beside the mark.
    """

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="criteria")
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    guidance_zh = models.TextField(blank=True)
    guidance_en = models.TextField(blank=True)
    kind = models.CharField(max_length=8)
    weight = models.PositiveIntegerField(null=True, blank=True)
    least = models.IntegerField(null=True, blank=True)
    maximum = models.PositiveIntegerField(default=10000)
    step = models.PositiveIntegerField(default=100)
    missing = models.CharField(max_length=8, default="required")
    function = models.JSONField(null=True, blank=True)
    reverse = models.BooleanField(default=False)
    data_item = models.CharField(max_length=40, blank=True)
    given_by = models.CharField(max_length=10, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["dimension__order", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="criterion_code_once"),
            models.CheckConstraint(condition=Q(kind__in=["expert", "mixed", "metric", "bonus", "veto"]), name="criterion_kind_known"),
            models.CheckConstraint(condition=Q(missing__in=["required", "exclude", "zero"]), name="criterion_missing_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["expert", "mixed", "metric"], weight__isnull=False, given_by="")
                | Q(kind__in=["bonus", "veto"], weight__isnull=True, given_by__in=["organiser", "panel"]),
                name="criterion_weight_or_giver",
            ),
            models.CheckConstraint(
                condition=Q(kind="bonus", least__lte=0) | (~Q(kind="bonus") & Q(least__isnull=True)), name="criterion_least_of_bonus"
            ),
        ]

    @property
    def on_sheet(self) -> bool:
        """Whether evaluators mark it."""
        return self.kind in ("expert", "mixed") or self.given_by == "panel"


class Scheme(models.Model):
    """``definition``: panel, rounding, thresholds, ties, order, scale. The criteria come from the rubric."""

    round = models.ForeignKey("competition.Round", on_delete=models.CASCADE, related_name="schemes")
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="scheme_version_once")]
