import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Webhook(models.Model):
    """An address of another system that is told of events of one competition. Its secret follows from ``salt`` and the
    installation's key; the one before holds for a day. ``off_at`` is set by itself after long failure, ``ended_at`` by a person."""

    competition = models.ForeignKey("competition.Competition", on_delete=models.PROTECT, related_name="webhooks")
    address = models.CharField(max_length=500)
    events = models.JSONField()
    salt = models.CharField(max_length=32)
    salt_before = models.CharField(max_length=32, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    off_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]


class Delivery(models.Model):
    """One event for one address, with the body as it is signed. ``status`` is the last HTTP answer, ``fault`` why there was none."""

    OUTCOMES = ("waiting", "delivered", "failed")

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    event = models.CharField(max_length=40)
    body = models.TextField()
    outcome = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["webhook", "-id"])]
        constraints = [models.CheckConstraint(condition=Q(outcome__in=["waiting", "delivered", "failed"]), name="delivery_outcome_known")]
