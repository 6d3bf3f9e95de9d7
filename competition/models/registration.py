from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.domain.states import REGISTRATION


class Registration(models.Model):
    """How an organisation gets in: one person claims it and its cluster, one person confirms. Until then the organisation is
    not ``confirmed`` and may draft, not submit. ``credit_code`` stays here when a refusal frees it for others."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrations")
    organisation = models.OneToOneField("competition.Organisation", on_delete=models.PROTECT, related_name="registration")
    cluster = models.ForeignKey("competition.Cluster", on_delete=models.PROTECT, related_name="registrations")
    new_cluster = models.BooleanField(help_text="entered with the registration, not chosen from the list")
    credit_code = models.CharField(max_length=18)
    state = models.CharField(max_length=10, default=REGISTRATION.initial)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(REGISTRATION.states)), name="registration_state_known"),
            models.UniqueConstraint(fields=["user"], condition=Q(state="pending"), name="registration_one_pending"),
            models.UniqueConstraint(fields=["cluster"], condition=Q(state="pending"), name="registration_cluster_once"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=models.F("user")), name="registration_two_people"),
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="registration_queue")]

    def __str__(self):
        return f"{self.pk} {self.state}"
