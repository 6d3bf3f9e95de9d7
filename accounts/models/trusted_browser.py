"""A browser in which somebody need not show the second factor for a while."""

from django.conf import settings
from django.db import models


class TrustedBrowser(models.Model):
    """Its cookie has a secret, the row the digest of it. ``mark`` is Django's of the password: with a new one it is over, as with
    signing out everywhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trusted_browsers")
    digest = models.CharField(max_length=64, unique=True)
    mark = models.CharField(max_length=128)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return str(self.pk)
