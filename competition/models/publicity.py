from django.conf import settings
from django.db import models
from django.db.models import F, Q

from competition.domain.states import NOTICE, OBJECTION


class Notice(models.Model):
    """The publicity of one released proposal; both days count. Whether it runs is derived from the clock."""

    proposal = models.OneToOneField("competition.Proposal", on_delete=models.PROTECT, related_name="notice")
    number = models.CharField(max_length=40, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12, default=NOTICE.initial)
    basis = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NOTICE.states), name="notice_state_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="notice_period"),
        ]


class Objection(models.Model):
    """Suspends the award of one entry while open."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="objections")
    number = models.CharField(max_length=24, unique=True)
    objector_kind = models.CharField(max_length=14)
    objector = models.CharField(max_length=120)
    contact = models.CharField(max_length=200)
    text = models.TextField()
    received_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=OBJECTION.initial)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["received_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OBJECTION.states), name="objection_state_known"),
            models.CheckConstraint(condition=Q(objector_kind__in=["person", "organisation"]), name="objector_kind_known"),
        ]
