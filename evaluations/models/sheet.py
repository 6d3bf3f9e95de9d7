from django.db import models
from django.db.models import Q

from evaluations.domain.states import SHEET


class Sheet(models.Model):
    """One evaluator's marks for one entry, bound to the revision that was judged. Without a rubric it is a ballot of a jury.

    ``edit_version`` guards drafts against two tabs, ``save_key`` the newest save against being taken twice;
    ``scores_version`` is the scoreboard's when its marks last counted.
    """

    assignment = models.OneToOneField("evaluations.Assignment", on_delete=models.PROTECT, related_name="sheet")
    revision = models.ForeignKey("competition.Revision", on_delete=models.PROTECT, related_name="sheets")
    rubric = models.ForeignKey("evaluations.Rubric", null=True, blank=True, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=12, default=SHEET.initial)
    edit_version = models.PositiveIntegerField(default=0)
    save_key = models.CharField(max_length=64, blank=True)
    comment = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    scores_version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=SHEET.states), name="sheet_state_known")]


class Mark(models.Model):
    """``value`` in hundredths; a missing mark has no row, an abstention has no value."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey("evaluations.Criterion", on_delete=models.PROTECT, related_name="marks")
    value = models.IntegerField(null=True, blank=True)
    abstained = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True, abstained=True) | Q(value__isnull=False, abstained=False), name="mark_or_abstention"
            ),
        ]


class SheetVersion(models.Model):
    """A sheet as it was submitted, immutable. ``marks`` maps criterion code to hundredths or "abstain", of a ballot "vote" to its
    answer."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    marks = models.JSONField()
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    return_reason = models.TextField(blank=True)
    idempotency_key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="sheet_version_once")]
