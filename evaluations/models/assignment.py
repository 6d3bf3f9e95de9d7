from django.db import models
from django.db.models import Q

from evaluations.domain.states import ASSIGNMENT


class Assignment(models.Model):
    """One seat: this evaluator judges this entry. ``reason`` says why it was recused, replaced or waived."""

    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="assignments")
    evaluator = models.ForeignKey("evaluations.Evaluator", on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=12, default=ASSIGNMENT.initial)
    source = models.CharField(max_length=6)
    reason = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="an extension for this seat alone")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["entry_id", "evaluator_id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "evaluator"], name="assignment_once"),
            models.CheckConstraint(condition=Q(state__in=ASSIGNMENT.states), name="assignment_state_known"),
            models.CheckConstraint(condition=Q(source__in=["hand", "auto"]), name="assignment_source_known"),
        ]
