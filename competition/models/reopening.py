from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Reopening(models.Model):
    """One person asks, with a reason, that a closed round be judged again; another approves or declines."""

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="reopenings")
    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(null=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["round"], condition=Q(approved__isnull=True), name="reopening_one_open"),
            models.CheckConstraint(condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("requested_by")), name="reopening_two_people"),
        ]
