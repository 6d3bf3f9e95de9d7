from django.conf import settings
from django.db import models


class SignedIn(models.Model):
    """A session of a person, so that they can tell theirs apart. ``session_key`` is its name in Django's table; ``seen_at`` is exact to
    five minutes. Gone once the session is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
