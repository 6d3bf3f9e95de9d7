from django.conf import settings
from django.db import models
from django.db.models import Q


class Conflict(models.Model):
    """A person bound to a cluster by something that was declared. Those that follow from employer or region are
    derived, not stored (competition.selectors.conflicts)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    cluster = models.ForeignKey("competition.Cluster", on_delete=models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=14)
    note = models.TextField(blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "cluster", "kind"], condition=Q(ended_at__isnull=True), name="conflict_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["adviser", "shareholding", "family", "member", "employment", "other"]), name="conflict_kind_known"
            ),
        ]
