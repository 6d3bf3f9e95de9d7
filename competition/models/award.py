from django.db import models
from django.db.models import Q

from competition.domain.states import AWARD


class Award(models.Model):
    """A title given for an entry. ``number`` and ``verify_code`` are random, so that they tell nothing before."""

    TITLES = ("cluster", "organisation", "core_park")

    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="awards")
    title = models.CharField(max_length=14)
    holder_zh = models.CharField(max_length=160)
    holder_en = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=40, unique=True)
    verify_code = models.CharField(max_length=32, unique=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default=AWARD.initial)
    revoke_reason = models.TextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "title"], name="award_once_per_title"),
            models.CheckConstraint(condition=Q(state__in=AWARD.states), name="award_state_known"),
            models.CheckConstraint(condition=Q(title__in=["cluster", "organisation", "core_park"]), name="award_title_known"),
        ]
