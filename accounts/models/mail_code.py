"""A code by mail that stands in for the second factor of one sign-in."""

from django.conf import settings
from django.db import models


class MailCode(models.Model):
    """Made once the password was right; its key stands in the session that asked, so that it is worth nothing elsewhere. The code
    is derived from `nonce` with the installation's secret, as a one-time link: no row and no job has it."""

    MOST_TRIES = 5

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_codes")
    nonce = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="mail_code_made")]

    def __str__(self):
        return str(self.pk)
