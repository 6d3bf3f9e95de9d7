"""An open door for one person, for a while."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.domain.roles import ROLES
from accounts.labels import ROLE_LABELS


def new_nonce() -> str:
    return secrets.token_hex(16)


class Invitation(models.Model):
    """A role offered to an e-mail address. The one-time link is not stored, not even in a job: it is derived from `nonce` with
    the installation's secret, so a copy of the database opens no door, and a new nonce voids the old link."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name_zh = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    role = models.CharField(max_length=20)
    scope = models.CharField(max_length=80)
    nonce = models.CharField(max_length=32)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations", null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "role", "scope", condition=Q(used_at=None, cancelled_at=None), name="invitation_open_once"
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="invitation_role_known"),
            models.CheckConstraint(condition=Q(language__in=["zh-hans", "en"]), name="invitation_language_known"),
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False), name="invitation_used_by_whom"
            ),
            models.CheckConstraint(condition=Q(used_at=None) | Q(cancelled_at=None), name="invitation_used_or_cancelled"),
        ]
        indexes = [models.Index(fields=["scope", "role"], name="invitation_scope_role")]

    def __str__(self):
        return f"{self.pk} {self.role} {self.scope}"

    @property
    def role_label(self):
        return ROLE_LABELS[self.role]

    def display_name(self, language: str | None = None) -> str:
        first, second = (self.name_en, self.name_zh) if (language or self.language) == "en" else (self.name_zh, self.name_en)
        return first or second or self.email

    def state(self, at) -> str:
        """`used`, `cancelled`, `expired` or `open`."""
        if self.used_at:
            return "used"
        if self.cancelled_at:
            return "cancelled"
        return "expired" if at >= self.expires_at else "open"
