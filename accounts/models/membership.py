"""Who holds which role, and where."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.domain.roles import ROLES
from accounts.labels import ROLE_LABELS


class MembershipQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at=None)


class Membership(models.Model):
    """One role of one person in one place: `competition:3`, `region:320000`, `organisation:7`, or `*`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    scope = models.CharField(max_length=80)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "scope"], condition=Q(ended_at=None), name="membership_live_once"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(scope="*")
                | Q(scope__startswith="competition:")
                | Q(scope__startswith="region:")
                | Q(scope__startswith="organisation:"),
                name="membership_scope_known",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")), name="membership_ends_after_start"),
        ]
        indexes = [models.Index(fields=["role", "scope"], name="membership_role_scope")]

    def __str__(self):
        return f"{self.user_id} {self.role} {self.scope}"

    @property
    def role_label(self):
        return ROLE_LABELS[self.role]
