"""Somebody who wants an account and has to show that the address is theirs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class SignUp(models.Model):
    """Asked for with an address, known or not: the row is made in both cases, so that nothing about asking differs. Its
    one-time link is derived from `nonce`, as an invitation's."""

    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="zh-hans")
    nonce = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=Q(used_at=None), name="sign_up_open_once"),
            models.CheckConstraint(condition=Q(language__in=["zh-hans", "en"]), name="sign_up_language_known"),
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False), name="sign_up_used_by_whom"
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def open_at(self, at) -> bool:
        return self.used_at is None and at < self.expires_at
